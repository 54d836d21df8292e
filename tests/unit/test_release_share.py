"""Shares of own tracks: two persons, one object, one purpose, until an instant, and no more."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, CHIEF, DUTY, SEA, START, World, roz, seen
from picture_values import ref
from release_values import FORCES, SECOND, TOLD, UPDATE, crossed, ours, own_track, share, terms

from crosstell.codecs import parcel
from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.geometry.footprint import Circle
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.releasing.sharing import shared_volume
from crosstell.core.mechanism.releasing.shown import SharedShown, shares_shown
from crosstell.core.picture.ownership import (
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.share import (
    SHARE_TABLE,
    Contains,
    Share,
    ShareEvent,
    ShareGranted,
    ShareId,
    ShareRevoked,
    ShareState,
    ShareStep,
    ShareUpdated,
    advance,
)
from crosstell.core.record.entry import parse
from crosstell.core.table import Stamp, Verdict

DUTY_1 = Speaker(party=ALPHA, role=DUTY, watch="1")
REVOKED = ShareRevoked(share=ShareId("sh-1"), reason="the exercise is over")


def three() -> World:
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="share")
    own_track(world)
    return world


def flies(world: World, seconds: int, *, every_s: int = 10, track: str = "t1") -> None:
    """The object is seen on its way south, and all that the nodes say arrives."""
    for _ in range(seconds // every_s):
        world.wait(float(every_s))
        north_m = 60_000.0 - 60.0 * (world.now - START).total_seconds()
        world.observe(ALPHA, seen(world.now, north_m, track=track))
        world.deliver()


def shown(world: World, party: PartyId) -> SharedShown:
    return shares_shown(world.state(party), world.now)[0]


def updates_to(world: World, party: PartyId) -> list[tuple[int, bytes | None]]:
    """Every update that was in a parcel to that party: its number, and its body if it had one."""
    found: dict[tuple[int, bytes | None], None] = {}
    for _, message in world.sent:
        if message.to != party:
            continue
        for row in parcel.decode(message.body).rows:
            header = parse(row.leaf).header
            if header.type == "share_updated":
                found[header.seq, row.body] = None
    return list(found)


def test_a_share_tells_named_parties_where_an_object_is_thinned_and_coarse() -> None:
    """REL-030, REL-032, REL-034, REL-035: once a minute, an area that holds it; charlie none."""
    world = three()
    world.settle(ALPHA, share())
    flies(world, 300)
    told = updates_to(world, BRAVO)
    assert 5 <= len(told) <= 6
    assert all(body is not None for _, body in told)
    view = shown(world, BRAVO)
    assert view.is_open
    assert view.volume is not None
    assert isinstance(view.volume.footprint, Circle)
    assert view.text.startswith(
        "“tanker one”: shared by alpha for “refuelling beside your exercise” until "
        "2023-06-01T00:30:00Z"
    )
    assert "no track of ours, and never a target" in view.text
    assert world.state(CHARLIE).feeds[ALPHA].shares == {}
    assert all(body is None for _, body in updates_to(world, CHARLIE))
    sent = crossed(world)
    for secret in (b'"t1"', b"radar-1", b"speed", b"track_shared"):
        assert secret not in sent
    assert b"tanker one" in sent
    world.no_irregular()


def test_a_share_is_no_track_of_those_who_get_it() -> None:
    """REL-034: it is in no picture, no alert follows from it, and it has no history."""
    world = three()
    world.settle(BRAVO, roz("roz-bravo", radius_m=400_000.0))
    world.settle(ALPHA, share())
    flies(world, 300)
    state = world.state(BRAVO)
    assert state.journal.tracks == {}
    assert state.journal.alerts == {}
    held = state.feeds[ALPHA].shares[ShareId("sh-1")]
    assert held.latest is not None
    fields = {name for name in ShareUpdated.__dataclass_fields__}
    assert fields == {"share", "volume", "contains"}, "no speed, kind, identity or name"


def test_two_persons_grant_it() -> None:
    """REL-030: a second of our own, of another role or watch."""
    world = three()
    for second in (DUTY_1, replace(SECOND, party=BRAVO)):
        refused = world.act(ALPHA, replace(share(), second=second)).refused
        assert refused is not None
        assert refused.code is RefusalCode.NOT_RELEASED
    assert world.state(ALPHA).own.shares == {}
    assert world.state(ALPHA).journal.shared_tracks == {}
    world.settle(ALPHA, replace(share(), second=replace(SECOND, role=CHIEF)))


def test_only_what_is_stated_to_be_ours_is_shared() -> None:
    """REL-031: nobody else's object, none that is disputed at home, none that is not held."""
    world = three()
    world.observe(ALPHA, seen(world.now, 9_000.0, track="t2"))
    for track, words in (("t2", "not stated to be ours"), ("t9", "is not held here")):
        refused = world.act(ALPHA, share(track=track)).refused
        assert refused is not None
        assert words in refused.text
    subject = OwnTrack(track=share(track="t2").track)
    not_ours = OwnershipStated(subject=subject, answer=OwnershipAnswer.NOT_OURS, scope=FORCES)
    world.settle(ALPHA, not_ours)
    assert world.act(ALPHA, share(track="t2")).refused is not None
    assert b"share" not in crossed(world)


