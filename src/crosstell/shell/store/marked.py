"""How far our logs are marked as signed, and what is held back while no mark can be written.

What is in the store is recorded, and whoever asked for it is told so. It leaves for nobody, and
nothing follows it, before its mark is on the second path. Implements NOD-535, NOD-536.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from crosstell.core.errors import Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.high_water import HighWater


@dataclass(slots=True)
class Marked:
    """The marks as they were read or raised last; `fault`: why they lag behind the store."""

    high_water: HighWater
    sizes: dict[FeedId, int]
    fault: str | None = None

    def reach(self, signed: Mapping[FeedId, int]) -> None:
        """The marks are as high as what the store holds of our logs, or `fault` says why not."""
        grown = {feed: size for feed, size in signed.items() if size > self.sizes[feed]}
        self.fault = None
        if not grown:
            return
        try:
            self.high_water.raise_all(grown)
        except Unavailable as error:
            self.fault = str(error)
            return
        self.sizes |= grown
