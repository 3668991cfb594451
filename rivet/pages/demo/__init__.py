"""The firms, people and papers of the demo. Invented, every one of them."""
