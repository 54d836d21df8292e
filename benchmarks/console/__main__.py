"""`python -m benchmarks.console soak [MINUTES]` or `frames`: figures, no verdict."""

import sys

from benchmarks.console import frames, soak

if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["frames"]
    if what == "soak":
        soak.main(float(more[0]) if more else 20.0)
    else:
        frames.main()
