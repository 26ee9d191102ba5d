"""The TAX_ functions of the sheet."""
