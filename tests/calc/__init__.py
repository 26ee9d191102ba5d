"""A real LibreOffice with the add-in in it."""
