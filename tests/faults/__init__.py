"""Disks that fill, programs that are killed, files that are damaged."""
