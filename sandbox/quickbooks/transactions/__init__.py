"""Invoices, bills, journals, payments and credits."""
