"""Collectors: plug-ins that bring records in. Each sees the contract and the model only."""
