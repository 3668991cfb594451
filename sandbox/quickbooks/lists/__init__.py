"""Accounts, names, items, classes and the other lists."""
