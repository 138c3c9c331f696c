"""4. Sigma rules against events: load, route, judge, correlate."""
