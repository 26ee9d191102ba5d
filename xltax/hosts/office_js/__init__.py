"""Excel through Office.js: the Book port over a copy of the workbook that the add-in's page hands over."""
