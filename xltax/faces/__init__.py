"""Turns the declarations into what people use: the add-ins, the ribbon, the menu, new workbooks and rendered pages."""
