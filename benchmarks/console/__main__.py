"""`python -m benchmarks.console frames`, `soak [SECONDS OF A WATCH]`, which fails on growth, or
`holding [HOURS]`: what a node holds in memory after each hour, by container.
"""

import sys

from benchmarks.console import frames, holding, soak

if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["frames"]
    if what == "soak":
        sys.exit(soak.main(int(more[0]) if more else soak.WATCH_S))
    if what == "holding":
        holding.main(int(more[0]) if more else 8)
    else:
        frames.main()
