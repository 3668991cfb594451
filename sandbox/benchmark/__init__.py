"""How fast the sandbox is alone: `python -m sandbox.benchmark`."""
