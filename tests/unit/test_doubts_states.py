"""Contradictions inside one party, in the node's doubts: shown with evidence, nothing resolved."""

from dataclasses import replace

from node_pair import ALPHA, BRAVO, CHIEF, World, call, named, roz
from test_mechanism_pairs import seen

from crosstell.core.detection.about import TrackAtNotice
from crosstell.core.detection.identity.tracks import PER_IDENTITY_MAX
from crosstell.core.detection.pair.contradiction import Aspect
from crosstell.core.geometry.motion import Velocity
from crosstell.core.ids import ComponentId, Latest, PartyId, TrackId
from crosstell.core.mechanism.assess.doubts import Doubts, doubts
from crosstell.core.picture.ownership import (
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipStated,
    OwnTrack,
    Subject,
)
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.picture.track import Hint, HintKind, Observation

ADDRESS = Hint(kind=HintKind.ICAO_ADDRESS, value="4B1814")
FORCES, AGENCY = ComponentId("alpha-forces"), ComponentId("alpha-agency")


def told(
    world: World, north_m: float, *, track: str, source: str, hint: Hint = ADDRESS
) -> Observation:
    """An object flying south, as one component's source has it."""
    plain = seen(world, north_m, track=track)
    return replace(plain, source=source, hints=(hint,))


def in_doubt(world: World, party: PartyId = ALPHA) -> Doubts:
    return doubts(world.state(party), world.now)


def test_two_components_with_one_object_at_two_places_are_told_so() -> None:
    """CTR-050, CTR-040, CTR-041: since when, by how much; never as deceit, and no alert of it."""
    world = World()
    began_at = world.now
    for step in range(3):
        world.observe(
            ALPHA,
            told(world, 60_000.0 - 600.0 * step, track="t1", source="air-defence"),
            told(world, 90_000.0 - 600.0 * step, track="t2", source="traffic-control"),
        )
        world.wait(10.0)
    size = world.state(ALPHA).journal.size
    (found,) = in_doubt(world).states
    assert (found.first, found.second) == (TrackId("t1"), TrackId("t2"))
    assert (found.first_source, found.second_source) == ("air-defence", "traffic-control")
    assert found.identity == (HintKind.ICAO_ADDRESS, "4b1814")
    assert found.since == began_at
    assert found.found.contradicts == (Aspect.POSITION, Aspect.TIME)
    off_m = found.found.position.off
    assert off_m is not None
    assert abs(off_m - 30_000.0) < 200.0
    assert found.text.startswith("two states of one identity (icao-address 4b1814): t1 of air-")
    assert "position by 299" in found.text
    assert "the second behind" in found.text
    assert "assumed: time-accuracy" in found.text
    assert "spoof" not in found.text
    assert world.state(ALPHA).journal.size == size
    assert world.alerts(ALPHA) == []


def test_each_of_two_contradicting_tracks_is_judged_and_none_is_dropped() -> None:
    """CTR-051: whichever of them nears the zone raises its alert, the other 100 km away."""
    for near, far in (("t1", "t2"), ("t2", "t1")):
        world = World()
        world.settle(BRAVO, roz("roz-b", ALPHA))
        for step in range(3):
            world.observe(
                ALPHA,
                told(world, 9_000.0 - 600.0 * step, track=near, source="one"),
                told(world, 109_000.0 - 600.0 * step, track=far, source="other"),
            )
            world.wait(10.0)
        assert len(in_doubt(world).states) == 1
        (alert,) = world.alerts(ALPHA)
        assert isinstance(alert.key.about, TrackAtNotice)
        assert alert.key.about.track == near
        assert set(world.state(ALPHA).journal.tracks) == {"t1", "t2"}


def test_sources_that_can_both_be_true_are_not_in_doubt() -> None:
    """CTR-042: the newest of each is seconds apart; each is set against the nearest in time."""
    world = World()
    for step in range(4):
        world.observe(ALPHA, told(world, 60_000.0 - 600.0 * step, track="t1", source="one"))
        world.wait(10.0)
        if step < 2:
            late = told(world, 59_400.0 - 600.0 * step, track="t2", source="other")
            world.observe(ALPHA, late)
    assert in_doubt(world).states == ()


def test_two_registrations_under_one_address_are_told_whatever_the_places() -> None:
    """CTR-040, CTR-044: by each identity that is shared, once; a track without any is left out."""
    world = World()
    marks = [Hint(kind=HintKind.REGISTRATION, value=value) for value in ("AB-CD", "AB-CE")]
    for track, mark in zip(("t1", "t2"), marks, strict=True):
        serial = Hint(kind=HintKind.SERIAL_NUMBER, value="S-77")
        plain = told(world, 60_000.0, track=track, source=track)
        world.observe(ALPHA, replace(plain, hints=(mark, ADDRESS, serial)))
    world.observe(ALPHA, replace(told(world, 0.0, track="t3", source="t3"), hints=()))
    (found,) = in_doubt(world).states
    assert found.found.contradicts == (Aspect.IDENTITY,)
    assert found.text.endswith("cannot both be true: identity")


