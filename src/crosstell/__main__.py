"""`python -m crosstell`: the command line."""

import sys

from crosstell.cli import main

if __name__ == "__main__":
    sys.exit(main())
