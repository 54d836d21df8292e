"""`python -m benchmarks.console frames`, or `soak [SECONDS OF A WATCH]`, which fails on growth."""

import sys

from benchmarks.console import frames, soak

if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["frames"]
    if what == "soak":
        sys.exit(soak.main(int(more[0]) if more else soak.WATCH_S))
    frames.main()
