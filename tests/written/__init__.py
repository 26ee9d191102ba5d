"""A town, its ledger and what is typed into its book as short texts, so that a test can be read without another file.

`ledger` reads bills, receipts and adjustments; `book` makes a workbook from its roll on and reads the rows typed into a table.
"""
