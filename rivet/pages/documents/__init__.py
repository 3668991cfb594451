"""The ledger's screens."""
