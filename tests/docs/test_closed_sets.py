"""Every word of the closed sets that a person sees stands in the glossary, under its own word."""

import re
from enum import StrEnum

import pytest
from documents import ROOT

from crosstell.core.altitude import Datum
from crosstell.core.assessment.account.claim import Confidence, SourceKind
from crosstell.core.assessment.account.consistency import Query
from crosstell.core.assessment.account.difference import Relation, Untestable
from crosstell.core.assessment.account.topic import ClaimKind
from crosstell.core.assessment.discrepancy.measured import Component
from crosstell.core.assessment.discrepancy.sequence import State as DiscrepancyState
from crosstell.core.assessment.lineage import Confirmation
from crosstell.core.assessment.registration.register import Refusal as RegistrationRefusal
from crosstell.core.assessment.stated import NotTestable
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.incident.agreement import AgreedStanding
from crosstell.core.incident.corrective_action import ActionState
from crosstell.core.incident.joint_text import PositionState
from crosstell.core.incident.precedent import Shared
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.escalation import MatterKind
from crosstell.core.line.health import ChainStep, Medium
from crosstell.core.line.message import Reality
from crosstell.core.line.view import ReadBackStanding, StopStanding
from crosstell.core.line.watch.matching import MatchStanding
from crosstell.core.line.watch.standing import Standing as LineStanding
from crosstell.core.line.watch.voice import AuthenticationMethod
from crosstell.core.mechanism.after.review import AgendaPoint
from crosstell.core.picture.ownership import OwnershipState
from crosstell.core.picture.party import Standing
from crosstell.core.picture.picture import Freshness
from crosstell.core.picture.status import StatusState
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.protocol.document import Evidence
from crosstell.core.protocol.rule import AlertLevel, Certainty
from crosstell.core.protocol.times import CallKind, NoticeKind, Precedence
from crosstell.core.state.held import Unread
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.pending import PendingState

SETS: tuple[tuple[type[StrEnum], str], ...] = (
    (AccountKind, "account"),
    (PendingState, "pending act"),
    (ActionState, "corrective action"),
    (AgendaPoint, "agenda"),
    (AgreedStanding, "agreed"),
    (AlertLevel, "alert"),
    (AnswerKind, "answer"),
    (Assessed, "verdict"),
    (AuthenticationMethod, "authentication"),
    (CallKind, "call"),
    (Certainty, "rule"),
    (ChainStep, "chain"),
    (ClaimKind, "claim"),
    (Confidence, "confidence"),
    (Component, "discrepancy"),
    (Confirmation, "lineage"),
    (Datum, "datum"),
    (DiscrepancyState, "discrepancy"),
    (Evidence, "evidence mode"),
    (Freshness, "track"),
    (LineStanding, "line"),
    (MatchStanding, "match"),
    (MatterKind, "matter"),
    (Medium, "carriage"),
    (NotTestable, "not testable"),
    (NoticeKind, "notice"),
    (ObjectKind, "kind"),
    (OwnershipState, "ownership"),
    (PositionState, "joint text"),
    (Precedence, "precedence"),
    (ReadBackStanding, "read back"),
    (Reality, "exercise"),
    (Query, "second look"),
    (Reason, "reason"),
    (Relation, "difference"),
    (Shared, "precedent"),
    (SourceKind, "source"),
    (RegistrationRefusal, "registration"),
    (Stage, "stages"),
    (Standing, "standing"),
    (StatusState, "status"),
    (StopStanding, "stop"),
    (Unread, "unread"),
    (Untestable, "difference"),
)
NOT_SAID = {Stage.UNSEEN}  # nothing has been recorded: there is no stage to show

_ENTRY = re.compile(r"^- \*\*([^*]+)\*\*(?: \([a-z]+\))?: (.*?)(?=^- \*\*|\Z)", re.M | re.S)


def plain(text: str) -> str:
    """Words in lower case, one space apart, hyphens and marks gone."""
    return " " + " ".join(re.findall(r"[a-z0-9]+", text.lower())) + " "


def entries(text: str) -> dict[str, str]:
    """Each word of the glossary with the plain words of its entry."""
    return {match[1].lower(): plain(match[2]) for match in _ENTRY.finditer(text)}


def unsaid(words: type[StrEnum], entry: str) -> list[str]:
    """Members that the entry does not name."""
    said = [member for member in words if member not in NOT_SAID]
    return [member.value for member in said if plain(member.value) not in entry]


@pytest.mark.parametrize(
    ("words", "entry"), SETS, ids=[f"{s.__module__}.{s.__name__}" for s, _ in SETS]
)
def test_every_member_is_in_the_glossary(words: type[StrEnum], entry: str) -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert unsaid(words, entries(text)[entry]) == []


def test_a_member_that_is_not_there_is_caught() -> None:
    text = "- **Precedence**: flash, immediate, non-priority\n  and so on.\n- **Rule**: routine.\n"
    assert unsaid(Precedence, entries(text)["precedence"]) == ["routine"]
    assert "rule" in entries(text)
