"""Towns and States: one TOML file for each, and nothing else."""
