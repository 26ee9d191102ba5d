"""Setting xltax up in the user's Excel."""
