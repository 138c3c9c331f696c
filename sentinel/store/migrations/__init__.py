"""How the tables came to be what they are, a step a file, oldest first.

A step is never changed once it was shipped. There is no way down: a backup is the way back.
"""
