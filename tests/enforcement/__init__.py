"""Notices, lists, liens, sales, payoffs and the registers."""
