"""1. Records in: the contract for collectors, their registry, the runner that keeps them alive."""
