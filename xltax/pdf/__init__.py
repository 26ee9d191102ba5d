"""Printed pages as PDF files: the same sheets of paper as in the workbook of pages, with bookmarks and tags for screen readers."""
