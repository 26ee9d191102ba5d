"""The Office add-in: its book, its tasks, its page, and the stand-in for Excel they are tried on."""
