"""MEC-100: what a node doubts of its own picture, and that it says so with evidence."""

from dataclasses import replace

from node_pair import ALPHA, BRAVO, World, roz
from test_mechanism_pairs import alerts, flies, level, seen

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.alert_view import alert_view
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.assess.doubts import doubts
from crosstell.core.picture.track import Hint, HintKind, Observation


def test_a_jump_is_doubted_from_the_motion_that_made_it() -> None:
    """MEC-100."""
    world = World()
    flies(world, 9_000.0)
    before = doubts(world.state(ALPHA), world.now)
    assert (before.positions, before.altitudes) == ((), ())
    jumped_at = world.now
    flies(world, -140_000.0, times=2)
    (found,) = doubts(world.state(ALPHA), world.now).positions
    assert (found.track, found.since) == ("t1", jumped_at)
    assert found.because != ()


def test_a_node_without_a_geoid_says_so() -> None:
    """MEC-100: test nodes are given none; a node that is founded gets the shipped one."""
    world = World()
    why = doubts(world.state(ALPHA), world.now).geoid
    assert why is not None
    assert "geoid" in why


def sensed(world: World, track: str, north_m: float, *, feet: bool) -> Observation:
    """The same object by another source, which calls its feet metres."""
    plain = seen(world, north_m, track=track)
    motion: Motion = plain.motion
    assert motion.altitude is not None
    if feet:
        height_m = motion.altitude.value_m / 0.3048
        motion = replace(motion, altitude=Altitude(value_m=height_m, datum=Datum.MSL_EGM96))
    hint = Hint(kind=HintKind.ICAO_ADDRESS, value="4b1814")
    source = "radar-2" if feet else "radar-1"
    return Observation(
        track=TrackId(track), source=source, motion=motion, received_at=world.now, hints=(hint,)
    )


def test_feet_called_metres_are_named_with_their_evidence() -> None:
    """MEC-100: two sources of one aircraft, by the address that it says of itself."""
    world = World()
    north_m = 60_000.0
    for _ in range(5):
        world.observe(
            ALPHA,
            sensed(world, "t1", north_m, feet=False),
            sensed(world, "t2", north_m, feet=True),
        )
        world.wait(10.0)
        north_m -= 600.0
    found = doubts(world.state(ALPHA), world.now).altitudes
    assert {one.source for one in found} >= {"radar-2"}
    assert all(one.compared >= 3 for one in found)


def test_an_alert_outlasts_a_jump_away_and_says_that_nothing_is_trusted() -> None:
    """ALR-031, ALR-032, ALR-033: 600 km away in ten seconds, and on from there as if nothing were.

    For two minutes its last trusted place still counts; after that nothing says that it is gone.
    """
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 9_000.0)
    (before,) = alerts(world, "zone-entry")
    there_m = flies(world, -600_000.0, times=14)
    (kept,) = alerts(world, "zone-entry")
    assert (kept.state, level(kept)) == (AlertState.SHOWN, level(before))
    assert kept.shown is not None
    assert kept.shown.doubted_since is not None
    flies(world, there_m, times=7)
    (lost,) = alerts(world, "zone-entry")
    assert (lost.state, level(lost)) == (AlertState.LAST_KNOWN, level(before))
    told = alert_view(lost, now=world.now)
    assert told is not None
    assert any(line.startswith("positions not trustworthy since ") for line in told.text)
    flies(world, -9_000.0, times=1)
    (still,) = alerts(world, "zone-entry")
    assert still.state is AlertState.LAST_KNOWN
