"""The first session: an office's own spreadsheet is brought in."""
