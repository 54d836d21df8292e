"""Every event that a node records, and which of its two logs it belongs in.

A *shared* event is an entry of the party's feed under this protocol; a *home* event stays in the
private journal. A notice or a claim may be either: released, or kept at home (`core.release`).
An event's kind, in a header and in a scenario, is its class name in snake case.
"""

from dataclasses import dataclass
from typing import get_args

from crosstell.core.assessment.account.claim import ClaimEvent
from crosstell.core.detection.alert import AlertAcknowledged, AlertDecision
from crosstell.core.errors import RefusalCode
from crosstell.core.ids import ForeignRef
from crosstell.core.incident.corrective_action import ActionEvent
from crosstell.core.incident.joint_text import JointEvent
from crosstell.core.incident.paper import PaperEvent
from crosstell.core.line.acknowledgement import AcknowledgementEvent
from crosstell.core.line.answer import AnswerEvent
from crosstell.core.line.escalation import LadderEvent
from crosstell.core.line.health import LineEvent
from crosstell.core.line.message import CallerEvent
from crosstell.core.line.watch.broadcast import BroadcastEvent
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.relief import WatchEvent
from crosstell.core.line.watch.voice import VoiceEvent
from crosstell.core.picture.notice import NoticeEvent
from crosstell.core.picture.ownership import OwnershipEvent
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemReleased
from crosstell.core.picture.releasing.share import ShareEvent, TrackShared
from crosstell.core.picture.roles import RoleEvent
from crosstell.core.picture.status import StatusStated
from crosstell.core.picture.track import TrackEvent
from crosstell.core.picture.wording import check_text
from crosstell.core.protocol.adherence import AdherenceEvent, SuspensionCame


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused:
    """A person asked for this and the tables said no. A refusal is recorded like any act.

    `asked_as` names the asking: where its answer was lost, the same asking is refused once.
    """

    asked: str
    code: RefusalCode
    text: str
    asked_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCommitted:
    """The private journal had this size and root, says its owner, on a fixed schedule.

    So that nobody can rewrite the journal later; the entry tells nothing of what is in it.
    """

    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyErased:
    """A person had the body of this entry erased here; the entry itself stays, and this one too."""

    entry: ForeignRef
    reason: str

    def __post_init__(self) -> None:
        """Refuse an erasure without reason."""
        check_text(self.reason, what="erasure: reason")


SharedEvent = (
    AdherenceEvent
    | RoleEvent
    | NoticeEvent
    | StatusStated
    | OwnershipEvent
    | ShareEvent
    | CallerEvent
    | AcknowledgementEvent
    | AnswerEvent
    | VoiceEvent
    | BroadcastEvent
    | ClaimEvent
    | PaperEvent
    | JointEvent
    | ActionEvent
    | JournalCommitted
)
HomeEvent = (
    TrackEvent
    | AlertDecision
    | AlertAcknowledged
    | LadderEvent
    | LineEvent
    | WatchEvent
    | DuressHeard
    | SuspensionCame
    | ItemReleased
    | TrackShared
    | CopyMade
    | BodyErased
    | CommandRefused
)
Event = SharedEvent | HomeEvent

SHARED_EVENTS: tuple[type[SharedEvent], ...] = get_args(SharedEvent)
HOME_EVENTS: tuple[type[HomeEvent], ...] = get_args(HomeEvent)
EVENTS: tuple[type[Event], ...] = (*SHARED_EVENTS, *HOME_EVENTS)
