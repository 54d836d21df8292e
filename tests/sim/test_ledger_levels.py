"""The ledger's own look at levels and moves finds what it is there to find."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import FeedId, PartyId, TrackId
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation
from crosstell.shell.node import Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.levels import LevelLedger
from crosstell.sim.ledger.noted import Noted, Violation

JOURNAL = FeedId("journal")
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOST = cast(Host, SimpleNamespace(name=PartyId("alpha"), journal=JOURNAL))
KEPT = cast(Outcome, SimpleNamespace(fault=None))
ABOUT = {"track_at_notice": {"track": "t1", "notice": {"party": "bravo", "notice": "n1"}}}


@dataclass
class Watched:
    """A ledger that is shown one track, northwards at 100 m/s unless it is put elsewhere."""

    ledger: LevelLedger
    seconds: int = 0

    def see(self, *news: Noted, north_m: float = 0.0) -> None:
        self.seconds += 20
        place = 100.0 * self.seconds + north_m
        motion = Motion(
            position=Position(lat_deg=36.0 + place / 111_000.0, lon_deg=40.0),
            at=START + timedelta(seconds=self.seconds),
            altitude=None,
            velocity=Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=None),
            position_accuracy_m=None,
            altitude_accuracy_m=None,
        )
        seen = Observation(
            track=TrackId("t1"), source="radar", motion=motion, received_at=motion.at
        )
        self.ledger.after(HOST, Observed(observations=(seen,)), KEPT, news)


def said(kind: str, *reasons: str, **fields: str) -> Noted:
    body: dict[str, Any] = {"alert": "a1", "key": {"rule": "r", "about": ABOUT}, **fields}
    body["finding"] = {"reasons": list(reasons)}
    return Noted(
        feed=JOURNAL, seq=0, hash="", kind=kind, at_us=0, to=(), said=body, by=None, text=""
    )


@pytest.fixture
def watched() -> Watched:
    ledger = LevelLedger()
    ledger.forget(HOST)
    made = Watched(ledger)
    made.see(said("alert_raised", level="critical"))
    return made


CLEARED = {"because": "no-longer-found"}


def test_what_is_trusted_may_lower_and_clear(watched: Watched) -> None:
    """SIM-060: a control, and an alert of a track that ended is no finding's doing."""
    watched.see(said("alert_changed", "position-accuracy", level="advisory"))
    watched.see(said("alert_cleared", **CLEARED))
    assert watched.ledger.judged == 2
    watched.see(said("alert_cleared", "not-trustworthy", because="track-ended"))


@pytest.mark.parametrize(
    "news",
    [
        said("alert_changed", "not-trustworthy", level="urgent"),
        said("alert_cleared", "not-trustworthy", **CLEARED),
    ],
    ids=["falls", "clears"],
)
def test_what_the_record_itself_calls_not_trusted_moves_nothing(
    watched: Watched, news: Noted
) -> None:
    """SIM-060."""
    with pytest.raises(Violation, match="by what is not trusted"):
        watched.see(news)


def test_a_jump_that_the_record_does_not_admit_moves_nothing(watched: Watched) -> None:
    """SIM-060: 300 km in 20 seconds, by the ledger's own look; 2 km aside is no jump."""
    watched.see(said("alert_changed", level="urgent"), north_m=2_000.0)
    with pytest.raises(Violation, match="clears by what is not trusted"):
        watched.see(said("alert_cleared", **CLEARED), north_m=300_000.0)


def test_a_rise_needs_no_trust(watched: Watched) -> None:
    """SIM-060: what cannot be ruled out may raise."""
    watched.see(said("alert_changed", level="urgent"))
    watched.see(said("alert_changed", "not-trustworthy", level="critical"), north_m=300_000.0)


def test_steady_counts_from_the_last_odd_measurement(watched: Watched) -> None:
    """SIM-061: a track that is new is steady; one that wandered is so only later."""
    moves = watched.ledger.moves[HOST.name]["t1"]
    assert moves.steady >= 1_000
    watched.see(north_m=2_000.0)
    assert (moves.steady, moves.is_jump) == (0, False)
    watched.see(north_m=2_000.0)
    assert moves.steady == 1
