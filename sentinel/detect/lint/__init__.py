"""What is odd in rules that run: a kind of check a file, all of them together in checks.py."""
