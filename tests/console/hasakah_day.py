"""5 October at Hasakah with its nodes as processes and its clock in the test's hand.

The night is played by the scenario; then the two parties' people are taken over, and only who sits
at a console acts for them. Their sensors and the notifier go on as the scenario has them.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from consoles import Entrance

from crosstell.core.ids import PartyId
from crosstell.core.instant import parse_instant
from crosstell.core.state.state import State
from crosstell.replay.live.leader import Leader
from crosstell.replay.live.playing import Exercise, exercise, one_run, seated

HASAKAH = Path(__file__).parents[2] / "scenarios" / "2023-10-05-hasakah"
RUN = "zone-to-all/unable"  # both nodes hold the drone's track, so both raise alerts
US, TR = PartyId("us"), PartyId("tr")
DUTY = "duty-officer"
WAIT_S, LOOK_S = 60.0, 0.05
SAME = 20  # so many looks that show no change


@dataclass
class Day:
    """The exercise, as its leader and the test see it."""

    live: Exercise
    leader: Leader

    def entrance(self, party: PartyId) -> Entrance:
        """How the duty officer comes in at that party's console, beside the desk on watch."""
        site = self.live.sites[party]
        login = next(one for one in site.logins if one.account == DUTY)
        return Entrance(address=site.address, account=DUTY, password=login.password, watch="join")

    def told(self, party: PartyId) -> State:
        """What that party's node had told when it was last looked at."""
        return self.leader.seats[party].mirror.state

    def state(self, party: PartyId) -> State:
        """What that party's node has told, up to now."""
        self.leader.follow()
        return self.told(party)

    def until(self, what: Callable[[], Any], *, s: float = WAIT_S) -> Any:  # noqa: ANN401
        """What it gives, once that is true of what the nodes tell; the clock runs meanwhile."""
        end = time.monotonic() + s  # noqa: TID251 - processes are waited for
        while time.monotonic() < end:  # noqa: TID251
            self.leader.follow()
            if found := what():
                return found
            time.sleep(LOOK_S)
        raise AssertionError(f"not within {s} s")

    def go_to(self, text: str | datetime) -> None:
        """The exercise's time is that or a little later; what is due until then was done."""
        moment = parse_instant(text) if isinstance(text, str) else text
        self.go_until(lambda: self.leader.now >= moment)

    def go_until(self, what: Callable[[], Any]) -> Any:  # noqa: ANN401
        """From one thing due to the next, as fast as the nodes do it, until that is true."""
        self.leader.follow()
        self.leader.set_rate(0.0)
        while not (found := what()):
            assert self.leader.step(), "the day is over"
        self.leader.set_rate(1.0)
        return found

    def settle(self) -> None:
        """All that was said has arrived everywhere, and no clock makes more of it."""
        self.leader.set_rate(0.0)
        held: list[set[str]] = []
        while len(held) < SAME or held[-SAME:] != held[-1:] * SAME or len(held[-1]) > 1:
            assert len(held) < WAIT_S / LOOK_S, held[-1]
            self.leader.follow()
            states = [seat.mirror.state for seat in self.leader.seats.values()]
            held.append(
                {str([feed.size for _, feed in sorted(one.feeds.items())]) for one in states}
            )
            time.sleep(LOOK_S)

    def kill(self, party: PartyId) -> None:
        """The node's process is gone, with whatever it was doing (SIGKILL)."""
        process = self.live.sites[party].process
        assert process is not None
        process.kill()
        process.wait(10)

    def start(self, party: PartyId) -> None:
        """The node runs again, and what it tells is followed from its beginning."""
        site = self.live.sites[party]
        self.leader.seats[party].desk.close()
        site.start(self.live.pace)
        self.leader.seats[party] = replace(seated(site), is_played=False)


@contextmanager
def hasakah(folder: Path, *, taken_at: str) -> Iterator[Day]:
    """The day from then on, with nobody played by the scenario but the notifier."""
    given = one_run(HASAKAH, RUN)
    with exercise(given, folder) as live:
        leader = Leader(given=given, seats=live.seats, pace=live.pace, seed=1)
        day = Day(live=live, leader=leader)
        day.go_to(taken_at)
        for party in (US, TR):
            leader.seats[party].is_played = False
        yield day
