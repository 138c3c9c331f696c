"""Files as they come: which records are in them."""
