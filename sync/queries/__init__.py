"""What screens may ask: one module per page, one query per list."""
