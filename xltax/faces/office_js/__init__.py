"""The Office add-in: Excel on Windows, on the Mac and in the browser, with Python inside the add-in's own window."""
