"""Whose word stands, over random statements, against an oracle that keeps all of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ComponentId, EntryRef, FeedId, PartyId, RoleId, TrackId
from crosstell.core.picture import ownership, status, track
from crosstell.core.picture.ownership import (
    Ownership,
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipStated,
)
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.status import StatedStatus, Status, StatusStated
from crosstell.core.picture.track import HISTORY_MAX, Observation, Track
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)
NAMES = [ComponentId(name) for name in ("army", "navy", "agency", "air")]
NEVER_NAMED = ComponentId("police")
SUBJECT = EntryRef(feed=FeedId("feed-blue"), seq=1, hash="1" * 64)


def stamp(seq: int) -> Stamp:
    return Stamp(
        ref=EntryRef(feed=FeedId("feed-red"), seq=seq, hash=f"{seq:064x}"),
        at=START + timedelta(seconds=seq),
        by=Speaker(party=PartyId("red"), role=RoleId("duty-officer"), watch="w1"),
    )


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    sides = draw(st.tuples(*[st.sampled_from(["for", "not", "-"])] * len(NAMES)))
    return Scope(
        speaks_for=tuple(n for n, side in zip(NAMES, sides, strict=True) if side == "for"),
        cannot_speak_for=tuple(n for n, side in zip(NAMES, sides, strict=True) if side == "not"),
    )


@given(st.lists(st.tuples(st.sampled_from(StatedStatus), scopes()), max_size=12))
def test_status_of_every_component_is_its_last_covering_statement(
    said: list[tuple[StatedStatus, Scope]],
) -> None:
    """PIC-011 to PIC-013: dropping what stands for nobody changes no answer."""
    held: Status | None = None
    plain: dict[ComponentId, str] = {}
    for seq, (stated, scope) in enumerate(said):
        event = StatusStated(notice=SUBJECT, status=stated, scope=scope)
        after = status.advance(held, event, stamp(seq))
        if isinstance(after, Status):
            held = after
        for name in (*NAMES, NEVER_NAMED):
            outside = name in scope.cannot_speak_for
            if not outside and (scope.speaks_for == () or name in scope.speaks_for):
                plain[name] = stated.value
        for name in (*NAMES, NEVER_NAMED):
            assert status.state_for(held, name) == plain.get(name, "unanswered")
    assert held is None or len(held.statements) <= len(NAMES) + 1


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(OwnershipAnswer), scopes()), max_size=12))
def test_ownership_changes_as_a_plain_ledger_would(
    said: list[tuple[bool, OwnershipAnswer, Scope]],
) -> None:
    """PIC-030 to PIC-032: all or nothing, and a definite answer only by correction."""
    held: Ownership | None = None
    plain: dict[ComponentId, str] = {}
    everyone = (*NAMES, NEVER_NAMED)
    for seq, (correcting, answer, scope) in enumerate(said):
        covered = [
            name
            for name in everyone
            if name not in scope.cannot_speak_for
            and (not scope.speaks_for or name in scope.speaks_for)
        ]
        event = (
            OwnershipCorrected(subject=SUBJECT, answer=answer, scope=scope, reason="new word")
            if correcting
            else OwnershipStated(subject=SUBJECT, answer=answer, scope=scope)
        )
        allowed = all(
            (name in plain)
            if correcting
            else plain.get(name, "checking") in ("checking", answer.value)
            for name in covered
        )
        changes = any(plain.get(name) != answer.value for name in covered)
        after = ownership.advance(held, event, stamp(seq))
        assert isinstance(after, Refused) == (not allowed)
        assert isinstance(after, Duplicate) == (allowed and not changes)
        if isinstance(after, Ownership):
            held = after
            plain.update(dict.fromkeys(covered, answer.value))
        for name in everyone:
            assert ownership.state_for(held, name) == plain.get(name, "unanswered")


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 1), st.integers(-9, 9)), max_size=40))
def test_no_observation_is_dropped_in_silence(seen: list[tuple[int, int, int]]) -> None:
    """PIC-022, PIC-023, PIC-026: each is used, named, or said again."""
    held: Track | None = None
    used = irregular = unused = set_aside = again = 0
    newest_ahead = False
    for seq, (when, where, late_s) in enumerate(seen):
        motion = Motion(
            position=Position(lat_deg=36.0 + where, lon_deg=40.0),
            at=START + timedelta(seconds=when),
            altitude=None,
            velocity=None,
            position_accuracy_m=None,
            altitude_accuracy_m=None,
        )
        event = Observation(
            track=TrackId("t"),
            source="radar",
            motion=motion,
            received_at=motion.at + timedelta(seconds=late_s),
        )
        newest = held.latest.motion if held is not None and held.latest is not None else None
        ahead = late_s < -2
        if newest is not None and newest_ahead and not ahead:
            usable, used, set_aside = True, 0, set_aside + used
        elif newest is not None and ahead and not newest_ahead:
            usable = False
        else:
            usable = newest is None or motion.at > newest.at
        after = track.advance(held, event, stamp(seq))
        if isinstance(after, Duplicate):
            assert motion == newest
            again += 1
            continue
        assert isinstance(after, Track)
        held = after
        used, irregular = used + usable, irregular + (ahead or not usable)
        newest_ahead = ahead if usable else newest_ahead
        unused += not usable
        assert held.irregular_total == irregular
        latest = held.latest.motion if held.latest is not None else None
        assert latest == (motion if usable else newest)
    if held is not None:
        times = [one.motion.at for one in held.history]
        assert times == sorted(set(times))
        assert len(times) == min(used, HISTORY_MAX)
        assert used + set_aside + unused + again == len(seen)