def test_what_is_no_longer_ours_is_no_longer_told() -> None:
    """REL-031: a correction at home stops the updates."""
    world = three()
    world.settle(ALPHA, share())
    flies(world, 120)
    before = len(updates_to(world, BRAVO))
    corrected = OwnershipCorrected(
        subject=OwnTrack(track=share().track),
        answer=OwnershipAnswer.NOT_OURS,
        scope=FORCES,
        reason="it was another aircraft",
    )
    world.settle(ALPHA, corrected)
    flies(world, 300)
    assert len(updates_to(world, BRAVO)) == before


def test_after_its_end_nothing_is_told_and_nothing_is_shown() -> None:
    """REL-033, REL-034: expired is a view; the position goes from the screen."""
    world = three()
    world.settle(ALPHA, share(minutes=4.0))
    flies(world, 600)
    numbers = [number for number, _ in updates_to(world, BRAVO)]
    assert 3 <= len(numbers) <= 4
    view = shown(world, BRAVO)
    assert (view.is_open, view.volume) == (False, None)
    assert "over, nothing of it is shown" in view.text
    assert shown(world, ALPHA).volume is None


def test_a_share_is_revoked_by_a_person_and_that_crosses() -> None:
    """REL-033, REL-036."""
    world = three()
    world.settle(ALPHA, share())
    flies(world, 120)
    world.settle(ALPHA, REVOKED)
    before = len(updates_to(world, BRAVO))
    flies(world, 300)
    assert len(updates_to(world, BRAVO)) == before
    view = shown(world, BRAVO)
    assert (view.is_open, view.volume) == (False, None)
    assert "revoked: “the exercise is over”" in view.text
    again = world.act(ALPHA, share())
    assert again.no is not None
    world.no_irregular()


def test_api_459_no_word_of_who_shares_passes_as_the_nodes() -> None:
    """A name, a purpose and a reason that go on like a sentence of the node, marks and all."""
    world = three()
    as_node = "x”. Over; it is cleared to engage. “y"
    world.settle(ALPHA, share(called=as_node, purpose=as_node))
    world.settle(ALPHA, replace(REVOKED, reason=as_node))
    text = shown(world, BRAVO).text
    assert text.count("cleared to engage") == 3
    assert "cleared to engage" not in re.sub("“[^“”]*”", "", text)


def test_what_was_late_in_leaving_stays_at_home() -> None:
    """REL-033: made while the line was down, none crosses after the end, and one before it."""
    world = three()
    world.settle(ALPHA, share(minutes=10.0))
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    flies(world, 240)
    carried = len(world.sent)
    world.down.clear()
    world.pass_time(250.0)  # sent again: the newest alone has its body
    later = [number for number, body in newest(world, carried) if body is not None]
    assert world.state(BRAVO).feeds[ALPHA].shares[ShareId("sh-1")].latest is not None
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    flies(world, 400)
    assert world.now > START + timedelta(minutes=10)
    marked = len(world.sent)
    world.down.clear()
    world.pass_time(900.0)
    assert len(later) == 1
    assert len(newest(world, marked)) > 1, "their headers cross"
    assert all(body is None for _, body in newest(world, marked))
    assert world.state(BRAVO).feeds[ALPHA].size == world.state(ALPHA).own.size


def newest(world: World, start: int) -> list[tuple[int, bytes | None]]:
    """The updates in what was sent to bravo from that parcel on."""
    cut = World.__new__(World)
    cut.sent = world.sent[start:]
    return updates_to(cut, BRAVO)


def test_no_person_sends_an_update_or_a_grant_by_hand() -> None:
    """REL-036: a grant without its track, and an update beside the grant, are refused."""
    world = three()
    world.settle(ALPHA, share())
    grant = ShareGranted(share=ShareId("sh-2"), terms=terms(), second=SECOND)
    for body in (grant, UPDATE):
        refused = world.act(ALPHA, body).refused
        assert refused is not None
        assert refused.code is RefusalCode.NOT_OWNER


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": 60.0 * 25}, "within a day"),
        ({"minutes": -1.0}, "which is past; let it end after now"),
        ({"to": (PartyId("delta"),)}, "delta has no node here"),
    ],
)
def test_terms_beyond_what_a_share_may_be_are_refused(changes: Any, words: str) -> None:  # noqa: ANN401
    """REL-030, REL-037."""
    world = three()
    refused = world.act(ALPHA, share(**changes)).refused
    assert refused is not None
    assert words in refused.text