def test_a_ships_identity_has_a_ships_bounds() -> None:
    """CTR-046: 800 m apart at one instant contradicts for a ship, and not for what may be a jet."""
    for value, is_told in (("235070762", True), ("111232501", False), ("23507076", False)):
        world = World()
        mark = Hint(kind=HintKind.MMSI, value=value)
        for track, north_m in (("t1", 60_000.0), ("t2", 60_800.0)):
            one = told(world, north_m, track=track, source=track, hint=mark)
            slow = Velocity(track_deg=180.0, speed_mps=8.0, climb_mps=None)
            motion = replace(one.motion, velocity=slow)
            world.observe(ALPHA, replace(one, motion=motion))
        assert bool(in_doubt(world).states) is is_told


def test_an_address_that_many_tracks_give_is_named_as_such() -> None:
    """CTR-043: it tells no object from another, and is not compared pair by pair."""
    world = World()
    count = PER_IDENTITY_MAX + 1
    for number in range(count):
        one = told(world, 4_000.0 * number, track=f"t{number:02}", source="one")
        world.observe(ALPHA, one)
    found = in_doubt(world)
    assert found.states == ()
    (crowd,) = found.crowded
    assert len(crowd.tracks) == count


def states(subject: Subject, answer: OwnershipAnswer, *speaks_for: ComponentId) -> OwnershipStated:
    return OwnershipStated(subject=subject, answer=answer, scope=Scope(speaks_for=speaks_for))


def test_checking_and_one_voice_are_no_difference() -> None:
    """CTR-062: a party that says the same for all of itself, or is still looking."""
    world = World()
    world.observe(ALPHA, seen(world, 60_000.0))
    about = OwnTrack(track=TrackId("t1"))
    world.settle(ALPHA, states(about, OwnershipAnswer.CHECKING, FORCES), role=CHIEF)
    world.settle(ALPHA, states(about, OwnershipAnswer.OURS, AGENCY), role=CHIEF)
    assert in_doubt(world).stated == ()
    world.settle(ALPHA, states(about, OwnershipAnswer.OURS, FORCES), role=CHIEF)
    assert in_doubt(world).stated == ()


def test_ours_and_not_ours_inside_our_own_party_are_told_until_corrected() -> None:
    """CTR-052, CTR-060: by whom and when; a correction ends it."""
    world = World()
    world.observe(ALPHA, seen(world, 60_000.0))
    about = OwnTrack(track=TrackId("t1"))
    world.settle(ALPHA, states(about, OwnershipAnswer.NOT_OURS, FORCES))
    assert in_doubt(world).stated == ()
    world.settle(ALPHA, states(about, OwnershipAnswer.OURS, AGENCY), role=CHIEF)
    (found,) = in_doubt(world).stated
    assert (found.party, found.subject) == (ALPHA, about)
    assert [(one.component, one.says) for one in found.said] == [
        (FORCES, "not-ours"),
        (AGENCY, "ours"),
    ]
    assert [one.by.role for one in found.said if one.by is not None] == ["duty-officer", CHIEF]
    assert found.text.startswith("two components of alpha state differently: alpha alpha-forces")
    assert "never clear to engage" in found.text or "not clear to engage" in found.text
    fixed = OwnershipCorrected(
        subject=about,
        answer=OwnershipAnswer.NOT_OURS,
        scope=Scope(speaks_for=(AGENCY,)),
        reason="another object was meant",
    )
    world.settle(ALPHA, fixed, role=CHIEF)
    assert in_doubt(world).stated == ()


def test_what_another_partys_components_state_is_shown_and_not_resolved() -> None:
    """CTR-052, CTR-060: of the object of our call; our record keeps both."""
    world = World()
    world.sign()
    world.settle(ALPHA, call("c-1"))
    army, agency = ComponentId("army"), ComponentId("agency")
    world.settle(BRAVO, states(named("c-1"), OwnershipAnswer.NOT_OURS, army))
    world.settle(BRAVO, states(named("c-1"), OwnershipAnswer.CHECKING, agency))
    assert in_doubt(world).stated == ()
    world.settle(BRAVO, states(named("c-1"), OwnershipAnswer.OURS, agency))
    (found,) = in_doubt(world).stated
    assert found.party == BRAVO
    assert {(one.component, one.says) for one in found.said} == {
        (army, "not-ours"),
        (agency, "ours"),
    }
    assert [one.party for one in in_doubt(world, BRAVO).stated] == [BRAVO]


def test_received_by_one_and_contested_by_another_component_of_one_version() -> None:
    """CTR-052, CTR-061: a new version has its own statements."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    army, agency = ComponentId("army"), ComponentId("agency")
    latest = Latest(party=ALPHA, id="roz-1")
    for status, who in ((StatedStatus.RECEIVED, army), (StatedStatus.CONTESTED, agency)):
        assert in_doubt(world).stated == ()
        said = StatusStated(notice=latest, status=status, scope=Scope(speaks_for=(who,)))
        world.settle(BRAVO, said)
    (found,) = in_doubt(world).stated
    assert (found.party, [one.says for one in found.said]) == (BRAVO, ["contested", "received"])
    world.settle(ALPHA, roz("roz-1", BRAVO, version=2))
    assert in_doubt(world).stated == ()
