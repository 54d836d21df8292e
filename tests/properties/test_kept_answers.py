"""Acts asked again, over crashes, restarts and time, against a ledger kept apart.

The ledger knows keys, acts and answers, and nothing of how they are kept. What an act did is
counted in the record itself and in the list of acts that wait.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from api_desk import OPERATOR, WALL, Desk, person
from hypothesis import example, given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, World, call, roz
from sampling import examples
from test_api_two_persons import alone

from crosstell.codecs.entry_body import kind_of
from crosstell.core.errors import RefusalCode
from crosstell.core.ids import NoticeId
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.record.entry import parse
from crosstell.core.state.events import CommandRefused
from crosstell.shell.store.contract import Store

WEEK_S = 7 * 86_400.0
NONE, BEFORE, AFTER = "answered", "lost before it was done", "lost after it was done"
BODIES = (
    roz("roz-1", BRAVO),
    roz("roz-1", BRAVO, version=2),
    NoticeWithdrawn(notice=NoticeId("roz-1"), version=1, reason="over"),
    roz("roz-home"),
    call("c-7"),
    alone("post-1"),
)
REFUSAL = kind_of(CommandRefused(asked="x", code=RefusalCode.BAD_TIME, text="x"))
COUNTED = {REFUSAL, *(kind_of(body) for body in BODIES)}


@dataclass(frozen=True)
class Ask:
    """The act of that number under that key, and what becomes of the answer."""

    key: str
    body: int
    fate: str = NONE


@dataclass(frozen=True)
class Pass:
    """The node ends and starts again, so many days later."""

    days: float


STEPS = st.lists(
    st.one_of(
        st.builds(
            Ask,
            st.sampled_from(("k", "l", "m")),
            st.integers(0, len(BODIES) - 1),
            st.sampled_from((NONE, BEFORE, AFTER)),
        ),
        st.builds(Pass, st.sampled_from((0.0, 1.0, 6.5, 8.0))),
    ),
    max_size=9,
)


class Lost(Exception):
    """The process ends here."""


@dataclass
class Row:
    """What the ledger says of a key: the act, when, its answer, and how often it did something."""

    body: int
    at: datetime
    answer: tuple[int, bytes] | None = None
    done: int = 0
    refused: int = 0


@dataclass
class Played:
    """The node, its desk, and the ledger."""

    folder: Path
    world: World = field(default_factory=World)
    wall: datetime = WALL
    ledger: dict[str, Row] = field(default_factory=dict)
    signed: bool = True

    def count(self, desk: Desk) -> tuple[int, int]:
        """How many things were done, and how many refusals are recorded."""
        kinds = [parse(row.leaf).header.type for _, row in self.store.arrivals()]
        refusals = kinds.count(REFUSAL)
        waiting = len(desk.access.pending.waiting(self.wall))
        return sum(kind in COUNTED for kind in kinds) - refusals + waiting, refusals

    @property
    def store(self) -> Store:
        return self.world.parties[ALPHA].store

    def desk(self) -> Desk:
        """The node as it stands after a start."""
        if not self.signed:
            self.world.parties[ALPHA].start()
        made = Desk(
            database=self.folder / "access.sqlite",
            world=self.world,
            signed=self.signed,
            wall=self.wall,
        )
        self.signed = False
        return made

    def run(self, asks: list[Ask]) -> list[Ask]:
        """Asked until one is lost; what is left for the next start."""
        desk = self.desk()
        with desk.running() as client:
            olga = person(client, OPERATOR, watch=True)
            for place, ask in enumerate(asks):
                break_at(desk, ask.fate)
                before = self.count(desk)
                found = olga.act(BODIES[ask.body], key=ask.key)
                mend(desk)
                self.judge(ask, found, self.gained(before, self.count(desk)))
                if found.status_code == 500:
                    return asks[place + 1 :]
        return []

    def gained(self, before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
        return after[0] - before[0], after[1] - before[1]

    def judge(self, ask: Ask, found: httpx.Response, gained: tuple[int, int]) -> None:
        """What was answered and done is what the ledger allows; it is written down."""
        row = self.ledger.get(ask.key)
        if row is not None and (self.wall - row.at).total_seconds() > WEEK_S:
            kept = row.answer == (found.status_code, found.content) and gained == (0, 0)
            if kept or (row.body != ask.body and found.status_code == 422):
                return  # kept for longer than was promised
            row = None
        if row is not None and row.body != ask.body:
            assert (found.status_code, gained) == (422, (0, 0))
            return
        if row is not None and row.answer is not None:
            assert (found.status_code, found.content) == row.answer
            assert gained == (0, 0)
            return
        row = row or Row(body=ask.body, at=self.wall)
        row.done, row.refused = row.done + gained[0], row.refused + gained[1]
        assert row.done <= 1, "one key, one effect"
        assert row.done == 0 or found.status_code in (201, 202, 500)
        # Lost before it was done, and done meanwhile under another key: it is found as that.
        done = row.done == 1 or any(
            other.body == ask.body and other.done == 1 for other in self.ledger.values()
        )
        assert found.status_code not in (201, 202) or done, "told as done, and not done"
        assert row.refused <= 1, "one key, one refusal"
        assert found.status_code != 409 or row.refused == 1
        if found.status_code != 500:
            row.answer = (found.status_code, found.content)
        self.ledger[ask.key] = row


def break_at(desk: Desk, fate: str) -> None:
    """From now on the process ends there."""

    def lost(*_: object, **__: object) -> None:
        raise Lost

    if fate == BEFORE:
        desk.sequencer.instead = lost  # type: ignore[assignment]
        desk.access.pending.put = lost  # type: ignore[method-assign]
    if fate == AFTER:
        desk.access.pending.answered = lost  # type: ignore[method-assign]


def mend(desk: Desk) -> None:
    """What was not reached stays whole."""
    desk.sequencer.instead = None
    for name in ("put", "answered"):
        vars(desk.access.pending).pop(name, None)


@settings(max_examples=examples(30), deadline=None)
@given(STEPS)
@example([Ask("k", 5, AFTER), Ask("k", 5)])  # two acts waited for a second person under one key
@example([Ask("k", 0, AFTER), Ask("l", 1), Pass(1.0), Ask("k", 0), Ask("k", 1)])
@example([Ask("k", 1, AFTER), Ask("l", 0), Ask("k", 1)])
@example([Ask("k", 1, AFTER), Ask("k", 1, AFTER), Ask("k", 1)])  # refused, and told only then
@example([Ask("k", 0, BEFORE), Ask("l", 0), Ask("k", 0)])
@example([Ask("k", 4, BEFORE), Pass(8.0), Ask("m", 3), Ask("k", 4), Ask("l", 4)])
def test_an_act_asked_again_is_done_once_and_has_its_first_answer(
    steps: list[Ask | Pass],
) -> None:
    """API-023, API-280, API-442, ACS-045: whenever the process ends, whatever was asked between."""
    with TemporaryDirectory() as name:
        played = Played(Path(name))
        waiting: list[Ask] = []
        for step in [*steps, Pass(0.0)]:
            if isinstance(step, Ask):
                waiting.append(step)
                continue
            while waiting:
                waiting = played.run(waiting)
            played.wall += timedelta(days=step.days)
