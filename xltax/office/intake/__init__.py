"""Intake: the office's own sheets, recognized, read, and brought to a control total."""
