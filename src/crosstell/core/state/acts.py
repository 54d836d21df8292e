"""Which events a person may ask for, and which of those stay at home.

Beside the events and below the mechanism: who only asks, as a command does, needs no
more than this.
"""

from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.line.acknowledgement import CallDelivered
from crosstell.core.line.escalation import LadderEnded
from crosstell.core.line.health import LineReported
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemReleased
from crosstell.core.picture.releasing.share import ShareGranted, ShareUpdated, TrackShared
from crosstell.core.picture.track import TrackEnded, TrackReported
from crosstell.core.state.events import EVENTS, HOME_EVENTS, Event, JournalCommitted

BY_NODE_ALONE = (CallDelivered, JournalCommitted, ShareGranted, ShareUpdated)
HOME_ACTS = (
    AlertAcknowledged,
    CopyMade,
    DuressHeard,
    ItemReleased,
    LadderEnded,
    LineReported,
    TrackEnded,
    TrackReported,
    TrackShared,
    WatchRelieved,
    WatchTaken,
)

ACTS: tuple[type[Event], ...] = tuple(  # what a person may have recorded
    kind
    for kind in EVENTS
    if kind not in BY_NODE_ALONE and (kind not in HOME_EVENTS or kind in HOME_ACTS)
)
