"""What is recorded of the picture and of alerts comes back from the record as it was."""

import pytest
from alert_values import KEY, finding
from picture_values import AGENCY, ARMY, START, at, motion, ref, scope, speaker, volume, zone

from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.detection.alert import (
    AlertAcknowledged,
    AlertChanged,
    AlertCleared,
    AlertEvent,
    AlertLastKnown,
    AlertRaised,
    ClearedBecause,
)
from crosstell.core.detection.decision import alert_id
from crosstell.core.detection.m_of_n import Severity
from crosstell.core.ids import NoticeId, PartyId, RoleId, TrackId
from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    AvoidanceRequest,
    Content,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
)
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.roles import RoleDeclared
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.picture.track import Hint, HintKind, Observation, TrackReported
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.wording import TEXT_LENGTH_MAX, check_text
from crosstell.core.protocol.rule import AlertLevel

NAME = alert_id(KEY, 1)
CONTENTS: list[Content] = [
    zone(),
    Activity(kind=ActivityKind.LIVE_FIRE, volumes=(volume(), volume(5_000, 6_000)), text="range"),
    OwnForceLocation(volume=volume(), standoff_m=1_000.0004),
    AvoidanceRequest(volume=volume(), asked="avoid"),
    NotifiedSite(notifier="agency", volume=volume(), what="hospital"),
    NotifiedMovement(notifier="agency", volumes=(volume(),), what="convoy"),
    GeneralNotice(text="stay away", source="press", stated_at=START),
]


def filed(content: Content) -> NoticeFiled:
    return NoticeFiled(
        notice=NoticeId("n"),
        version=1,
        content=content,
        marking="restricted",
        releasable_to=(PartyId("red"),),
        second=speaker(role="watch-chief"),
    )


EVENTS: list[object] = [
    *(filed(content) for content in CONTENTS),
    NoticeWithdrawn(notice=NoticeId("n"), version=1, reason="over"),
    StatusStated(notice=ref(1), status=StatedStatus.CONTESTED, scope=scope(ARMY), text="no"),
    Observation(
        track=TrackId("t"),
        source="radar",
        motion=motion(0),
        received_at=at(1),
        hints=(Hint(kind=HintKind.SQUAWK, value="7000"),),
        kind=ObjectKind.ROTORCRAFT,
    ),
    TrackReported(track=TrackId("t"), reporter="r", source="s", received_at=at(0), text="seen"),
    OwnershipStated(
        subject=OwnTrack(track=TrackId("t")), answer=OwnershipAnswer.OURS, scope=scope()
    ),
    OwnershipStated(subject=ref(4), answer=OwnershipAnswer.NOT_OURS, scope=scope(cannot=(AGENCY,))),
    RoleDeclared(role=RoleId("r"), title="R", scope=scope(), languages=("en", "tr")),
]
DECISIONS: list[AlertEvent] = [
    AlertRaised(
        key=KEY,
        alert=NAME,
        ordinal=1,
        returns=0,
        level=AlertLevel.URGENT,
        severity=Severity.URGENT,
        finding=finding(99.9994),
        at=at(0.000001),
    ),
    AlertChanged(
        key=KEY,
        alert=NAME,
        level=AlertLevel.CRITICAL,
        severity=Severity.CRITICAL,
        finding=finding(0.0),
        at=at(1),
    ),
    AlertLastKnown(key=KEY, alert=NAME, at=at(2)),
    AlertCleared(key=KEY, alert=NAME, because=ClearedBecause.NOTICE_EXPIRED, at=at(3)),
    AlertAcknowledged(alert=NAME, level=AlertLevel.URGENT),
]


@pytest.mark.parametrize("event", [*EVENTS, *DECISIONS], ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: object) -> None:
    """PIC-001, PIC-010, PIC-020, PIC-030, PIC-040, ALR-010."""
    assert from_signed(type(event), to_signed(event)) == event


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), (" \n", "empty"), ("a\x07b", "control character"), ("a" * 4_001, "shorten")],
)
def test_text_that_cannot_be_shown_is_refused(text: str, words: str) -> None:
    assert TEXT_LENGTH_MAX == 4_000
    with pytest.raises(ValueError, match=f"place: .*{words}"):
        check_text(text, what="place")
