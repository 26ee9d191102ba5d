"""What leaves the office: formulas in text, files others could read."""
