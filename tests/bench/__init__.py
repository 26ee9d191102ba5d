"""`./run bench`: the figures of docs/performance.md."""
