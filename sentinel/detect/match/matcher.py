"""The fast matcher: from an event's fields to the rules that are met, and what was met in them."""
