"""Where every event goes, and that its body is the same after it went: none is left out."""

from dataclasses import replace

import pytest
from account_values import moment, revised, stated
from line_values import at as line_at
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, World, call, post, received, roz, seen
from picture_values import ARMY, ref, scope
from release_values import RELEASES
from test_incident_paper import FILE, filed
from test_line_signed import EVENTS as LINE_EVENTS
from test_picture_recorded import DECISIONS
from test_picture_recorded import EVENTS as PICTURE_EVENTS

from crosstell.codecs import entry_body, parcel
from crosstell.core.assessment.account.claim import ClaimRevised, ClaimStated, ClaimWithdrawn
from crosstell.core.detection.alert import AlertHeld, AlertWatched
from crosstell.core.errors import RefusalCode
from crosstell.core.ids import AlertId, ClaimId, EntryRef, NoticeId, PaperId, RuleId, TrackId
from crosstell.core.incident.corrective_action import (
    ActionDeclined,
    ActionDone,
    ActionDueMoved,
    ActionUndertaken,
)
from crosstell.core.incident.joint_text import JointTextDeclined, JointTextSigned
from crosstell.core.incident.paper import PaperFiled, PaperWithdrawn
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallDelivered,
    CallPassedOn,
    CallReadBack,
    CallReceived,
    SummaryConfirmed,
)
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven
from crosstell.core.line.content import WHOLE_PARTY
from crosstell.core.line.escalation import DraftPrepared, LadderEnded, LadderOpened, RungReached
from crosstell.core.line.health import LineReported, LineSample
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallPlaced,
    ReadBackChecked,
    StopLifted,
    StopRenewed,
    SummaryProposed,
)
from crosstell.core.line.watch.broadcast import BroadcastHeard, BroadcastSent
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.mechanism.release import HOME, Shared, destination
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.ownership import (
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemReleased
from crosstell.core.picture.releasing.share import (
    ShareGranted,
    ShareRevoked,
    ShareUpdated,
    TrackShared,
)
from crosstell.core.picture.roles import RoleDeclared, RoleWithdrawn
from crosstell.core.picture.status import StatusStated
from crosstell.core.picture.track import ObservationFaulty, TrackEnded, TrackReported
from crosstell.core.protocol.adherence import (
    ProtocolResumed,
    ProtocolSigned,
    ProtocolSuspended,
    SuspensionCame,
    UsedInPractice,
)
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.rule import MeasuredFrom, Minima
from crosstell.core.protocol.understanding import (
    UnderstandingStated,
    UnderstandingWithdrawn,
)
from crosstell.core.record.entry import parse
from crosstell.core.state.events import (
    EVENTS,
    HOME_EVENTS,
    BodyErased,
    CommandRefused,
    Event,
    JournalCommitted,
)

DIGEST = ProtocolDigest("a" * 64)
MINIMA = Minima(lateral_m=100.0, vertical_m=None, measured_from=MeasuredFrom.EDGE)
FOUND = next(one.finding for one in DECISIONS if hasattr(one, "finding") and one.finding)
KEY = next(one.key for one in DECISIONS if hasattr(one, "key"))
MORE: tuple[object, ...] = (
    stated(moment("08:40")),
    filed(FILE),
    PaperWithdrawn(paper=PaperId("p"), version=1, reason="overtaken"),
    JointTextSigned(paper=ref(1)),
    JointTextDeclined(paper=ref(1), reason="the second sentence"),
    ActionUndertaken(paper=ref(1), due=line_at(9)),
    ActionDeclined(paper=ref(1), reason="nobody to staff it"),
    ActionDueMoved(paper=ref(1), due=line_at(9), reason="not trained yet"),
    ActionDone(paper=ref(1), evidence="roster"),
    revised(moment("08:41")),
    ClaimWithdrawn(claim=ClaimId("c"), reason="entered by mistake"),
    ProtocolSigned(protocol=DIGEST),
    ProtocolSuspended(protocol=DIGEST, text="suspended"),
    ProtocolResumed(protocol=DIGEST, text="resumed"),
    UsedInPractice(protocol=DIGEST, text="used"),
    SuspensionCame(suspension=ref(1)),
    UnderstandingStated(
        protocol=DIGEST, rule=RuleId("keep-away"), text="so we read it", minima=MINIMA
    ),
    UnderstandingWithdrawn(protocol=DIGEST, rule=RuleId("keep-away")),
    RoleWithdrawn(role=DUTY, reason="no longer manned"),
    OwnershipCorrected(
        subject=ref(4), answer=OwnershipAnswer.OURS, scope=scope(ARMY), reason="found it"
    ),
    ObservationFaulty(
        track=TrackId("t"), source="radar", received_at=line_at(1), fault="latitude 91"
    ),
    TrackEnded(track=TrackId("t"), source="radar", received_at=line_at(1), reason="landed"),
    AlertWatched(key=KEY, severity=DECISIONS[0].severity, finding=FOUND, at=line_at(1)),  # type: ignore[union-attr]
    AlertHeld(
        key=KEY,
        alert=AlertId("al"),
        severity=DECISIONS[0].severity,  # type: ignore[union-attr]
        finding=FOUND,
        at=line_at(1),
    ),
    *RELEASES,
    BodyErased(entry=ref(1), reason="the sender asked for it"),
    CommandRefused(asked="CallPlaced", code=RefusalCode.NOT_OWNER, text="no"),
    JournalCommitted(size=12, root="ab" * 32),
)
EXAMPLES: dict[type, object] = {
    type(event): event for event in (*LINE_EVENTS, *PICTURE_EVENTS, *DECISIONS, *MORE)
}


@pytest.mark.parametrize("event_class", EVENTS, ids=lambda one: one.__name__)
def test_every_event_comes_back_from_its_body(event_class: type[Event]) -> None:
    """MEC-004: every event has an example here, and its body decodes to the very event."""
    assert event_class in EXAMPLES, f"{event_class.__name__}: add an example"
    event: Event = EXAMPLES[event_class]  # type: ignore[assignment]
    kind = entry_body.kind_of(event)
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
    for speaker in (None, by):
        said = entry_body.decode(kind, entry_body.encode(event, speaker))
        assert said.body == event
        assert said.by == speaker


TO_ALL = (
    ProtocolSigned,
    ProtocolSuspended,
    ProtocolResumed,
    UsedInPractice,
    UnderstandingStated,
    UnderstandingWithdrawn,
    RoleDeclared,
    RoleWithdrawn,
    BroadcastSent,
    BroadcastHeard,
)
TO_CALLED = (
    CallPlaced,
    CallCorrected,
    CallDisregarded,
    StopRenewed,
    StopLifted,
    ReadBackChecked,
    SummaryProposed,
    CallClosed,
)
TO_CALLER = (
    CallDelivered,
    CallReceived,
    CallReadBack,
    CallPassedOn,
    CallActedOn,
    SummaryConfirmed,
    AnswerGiven,
    AnswerCorrected,
)
BY_THEMSELVES = (
    NoticeFiled,
    NoticeWithdrawn,
    StatusStated,
    OwnershipStated,
    OwnershipCorrected,
    VoiceLogged,
    VoiceLogCorrected,
    ClaimStated,
    ClaimRevised,
    ClaimWithdrawn,
    PaperFiled,
    PaperWithdrawn,
    JointTextSigned,
    JointTextDeclined,
    ActionUndertaken,
    ActionDeclined,
    ActionDueMoved,
    ActionDone,
    ShareGranted,
    ShareUpdated,
    ShareRevoked,
    JournalCommitted,
)
STAYS = (
    BodyErased,
    CommandRefused,
    CopyMade,
    DraftPrepared,
    DuressHeard,
    ItemReleased,
    LadderEnded,
    LadderOpened,
    LineReported,
    LineSample,
    ObservationFaulty,
    RungReached,
    SuspensionCame,
    TrackEnded,
    TrackReported,
    TrackShared,
    WatchRelieved,
    WatchTaken,
)


def three() -> World:
    """Three parties; alpha called bravo, and bravo called alpha."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, call("c-1", BRAVO))
    world.settle(BRAVO, call("c-2", ALPHA))
    return world


def test_every_event_has_a_decided_destination() -> None:
    """MEC-020, MEC-021: to all, to the one it is said to, to those named, or home; no other."""
    decided = {*TO_ALL, *TO_CALLED, *TO_CALLER, *BY_THEMSELVES, *HOME_EVENTS}
    assert set(EVENTS) == decided
    assert set(STAYS) < set(HOME_EVENTS)
    world = three()
    state = world.state(ALPHA)
    everyone = Shared(audience=(BRAVO, CHARLIE))
    theirs = state.feeds[BRAVO].calls[call("c-2").call].placed_stamp.ref
    for event_class in EVENTS:
        event: Event = EXAMPLES[event_class]  # type: ignore[assignment]
        if event_class in TO_ALL:
            assert destination(state, event) == everyone
        elif event_class is CallPlaced:
            assert destination(state, call("c-3", BRAVO)) == Shared(audience=(BRAVO,))
        elif event_class in TO_CALLED:
            assert event.call == call("c-1").call  # type: ignore[union-attr]
            assert destination(state, event) == Shared(audience=(BRAVO,))
        elif event_class in TO_CALLER:
            changed = replace(event, call=theirs)  # type: ignore[arg-type]
            assert destination(state, changed) == Shared(audience=(BRAVO,))
        elif event_class in HOME_EVENTS:
            assert destination(state, event) == HOME


def test_a_notice_goes_to_whom_it_is_releasable_and_its_withdrawal_follows() -> None:
    """MEC-022: nothing crosses by default; the withdrawal goes where the notice went."""
    world = three()
    assert destination(world.state(ALPHA), roz("roz-0")) == HOME
    assert destination(world.state(ALPHA), roz("roz-1", BRAVO)) == Shared(audience=(BRAVO,))
    gone = NoticeWithdrawn(notice=NoticeId("roz-1"), version=1, reason="over")
    assert destination(world.state(ALPHA), gone) == HOME
    world.settle(ALPHA, roz("roz-1", BRAVO))
    assert destination(world.state(ALPHA), gone) == Shared(audience=(BRAVO,))


def test_ownership_of_our_own_track_stays_home() -> None:
    """MEC-023: what is said of a track of our own picture never leaves."""
    world = three()
    ours = OwnTrack(track=TrackId("t"))
    said = OwnershipStated(subject=ours, answer=OwnershipAnswer.OURS, scope=WHOLE_PARTY)
    assert destination(world.state(ALPHA), said) == HOME
    theirs = EntryRef(feed=world.state(ALPHA).feeds[BRAVO].feed, seq=1, hash="ab" * 32)
    said = OwnershipStated(subject=theirs, answer=OwnershipAnswer.OURS, scope=WHOLE_PARTY)
    assert destination(world.state(ALPHA), said) == Shared(audience=(BRAVO,))
    committed = JournalCommitted(size=1, root="ab" * 32)
    assert destination(world.state(ALPHA), committed) == Shared(audience=())


def test_bodies_reach_their_audience_only_and_the_journal_nobody() -> None:
    """MEC-024, NOD-020: by the bytes of every parcel that was sent between three parties."""
    world = three()
    world.settle(ALPHA, roz("roz-secret-to-bravo", BRAVO))
    world.settle(ALPHA, post(ALPHA, "post-at-home"))
    world.settle(BRAVO, received("c-1"))
    for step in range(3):
        world.observe(ALPHA, seen(world.now, 6_000.0 - 60 * step, track="track-of-alpha"))
        world.wait(1.0)
    world.pass_time(7_200.0)
    setting = world.parties[ALPHA].setting
    bodies = {ALPHA: b"", BRAVO: b"", CHARLIE: b""}
    kinds: dict[str, set[str]] = {name: set() for name in bodies}
    for sender, message in world.sent:
        sent = parcel.decode(message.body)
        for row in sent.rows:
            header = parse(row.leaf).header
            kinds[message.to].add(header.type)
            assert header.feed != setting.journal
            assert header.feed in {feed for _, feed in setting.feeds}
            to = {setting.party_of(feed) for feed in header.to}
            if row.body is not None:
                bodies[message.to] += row.body
                founding = header.seq == 0
                assert founding or message.to in to or setting.party_of(header.feed) == message.to
            assert sender != message.to
    assert b"roz-secret-to-bravo" in bodies[BRAVO]
    assert b"roz-secret-to-bravo" not in bodies[CHARLIE]
    assert "notice_filed" in kinds[CHARLIE]  # the header is everybody's
    for other in (BRAVO, CHARLIE):
        for secret in (b"post-at-home", b"track-of-alpha", b"ladder", b"alert"):
            assert secret not in bodies[other]
        assert "journal_committed" in kinds[other]
        assert b"journal_committed" not in bodies[other]
    assert world.state(CHARLIE).feeds[ALPHA].notices == {}
    assert world.state(CHARLIE).feeds[ALPHA].unread != ()


def test_the_journals_root_is_in_the_feed_once_an_hour_whatever_happens() -> None:
    """MEC-025, NOD-013: on a fixed schedule, not on events."""
    world = World()
    world.pass_time(3 * 3_600.0)
    rows = world.parties[ALPHA].store.entries(world.parties[ALPHA].setting.feed)
    kinds = [parse(row.leaf).header for row in rows]
    at_ms = [header.hlc.ms for header in kinds if header.type == "journal_committed"]
    assert [ms % 3_600_000 for ms in at_ms] == [0, 0, 0]
    assert all(
        header.to == (world.parties[ALPHA].setting.feed,)
        for header in kinds
        if header.type == "journal_committed"
    )
