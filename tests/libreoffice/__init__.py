"""A real LibreOffice that tests can ask."""
