"""What may import what, what may write a file, and whether the rendered pages are current."""
