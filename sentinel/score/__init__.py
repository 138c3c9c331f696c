"""5. How bad, 0-100, each point with its reason."""
