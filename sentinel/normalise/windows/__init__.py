"""Windows events, by whichever program they were written down."""
