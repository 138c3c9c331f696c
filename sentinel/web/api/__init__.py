"""The API for the SOC and for programs: JSON over HTTPS, a token a caller."""
