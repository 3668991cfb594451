"""Attachments, printed forms and mail."""
