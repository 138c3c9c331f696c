"""The commands: one file a verb, over the same services as the API."""