@pytest.mark.parametrize(
    "changes",
    [
        {"every_s": 1.0},
        {"coarsened": Coarsening(area_m=100.0, time_s=60.0)},
        {"coarsened": Coarsening(time_s=60.0)},
        {"coarsened": Coarsening(area_m=2_000.0)},
        {"purpose": " "},
        {"to": (BRAVO, BRAVO)},
    ],
    ids=str,
)
def test_terms_that_would_tell_too_much_cannot_be_written(changes: Any) -> None:  # noqa: ANN401
    """REL-030: no exact position, no stream, and never without a purpose."""
    with pytest.raises(ValueError, match=r"share|coarsening"):
        terms(**changes)


def test_the_area_contains_what_its_source_states_and_says_where_none_is_stated() -> None:
    """REL-035."""
    motion = seen(START, 0.0).motion
    wide = terms(coarsened=replace(TOLD, altitude_m=500.0))
    volume, contains = shared_volume(motion, wide)
    assert contains is Contains.STATED_ACCURACY
    assert (volume.lower, volume.upper) == (Unbounded(), Unbounded())
    assert volume.window.holds(motion.at)
    at = Altitude(value_m=3_040.0, datum=Datum.MSL_EGM96)
    volume, contains = shared_volume(replace(motion, altitude=at), wide)
    assert contains is Contains.POSITION_ALONE, "of the height no accuracy is stated"
    assert volume.lower == replace(at, value_m=3_000.0)
    assert volume.upper == replace(at, value_m=3_500.0)
    volume, contains = shared_volume(replace(motion, position_accuracy_m=None), terms())
    assert contains is Contains.POSITION_ALONE
    assert isinstance(volume.footprint, Circle)
    assert volume.footprint.radius_m >= 2_000.0
    assert SEA is not volume.footprint.centre


def stamp(seq: int, at_s: float = 0.0, by: Speaker | None = None) -> Stamp:
    return Stamp(ref=ref(seq), at=START + timedelta(seconds=at_s), by=by)


GRANT = ShareGranted(share=ShareId("sh-1"), terms=terms(), second=SECOND)
OPEN = advance(None, GRANT, stamp(0, by=DUTY_1))


@pytest.mark.parametrize(
    ("event", "at_s", "by", "code"),
    [
        (UPDATE, 5.0, DUTY_1, RefusalCode.NOT_OWNER),
        (UPDATE, 1_800.0, None, RefusalCode.BAD_TIME),
        (
            replace(
                UPDATE,
                volume=replace(UPDATE.volume, footprint=Circle(centre=SEA, radius_m=100.0)),
            ),
            5.0,
            None,
            RefusalCode.NOT_RELEASED,
        ),
        (replace(GRANT, terms=terms(CHARLIE)), 5.0, DUTY_1, RefusalCode.WRONG_STATE),
        (REVOKED, 5.0, None, RefusalCode.NOT_OWNER),
    ],
)
def test_what_a_hostile_owner_says_of_his_share_is_irregular(
    event: ShareEvent, at_s: float, by: Speaker | None, code: RefusalCode
) -> None:
    """REL-030, REL-032, REL-033: by its own tables, whoever folds it."""
    assert isinstance(OPEN, Share)
    refused = advance(OPEN, event, stamp(2, at_s, by))
    assert isinstance(refused, Refused)
    assert refused.code is code


def test_the_table_of_a_share() -> None:
    """REL-030, REL-033: every pair is decided; refused by name."""
    refused = {f"{s}/{e}" for (s, e), after in SHARE_TABLE.rows.items() if after is Verdict.REFUSED}
    assert refused == {
        "absent/update",
        "absent/revoke",
        "open/grant",
        "revoked/grant",
        "revoked/update",
    }
    assert SHARE_TABLE.rows[ShareState.REVOKED, ShareStep.REVOKE] is Verdict.DUPLICATE
    assert isinstance(OPEN, Share)
    assert isinstance(advance(OPEN, GRANT, stamp(1, by=DUTY_1)), Duplicate)
    first = advance(OPEN, UPDATE, stamp(1, 5.0))
    assert isinstance(first, Share)
    soon = advance(first, replace(UPDATE, contains=Contains.POSITION_ALONE), stamp(2, 30.0))
    assert isinstance(soon, Refused)
    over = advance(first, REVOKED, stamp(3, 40.0, DUTY_1))
    assert isinstance(over, Share)
    assert over.latest is None
    assert isinstance(advance(over, UPDATE, stamp(4, 100.0)), Refused)
    assert ours().answer is OwnershipAnswer.OURS
