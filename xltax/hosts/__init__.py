"""The programs and files that hold an open workbook: Excel, LibreOffice Calc, and a file on the disk."""
