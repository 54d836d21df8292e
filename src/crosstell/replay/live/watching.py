"""An exercise to follow: the clock runs, the consoles are open, and a person may take a part.

Orders are single lines: `hold`, `go`, `pace N`, `take PARTY`, `give PARTY`, `quit`. Implements
REP-126, REP-127.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.errors import CallerError, CrosstellError
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant
from crosstell.replay.live.leader import Leader, opens_at
from crosstell.replay.live.playing import Exercise
from crosstell.shell.clock import RATE_MAX

LOOK_S = 0.1
HELP = "hold | go | pace N | take PARTY (you play its people) | give PARTY (played again) | quit"


@dataclass(slots=True)
class Watching:
    """The exercise as a person leads it."""

    leader: Leader
    live: Exercise
    rate: float
    say: Callable[[str], None]

    def run(self, lines: Iterator[str]) -> None:
        """Play until the end of the run, or until told to quit; the hours before anything is seen
        as fast as the nodes do it.
        """
        orders: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_put_all, args=(lines, orders), daemon=True).start()
        self._pass_over(opens_at(self.leader.given))
        self.leader.set_rate(self.rate)
        while self.leader.follow():
            self._check_running()
            try:
                order = orders.get(timeout=LOOK_S)
            except queue.Empty:
                continue
            try:
                if not self._obey(order.split()):
                    return
            except CrosstellError as no:
                self.say(str(no))
        self.say(
            "The run has ended, and its clock stands. The nodes go on until you type quit: look "
            "around, or act by hand."
        )
        self.leader.set_rate(0.0)
        while orders.get().strip() != "quit":
            time.sleep(LOOK_S)

    def _pass_over(self, opens: datetime) -> None:
        if opens <= self.leader.now:
            return
        self.say(f"The hours until {format_instant(opens)} are passed over: nothing is seen there.")
        while self.leader.step(before=opens):
            self._check_running()
        self.leader.stand_at(opens)
        self.say(f"{format_instant(opens)}: runs at {self.rate:g} times the pace of the day.")

    def _check_running(self) -> None:
        for site in self.live.sites.values():
            site.check_running()

    def _obey(self, words: list[str]) -> bool:
        """Whether the exercise goes on after this order. CallerError for one that is none."""
        now = format_instant(self.leader.now.replace(microsecond=0))
        match words:
            case []:
                self.say(f"{now}. {HELP}")
            case ["quit"]:
                return False
            case ["hold"]:
                self.leader.set_rate(0.0)
                self.say(f"{now}: held; say go to let it run.")
            case ["go"]:
                self.leader.set_rate(self.rate)
                self.say(f"{now}: runs at {self.rate:g} times the pace of the day.")
            case ["pace", number]:
                self.rate = _rate(number)
                self.leader.set_rate(self.rate)
                self.say(f"{now}: runs at {self.rate:g} times the pace of the day.")
            case ["take" | "give" as verb, name]:
                self._hand_over(PartyId(name), verb)
            case _:
                raise CallerError(f"{' '.join(words)[:80]}: is no order; {HELP}")
        return True

    def _hand_over(self, party: PartyId, verb: str) -> None:
        """Whose people are played by the scenario from now on, and whose by a person."""
        seat = self.leader.seats.get(party)
        if seat is None:
            raise CallerError(f"{party}: there are {', '.join(sorted(self.leader.seats))}")
        seat.is_played = verb == "give"
        if seat.is_played:
            self.say(f"The people of {party} are played by the scenario again.")
        else:
            self.say(f"The people of {party} are yours: nobody else acts for them from now on.")


def _put_all(lines: Iterator[str], orders: "queue.Queue[str]") -> None:
    for line in lines:
        orders.put(line)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0.0 <= rate <= RATE_MAX:
        raise CallerError(f"pace {text}: give a number from 0 to {RATE_MAX:g}")
    return rate
