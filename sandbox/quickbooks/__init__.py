"""QuickBooks Online: identity, consent and the Accounting API v3."""
