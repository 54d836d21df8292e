"""`python -m crosstell` is the command line."""

import sys

from crosstell.cli import main

sys.exit(main())
