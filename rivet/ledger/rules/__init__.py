"""How retainage is counted. Pure: no database, no framework; ``docs/discussions/retainage.md`` has the examples."""
