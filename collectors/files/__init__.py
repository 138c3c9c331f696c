"""Log files, followed through rotation, or read once; each line taken exactly once.

* `names` knows which files are rotated forms of one log.
* `lines` cuts bytes into lines; `source` reads plain and gzip files alike.
* `checkpoint` says how far a file has been read, and knows the file again by its content.
* `tail` reads one open file; `group` one log with its rotated forms; `follower` all of them.
* `collector` is what the settings talk to. It alone is asynchronous.
"""

from collectors.files.collector import FilesCollector, FilesOptions, Mode

__all__ = ["FilesCollector", "FilesOptions", "Mode"]
