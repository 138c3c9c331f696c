"""The console: what the SOC's people work with, eight hours a night."""
