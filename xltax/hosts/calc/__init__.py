"""LibreOffice Calc: the Book port over an open document."""
