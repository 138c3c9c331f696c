"""The HTTP side: the API for the SOC, the acknowledge pages for agencies."""
