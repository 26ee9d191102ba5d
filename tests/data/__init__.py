"""The data that comes with xltax, and the made-up town."""
