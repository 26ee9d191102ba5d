"""Workbook files: forms, tables and printed pages as cells, and the parts of a file that xltax rewrites."""
