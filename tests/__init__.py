"""The tests. They are one package: a helper is imported by its whole name, such as `tests.books.one_book`.

Helpers that several folders use: `written` (a town and its ledger as short texts), `books` (small workbooks, and what
another program may do to them), `reference` (the slow replay), `libreoffice` and `com` (a real LibreOffice, and a stand-in
for Excel), `contract.pressed` (every task pressed once).
"""
