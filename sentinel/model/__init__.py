"""The words: what the whole house talks in. Frozen values, no input or output."""
