"""What comes in from other offices: files of every kind."""
