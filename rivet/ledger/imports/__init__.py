"""Files that other programs exported: read, judged row by row, shown, and only then taken over."""
