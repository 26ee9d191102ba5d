"""What turns the declarations into something a person meets: the add-ins, the ribbon and the menu, new books, rendered pages."""
