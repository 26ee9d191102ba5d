"""A stand-in for Excel under xlwings' own Windows code."""
