"""Xero on your machine: sign-in, connections and the Accounting API, as the vendor answers on the wire."""
