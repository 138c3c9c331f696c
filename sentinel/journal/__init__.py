"""2. What has arrived stays."""
