"""7. An alert becomes a numbered message, a row a recipient, and is sent."""
