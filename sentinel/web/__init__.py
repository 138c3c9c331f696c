"""The HTTP side: the console and the API for the SOC, the acknowledge pages for agencies."""
