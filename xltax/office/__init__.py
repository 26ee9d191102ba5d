"""The office by desks: one folder for each part of a collector's work. Nothing here knows of files or of programs."""
