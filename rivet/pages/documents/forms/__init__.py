"""What people type, read the way imports read it."""
