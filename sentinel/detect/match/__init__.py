"""The fast matcher: it finds the few rules worth a close look, and agrees with the reference."""
