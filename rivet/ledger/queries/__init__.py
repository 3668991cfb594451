"""What screens ask: one query a list, values instead of lazy rows."""
