"""What the next watch is told of since an instant: the entries that changed how things stand.

Everything is told but what is named here: a kind that is new is told until somebody decides.
"""

from crosstell.core.detection.alert import AlertHeld, AlertWatched
from crosstell.core.line.acknowledgement import (
    CallDelivered,
    CallReadBack,
    CallReceived,
    SummaryConfirmed,
)
from crosstell.core.line.escalation import DraftPrepared, LadderEnded, LadderOpened, RungReached
from crosstell.core.line.health import LineSample
from crosstell.core.line.message import (
    CallClosed,
    CallKind,
    CallPlaced,
    ReadBackChecked,
    StopRenewed,
    SummaryProposed,
)
from crosstell.core.picture.releasing.share import ShareUpdated, TrackShared
from crosstell.core.picture.track import Observation, ObservationFaulty
from crosstell.core.protocol.adherence import SuspensionCame
from crosstell.core.state.events import CommandRefused, Event, JournalCommitted

ALIKE: tuple[type[Event], ...] = (  # of the node's own running, or beside what is told anyway
    AlertHeld,
    AlertWatched,
    CommandRefused,
    DraftPrepared,
    JournalCommitted,
    LadderEnded,
    LadderOpened,
    LineSample,
    Observation,
    ObservationFaulty,
    RungReached,
    ShareUpdated,
    SuspensionCame,
    TrackShared,  # our own side of a share; what is granted is told
)
STAGES: tuple[type[Event], ...] = (  # of a call: they stand in its panel
    CallClosed,
    CallDelivered,
    CallReadBack,
    CallReceived,
    ReadBackChecked,
    StopRenewed,
    SummaryConfirmed,
    SummaryProposed,
)


def is_told(event: Event) -> bool:
    """Whether the next watch is told of it; a line test is told by its line. CON-550."""
    if isinstance(event, CallPlaced):
        return event.kind is not CallKind.TEST
    return not isinstance(event, (*ALIKE, *STAGES))
