"""Rules that have been read once, as bytes, so that the next start need not read them again."""
