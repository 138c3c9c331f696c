"""Triage: the queue, an alert, and everything that is done with alerts."""
