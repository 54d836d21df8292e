"""What a claim states, typed: so that two claims can be set against each other, and no further.

Units: metres, seconds, metres per second; heights with their datum; instants in UTC. A bound that
is not stated is None: "more than a dozen" has no upper bound, and none is guessed.

Rules of this file
- A figure is a range as stated. An exact figure has both bounds alike; one that the source tells
  with "about" or a like word is `told` so, since nobody states how far about goes.
- A local time whose zone nobody stated is a clock reading and never an instant.
- A height whose datum nobody stated is a height without datum and never an altitude.
- "Not known" is a statement of its own, and no denial.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crosstell.core.altitude import Altitude
from crosstell.core.assessment.account.ranges import (
    UNLESS_DEFAULT,
    WORDS_LENGTH_MAX,
    Exactness,
    check_range,
    to_grain,
)
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ForeignRef
from crosstell.core.instant import format_instant, require_utc
from crosstell.core.picture.party import Scope
from crosstell.core.picture.track import HintKind
from crosstell.core.picture.wording import check_text


class Held(StrEnum):
    """Whether the speaker holds a thing to be so."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"


class ZoneOfTime(StrEnum):
    """How a stated time came to be an instant."""

    STATED = "stated"  # in UTC, or with its zone or offset
    ASSUMED = "assumed"  # by whoever entered the claim; the source states no zone


class Measure(StrEnum):
    """What a stated distance measures."""

    STRAIGHT = "straight"  # the shortest way between the two
    ALONG_PATH = "along-path"
    DEPTH = "depth"  # how far beyond a line, at right angles to it
    NOT_STATED = "not-stated"


class Passage(StrEnum):
    """Which end of telling is spoken of. Sent is not received."""

    NOT_STATED = "not-stated"
    SENT = "sent"
    RECEIVED = "received"


