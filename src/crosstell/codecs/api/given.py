"""What requests state in the document form: acts, measurements, plans. Read by `json_document`."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.geo.places import Choices, Figure, Order
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId, check_id
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX
from crosstell.core.picture.track import Hint, Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.state.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActGiven:
    """The very event that is to be recorded. Who says it, the session says."""

    body: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measurement of one object by one source.

    `received_at` is when a gateway of ours took it; left out, or later than now, it is now.
    """

    track: TrackId
    source: str
    motion: Motion
    received_at: datetime | None = None
    hints: tuple[Hint, ...] = ()
    kind: ObjectKind | None = None

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.track, what="track")

    def at(self, now: datetime) -> Observation:
        """The observation as it reached us."""
        received_at = now if self.received_at is None else min(self.received_at, now)
        return Observation(
            track=self.track,
            source=self.source,
            motion=self.motion,
            received_at=received_at,
            hints=self.hints,
            kind=self.kind,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredHeading:
    """What a faulty measurement must at least name, to be kept as faulty."""

    track: TrackId
    source: str

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.track, what="track")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationsGiven:
    """Measurements in the order in which they were made."""

    observations: tuple[Measured, ...]

    def __post_init__(self) -> None:
        """Refuse more than one step may carry."""
        if len(self.observations) > OBSERVATIONS_MAX:
            raise ValueError(f"observations: at most {OBSERVATIONS_MAX} at a time")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesGiven:
    """Pasted text that says places, and what the person says beside it where it leaves a choice."""

    text: str
    order: Order | None = None
    width_m: float | None = None
    figure: Figure | None = None

    @property
    def choices(self) -> Choices:
        """What is said beside the text. ValueError for a width that no way has."""
        return Choices(order=self.order, width_m=self.width_m, figure=self.figure)
