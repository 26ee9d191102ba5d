"""The replay again, slowly, from docs/replay.md: what the fast one is held against."""
