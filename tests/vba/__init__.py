"""The macros, run by a VBA interpreter."""
