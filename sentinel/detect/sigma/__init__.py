"""From files to rules that run, by pySigma; nothing outside of this folder needs it."""
