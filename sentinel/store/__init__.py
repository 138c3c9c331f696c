"""Where things rest: the state database and the events, each with its reference in memory."""
