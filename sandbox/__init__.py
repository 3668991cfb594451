"""QuickBooks and Xero on your machine: OAuth, API, limits, faults and a ledger you can open.

Stands alone: imports nothing of Rivet, and Rivet imports nothing of it; the two speak HTTP.
"""

VERSION = "0.1.0"
