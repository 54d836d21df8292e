"""Token buckets: how much may come from one address, account or token. Bounded in number."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.instant import seconds_between
from crosstell.shell.api.settings import Bucket

PLACES_MAX = 10_000  # of one kind; the one that was quiet longest is forgotten


@dataclass(slots=True)
class Rates:
    """The buckets of one kind of place."""

    bucket: Bucket
    _levels: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)

    def wait_s(self, place: str, now: datetime) -> float:
        """0, and one request is taken from the bucket; or how long until there is one.

        Implements API-012.
        """
        level, at = self._levels.pop(place, (self.bucket.burst, now))
        passed_s = max(0.0, seconds_between(at, now))
        level = min(self.bucket.burst, level + passed_s * self.bucket.rate)
        wait_s = 0.0 if level >= 1.0 else (1.0 - level) / self.bucket.rate
        self._levels[place] = (level - 1.0 if wait_s == 0.0 else level, now)
        while len(self._levels) > PLACES_MAX:
            self._levels.popitem(last=False)
        return wait_s

    def give_back(self, place: str) -> None:
        """The request that was taken last from there counts elsewhere."""
        held = self._levels.get(place)
        if held is not None:  # else it was quiet for so long that it is full again
            self._levels[place] = (min(self.bucket.burst, held[0] + 1.0), held[1])
