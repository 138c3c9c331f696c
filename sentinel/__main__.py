"""`python -m sentinel`: the same as the command `sentinel`."""

import sys

from sentinel.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