class ZoneWord(StrEnum):
    """What is stated of a declared zone."""

    DECLARED = "declared"
    RECEIVED = "received"
    OBSERVED_IN_PRACTICE = "observed-in-practice"
    CONTESTED = "contested"
    NOT_NOTIFIED = "not-notified"  # the speaker states that no notice of it reached them
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """It was within [`earliest`, `latest`], both included; `as_stated` is the source's own form."""

    earliest: datetime
    latest: datetime
    as_stated: str
    zone: ZoneOfTime = ZoneOfTime.STATED
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse another zone, reversed bounds, and nothing stated."""
        require_utc(self.earliest, what="moment: earliest")
        require_utc(self.latest, what="moment: latest")
        check_text(self.as_stated, what="moment: as stated", length_max=WORDS_LENGTH_MAX)
        if self.latest < self.earliest:
            raise ValueError(
                f"moment: latest {format_instant(self.latest)} is before earliest "
                f"{format_instant(self.earliest)}; swap or correct them"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """What a clock face showed; nobody says in which zone.

    `face` is that date and time written as if it were UTC, which it need not be.
    """

    face: datetime
    as_stated: str

    def __post_init__(self) -> None:
        """Refuse what is not written with Z, and nothing stated."""
        require_utc(self.face, what="clock reading")
        check_text(self.as_stated, what="clock reading: as stated", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """`of_what` lasted so long."""

    of_what: str
    at_least_s: float | None
    at_most_s: float | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        check_text(self.of_what, what="duration: of what", length_max=WORDS_LENGTH_MAX)
        check_range(self.at_least_s, self.at_most_s, what="duration")
        to_grain(self, "at_least_s", "at_most_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`of_what` was within `within_m` of the position; None: no accuracy is stated."""

    of_what: str
    position: Position
    within_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse an accuracy that is no length."""
        check_text(self.of_what, what="place: of what", length_max=WORDS_LENGTH_MAX)
        if self.within_m is not None:
            check_range(self.within_m, self.within_m, what="place: within")
        to_grain(self, "within_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class InArea:
    """`of_what` was in a named area; `notice` is the notice that declares it, where one does."""

    of_what: str
    area: str
    is_so: Held
    notice: ForeignRef | None = None

    def __post_init__(self) -> None:
        """Refuse an area without a name."""
        check_text(self.of_what, what="in area: of what", length_max=WORDS_LENGTH_MAX)
        check_text(self.area, what="in area: area", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """`of_what` was so far from `reference`, measured as `measure` says.

    `direction` is where from there, in the source's own word ("south-west"); it is not compared.
    """

    of_what: str
    reference: str
    at_least_m: float | None
    at_most_m: float | None
    measure: Measure = Measure.NOT_STATED
    direction: str | None = None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none, and ends without a name."""
        check_text(self.of_what, what="distance: of what", length_max=WORDS_LENGTH_MAX)
        check_text(self.reference, what="distance: reference", length_max=WORDS_LENGTH_MAX)
        if self.direction is not None:
            check_text(self.direction, what="distance: direction", length_max=WORDS_LENGTH_MAX)
        check_range(self.at_least_m, self.at_most_m, what="distance")
        to_grain(self, "at_least_m", "at_most_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Height:
    """`of_what` was between two altitudes of one datum, both included."""

    of_what: str
    lower: Altitude
    upper: Altitude
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse two datums and reversed bounds."""
        check_text(self.of_what, what="height: of what", length_max=WORDS_LENGTH_MAX)
        if self.lower.datum is not self.upper.datum:
            raise ValueError(
                f"height: {self.lower.datum} and {self.upper.datum}; state both in one datum"
            )
        if self.upper < self.lower:
            raise ValueError("height: upper is below lower; swap or correct them")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightWithoutDatum:
    """A height of which nobody says above what."""

    of_what: str
    at_least_m: float | None
    at_most_m: float | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        check_text(self.of_what, what="height: of what", length_max=WORDS_LENGTH_MAX)
        check_range(self.at_least_m, self.at_most_m, what="height", below_zero=True)
        to_grain(self, "at_least_m", "at_most_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """`of_what` went so fast over ground."""

    of_what: str
    at_least_mps: float | None
    at_most_mps: float | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        check_text(self.of_what, what="speed: of what", length_max=WORDS_LENGTH_MAX)
        check_range(self.at_least_mps, self.at_most_mps, what="speed")
        to_grain(self, "at_least_mps", "at_most_mps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """There were so many of `of_what`."""

    of_what: str
    at_least: int | None
    at_most: int | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        check_text(self.of_what, what="count: of what", length_max=WORDS_LENGTH_MAX)
        check_range(self.at_least, self.at_most, what="count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`of_what` was, by one kind of mark, this."""

    of_what: str
    kind: HintKind
    value: str

    def __post_init__(self) -> None:
        """Refuse an empty mark."""
        check_text(self.of_what, what="identity: of what", length_max=WORDS_LENGTH_MAX)
        check_text(self.value, what="identity", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """`of_what` was, or was not, the object of `whose`; said for the components in `scope`.

    "Not the armed forces'" is scope `armed-forces`, and says nothing for another component. None:
    for whom it is said is not stated.
    """

    of_what: str
    whose: str
    is_so: Held
    scope: Scope | None = None

    def __post_init__(self) -> None:
        """Refuse an owner without a name."""
        check_text(self.of_what, what="belongs: of what", length_max=WORDS_LENGTH_MAX)
        check_text(self.whose, what="belongs: whose", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`of_what` was told to `to_whom`, was not, or the speaker does not know."""

    of_what: str
    to_whom: str
    is_so: Held
    passage: Passage = field(default=Passage.NOT_STATED, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse what was told, and to whom, without a name."""
        check_text(self.of_what, what="told: of what", length_max=WORDS_LENGTH_MAX)
        check_text(self.to_whom, what="told: to whom", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transponder:
    """The transponder of `of_what` was on, was not, or the speaker does not know."""

    of_what: str
    was_on: Held

    def __post_init__(self) -> None:
        """Refuse an object without a name."""
        check_text(self.of_what, what="transponder: of what", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStatus:
    """How the speaker says that a declared zone stood; `notice` declares it, where one does."""

    zone: str
    word: ZoneWord
    notice: ForeignRef | None = None

    def __post_init__(self) -> None:
        """Refuse a zone without a name."""
        check_text(self.zone, what="zone status: zone", length_max=WORDS_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """So many of `among` were killed and injured, as reported."""

    among: str
    killed_at_least: int | None
    killed_at_most: int | None
    injured_at_least: int | None = None
    injured_at_most: int | None = None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse ranges that are none, and no figure at all."""
        check_text(self.among, what="casualties: among", length_max=WORDS_LENGTH_MAX)
        killed = (self.killed_at_least, self.killed_at_most)
        injured = (self.injured_at_least, self.injured_at_most)
        if all(one is None for one in (*killed, *injured)):
            raise ValueError("casualties: no figure; state one bound at least")
        for (low, high), what in ((killed, "killed"), (injured, "injured")):
            if low is not None or high is not None:
                check_range(low, high, what=f"casualties: {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An assessment in the speaker's own words, with the reasons that they give."""

    text: str
    reasons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse empty words."""
        check_text(self.text, what="judgement")
        for reason in self.reasons:
            check_text(reason, what="judgement: reason")


Stated = (
    Moment
    | ClockReading
    | Duration
    | Place
    | InArea
    | Distance
    | Height
    | HeightWithoutDatum
    | Speed
    | Count
    | Identity
    | Belongs
    | WarningsSent
    | WarningsReceived
    | Told
    | Transponder
    | ZoneStatus
    | Casualties
    | Judgement
    | AgreedThat
    | Disputes
    | Alleged
)
