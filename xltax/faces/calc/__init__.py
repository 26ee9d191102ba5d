"""The add-in for LibreOffice Calc, with its functions and menu.

`wire`, `document` and `addin` run inside LibreOffice's own Python and need nothing but it; they go into the .oxt as they
are. `engine` and `helper` are xltax's side; the two sides call each other directly or over a pipe.
"""
