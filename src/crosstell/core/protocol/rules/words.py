"""The words that rules share: how sure, how loud, whose, and about what.

A word is a closed set; its members are what documents write. Implements PRO-010, PRO-013.
"""

from enum import StrEnum
from typing import Protocol as Shape

from crosstell.core.ids import RuleId, check_id
from crosstell.core.protocol.grain import require_text


class Certainty(StrEnum):
    """How sure we are that the rule reads so in the real arrangement."""

    VERIFIED = "verified"  # the text was read
    PRESS = "press"  # reported, the text is not public
    RECALLED = "recalled"  # from memory, also of people who worked under it; nobody read it again
    ASSUMED = "assumed"  # set by the author of the document


class AlertLevel(StrEnum):
    """How loud an alert is; the order is advisory, urgent, critical."""

    ADVISORY = "advisory"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for advisory, 1 for urgent, 2 for critical."""
        return tuple(AlertLevel).index(self)


class OnUnknown(StrEnum):
    """What happens where the rule can be neither shown infringed nor shown kept."""

    ALERT = "alert"
    SHOW = "show"  # on the map and in the list, without a sound


class MeasuredFrom(StrEnum):
    """Where a distance from a declared place begins."""

    EDGE = "edge"  # the nearest edge of its footprint; inside it the distance is zero
    CENTRE = "centre"  # the centre of its circle; a polygon is measured from its edge


class TracksConcerned(StrEnum):
    """Whose tracks or activities a rule is about. A track of unknown owner may be anyone's."""

    OF_OTHERS = "of-others"  # not known to be of the party that declared the place
    ALL = "all"


class Concerned(StrEnum):
    """Whether a rule is about tracks, about filed activities, or about both."""

    TRACKS = "tracks"
    ACTIVITIES = "activities"
    BOTH = "both"


class KeptFrom(StrEnum):
    """Kinds of declared place that a standoff rule keeps others away from."""

    OWN_FORCE_LOCATION = "own-force-location"
    AVOIDANCE_PLACE = "avoidance-place"
    NOTIFIED_SITE = "notified-site"
    NOTIFIED_MOVEMENT = "notified-movement"


class Overflown(StrEnum):
    """What an overflight rule is about: the kinds of `KeptFrom`, and zones."""

    OWN_FORCE_LOCATION = "own-force-location"
    AVOIDANCE_PLACE = "avoidance-place"
    NOTIFIED_SITE = "notified-site"
    NOTIFIED_MOVEMENT = "notified-movement"
    ZONE = "zone"


class NamedActivity(StrEnum):
    """The kinds of activity that a rule can name: those that an activity notice can state.

    A notice that does not state its kind may be of any, so each rule about some kinds bears on
    it: as unknown.
    """

    CREWED_FLIGHT = "crewed-flight"
    UNCREWED_FLIGHT = "uncrewed-flight"
    LIVE_FIRE = "live-fire"
    GROUND_MOVEMENT = "ground-movement"
    AT_SEA = "at-sea"
    MEDICAL_EVACUATION = "medical-evacuation"
    SEARCH_AND_RESCUE = "search-and-rescue"
    EXERCISE = "exercise"


class Worded(Shape):
    """What every rule has: an id, its text and where the text comes from."""

    @property
    def id(self) -> RuleId:
        """The name that readings, findings and entries use."""

    @property
    def text(self) -> str:
        """The rule in words."""

    @property
    def source(self) -> str:
        """Where the text comes from."""


def check_rule(rule: Worded) -> None:
    """Raise ValueError unless the rule has an id, a text and a source."""
    check_id(rule.id, what="id")
    require_text(rule.text, what="text")
    require_text(rule.source, what="source")


def check_zones(zones: tuple[str, ...]) -> None:
    """Raise ValueError unless each field type says something."""
    for zone in zones:
        require_text(zone, what="zones", length_max=100)
