"""Signed, suspended, used, understood: PRO-050 to PRO-056, PRO-060 to PRO-063."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.codecs.shape import check_recordable
from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, FeedId, PartyId, RoleId, RuleId
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import (
    ADHERENCE_TABLE,
    Adherence,
    AdherenceEvent,
    AdherenceState,
    AdherenceStep,
    ProtocolResumed,
    ProtocolSigned,
    ProtocolSuspended,
    UsedInPractice,
    advance,
)
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import MeasuredFrom, Minima, Rule
from crosstell.core.protocol.standing import in_force_since, standing
from crosstell.core.protocol.understanding import (
    Reading,
    Understanding,
    UnderstandingStated,
    UnderstandingWithdrawn,
    readings,
)
from crosstell.core.table import Stamp, Verdict

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"
PROTOCOL = read_protocol(FILE)
DIGEST = digest_of(PROTOCOL)
NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)
KEEP_AWAY = RuleId("keep-away")


def stamp(seq: int = 0, *, party: str = "alpha", at: datetime = NOON) -> Stamp:
    return Stamp(
        ref=EntryRef(feed=FeedId(party), seq=seq, hash=f"{seq:064x}"),
        at=at,
        by=Speaker(party=PartyId(party), role=RoleId("director"), watch="w1"),
    )


SIGN = ProtocolSigned(protocol=DIGEST)
SUSPEND = ProtocolSuspended(protocol=DIGEST, text="after the strike of yesterday")
RESUME = ProtocolResumed(protocol=DIGEST, text="by agreement of the chiefs")
USE = UsedInPractice(protocol=DIGEST, text="calls go on")
UNDERSTAND = UnderstandingStated(
    protocol=DIGEST, rule=KEEP_AWAY, text="from the fence", minima=Minima(lateral_m=8_000.0)
)
WITHDRAW = UnderstandingWithdrawn(protocol=DIGEST, rule=KEEP_AWAY)


def after(*events: AdherenceEvent, party: str = "alpha", at: datetime = NOON) -> Adherence:
    held: Adherence | None = None
    for seq, event in enumerate(events):
        found = advance(held, event, stamp(seq, party=party, at=at))
        assert isinstance(found, Adherence), found
        held = found
    assert held is not None
    return held


def test_every_pair_is_decided() -> None:
    """PRO-051."""
    undecided = {
        (state, step): ADHERENCE_TABLE.next(state, step)
        for state in AdherenceState
        for step in AdherenceStep
        if isinstance(ADHERENCE_TABLE.next(state, step), Verdict)
    }
    assert undecided == {
        (AdherenceState.UNSIGNED, AdherenceStep.SUSPEND): Verdict.REFUSED,
        (AdherenceState.UNSIGNED, AdherenceStep.RESUME): Verdict.REFUSED,
        (AdherenceState.SIGNED, AdherenceStep.SIGN): Verdict.DUPLICATE,
        (AdherenceState.SIGNED, AdherenceStep.RESUME): Verdict.DUPLICATE,
        (AdherenceState.SUSPENDED, AdherenceStep.SIGN): Verdict.REFUSED,
        (AdherenceState.SUSPENDED, AdherenceStep.SUSPEND): Verdict.DUPLICATE,
    }


def test_a_suspension_leaves_the_signature_standing_and_ends_by_resuming() -> None:
    """PRO-052, PRO-053."""
    suspended = after(SIGN, SUSPEND)
    assert suspended.state is AdherenceState.SUSPENDED
    assert suspended.signed == stamp(0)
    assert suspended.suspended is not None
    assert suspended.suspended.text == "after the strike of yesterday"
    again = advance(suspended, SIGN, stamp(2))
    assert isinstance(again, Refused)
    assert again.code is RefusalCode.WRONG_STATE
    resumed = advance(suspended, RESUME, stamp(2))
    assert isinstance(resumed, Adherence)
    assert (resumed.state, resumed.suspended) == (AdherenceState.SIGNED, None)
    assert resumed.signed == stamp(0)


def test_a_signature_is_given_once() -> None:
    """PRO-053."""
    assert isinstance(advance(after(SIGN), SIGN, stamp(9)), Duplicate)
    assert isinstance(advance(after(SIGN), RESUME, stamp(9)), Duplicate)
    assert isinstance(advance(after(SIGN, SUSPEND), SUSPEND, stamp(9)), Duplicate)


@pytest.mark.parametrize("event", [SUSPEND, RESUME, WITHDRAW])
def test_what_was_never_done_cannot_be_undone(event: AdherenceEvent) -> None:
    """PRO-051, PRO-063."""
    found = advance(None, event, stamp())
    assert isinstance(found, Refused)
    assert found.code in (RefusalCode.WRONG_STATE, RefusalCode.UNKNOWN_OBJECT)


def test_only_the_party_itself_and_a_person_of_it_says_so() -> None:
    """PRO-050."""
    by_node = advance(None, SIGN, replace(stamp(), by=None))
    assert isinstance(by_node, Refused)
    assert by_node.code is RefusalCode.NOT_OWNER
    by_other = advance(after(SIGN), SUSPEND, stamp(1, party="bravo"))
    assert isinstance(by_other, Refused)
    assert by_other.code is RefusalCode.NOT_OWNER
    other_digest = ProtocolSuspended(protocol=ProtocolDigest("0" * 64), text="x")
    assert isinstance(advance(after(SIGN), other_digest, stamp(1)), Refused)


def test_a_refusal_changes_nothing() -> None:
    """PRO-050, PRO-051."""
    held = after(SIGN, SUSPEND)
    advance(held, SIGN, stamp(5))
    assert held == after(SIGN, SUSPEND)


def test_in_force_from_the_latest_of_start_and_both_signatures() -> None:
    """PRO-054."""
    alpha = after(SIGN, at=NOON)
    bravo = after(SIGN, party="bravo", at=NOON + timedelta(hours=2))
    assert in_force_since(PROTOCOL, alpha, bravo) == NOON + timedelta(hours=2)
    assert in_force_since(PROTOCOL, bravo, alpha) == NOON + timedelta(hours=2)
    early = PROTOCOL.starts - timedelta(days=9)
    before = after(SIGN, at=early), after(SIGN, party="bravo", at=early)
    assert in_force_since(PROTOCOL, *before) == PROTOCOL.starts


def test_not_in_force_with_oneself_a_notifier_or_another_digest() -> None:
    """PRO-054."""
    alpha, bravo = after(SIGN), after(SIGN, party="bravo")
    assert in_force_since(PROTOCOL, alpha, alpha) is None
    assert in_force_since(PROTOCOL, alpha, after(SIGN, party="charlie")) is None
    assert in_force_since(PROTOCOL, alpha, after(USE, party="bravo")) is None
    other = replace(bravo, protocol=ProtocolDigest("0" * 64))
    assert in_force_since(PROTOCOL, alpha, other) is None


def test_in_force_neither_before_nor_from_the_end_on() -> None:
    """PRO-056."""
    said = (after(SIGN), after(SIGN, party="bravo", at=NOON + timedelta(hours=1)))
    ends = PROTOCOL.ends
    assert ends is not None
    step = timedelta(microseconds=1)
    held = {
        at: bool(standing(PROTOCOL, said, at).in_force)
        for at in (NOON, NOON + timedelta(hours=1) - step, NOON + timedelta(hours=1))
    }
    assert list(held.values()) == [False, False, True]
    assert standing(PROTOCOL, said, ends - step).in_force
    assert not standing(PROTOCOL, said, ends).in_force
    assert standing(replace(PROTOCOL, ends=None), said, ends).in_force


def test_the_three_facts_stand_side_by_side() -> None:
    """PRO-052, PRO-055. Suspended by one, used by one that did not sign, in force for two."""
    said = (after(USE, party="charlie"), after(SIGN, party="bravo"), after(SIGN, SUSPEND, USE))
    for order in (said, said[::-1]):
        found = standing(PROTOCOL, order, NOON)
        assert [pair.parties for pair in found.in_force] == [("alpha", "bravo")]
        assert [party for party, _ in found.suspended_by] == ["alpha"]
        assert [party for party, _ in found.used_by] == ["alpha", "charlie"]
    unsigned = standing(PROTOCOL, (after(USE), after(USE, party="bravo")), NOON)
    assert (unsigned.in_force, len(unsigned.used_by)) == ((), 2)


def _rule(protocol: Protocol, rule_id: str) -> Rule:
    rule = protocol.rule(RuleId(rule_id))
    assert rule is not None
    return rule


def test_readings_are_the_text_then_each_partys() -> None:
    """PRO-060, PRO-061."""
    text = Minima(lateral_m=5_556.0, vertical_m=914.4)
    near = Minima(lateral_m=1_000.0, measured_from=MeasuredFrom.CENTRE)
    far = Minima(lateral_m=8_000.0)
    stated = [
        Understanding(party=PartyId("bravo"), rule=KEEP_AWAY, text="b", minima=near),
        Understanding(party=PartyId("alpha"), rule=KEEP_AWAY, text="a", minima=far),
        Understanding(party=PartyId("alpha"), rule=RuleId("zone-entry"), text="z", minima=near),
    ]
    expected = (
        Reading(party=None, minima=text),
        Reading(party=PartyId("alpha"), minima=far),
        Reading(party=PartyId("bravo"), minima=near),
    )
    rule = _rule(PROTOCOL, "keep-away")
    assert readings(rule, stated) == expected
    assert readings(rule, reversed(stated)) == expected
    assert readings(rule, ()) == expected[:1]


def test_words_only_and_duties_give_no_reading() -> None:
    """PRO-062."""
    words = Understanding(party=PartyId("alpha"), rule=KEEP_AWAY, text="with care")
    assert len(readings(_rule(PROTOCOL, "keep-away"), (words,))) == 1
    on_duty = Understanding(
        party=PartyId("alpha"), rule=RuleId("restraint"), text="x", minima=Minima(lateral_m=1.0)
    )
    assert readings(_rule(PROTOCOL, "restraint"), (on_duty,)) == ()


def test_a_newer_understanding_replaces_and_a_withdrawal_removes() -> None:
    """PRO-060, PRO-063. Before signature too, and the signature stays."""
    newer = replace(UNDERSTAND, text="from the wall", minima=None)
    held = after(UNDERSTAND, SIGN, newer)
    assert [stated.text for stated in held.understandings] == ["from the wall"]
    assert isinstance(advance(held, newer, stamp(9)), Duplicate)
    withdrawn = advance(held, WITHDRAW, stamp(9))
    assert isinstance(withdrawn, Adherence)
    assert (withdrawn.understandings, withdrawn.signed) == ((), stamp(1))
    assert isinstance(advance(withdrawn, WITHDRAW, stamp(10)), Refused)


@pytest.mark.parametrize("event", [SIGN, SUSPEND, RESUME, USE, UNDERSTAND, WITHDRAW])
def test_what_a_party_says_can_be_recorded(event: AdherenceEvent) -> None:
    """PRO-050, COD-007."""
    check_recordable(type(event))
    assert from_signed(type(event), to_signed(event)) == event


def test_what_says_nothing_is_refused() -> None:
    """PRO-009, PRO-050."""
    with pytest.raises(ValueError, match="text is empty"):
        ProtocolSuspended(protocol=DIGEST, text=" ")
    with pytest.raises(ValueError, match="is not a digest"):
        ProtocolSigned(protocol=ProtocolDigest("abc"))
    with pytest.raises(ValueError, match="is not an id"):
        UnderstandingWithdrawn(protocol=DIGEST, rule=RuleId("a b"))
