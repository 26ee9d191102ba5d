"""Towns' rules: how they are read and what they figure."""
