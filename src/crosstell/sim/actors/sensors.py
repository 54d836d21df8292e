"""Objects that fly through a virtual world, and sensors that see them badly.

Units: seconds, metres, metres per second. Every sensor's name is a mark: what it saw never leaves
its party. Implements SIM-008.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import later, seconds_between
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation, ObservationFaulty, observe
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.sim.actors.desk import AREA_LAT_DEG, AREA_LON_DEG
from crosstell.sim.host import Host

EVERY_S = 20.0
FLYING = (None, ObjectKind.AEROPLANE, ObjectKind.ROTORCRAFT)  # what these objects may say they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Flyer:
    """One object on a straight course, and what it says it is."""

    track: TrackId
    origin: Position
    since: datetime
    track_deg: float
    speed_mps: float
    altitude_m: float
    kind: ObjectKind | None

    def motion(self, at: datetime, datum: Datum, bias_m: float = 1.0) -> Motion:
        """Where it is at `at`, by a clock that is right."""
        travel_m = self.speed_mps * seconds_between(self.since, at)
        return Motion(
            position=destination(self.origin, track_deg=self.track_deg, travel_m=travel_m),
            at=at,
            altitude=Altitude(value_m=self.altitude_m, datum=datum),
            velocity=Velocity(track_deg=self.track_deg, speed_mps=self.speed_mps, climb_mps=0.0),
            position_accuracy_m=50.0 * bias_m,
            altitude_accuracy_m=50.0,
        )


@dataclass(slots=True)
class Sensor:
    """One party's sensor."""

    host: Host
    random: Random
    kinds: Random
    heard: Callable[[Observed], None]
    flyers: tuple[Flyer, ...] = ()
    is_faulty: bool = True
    late: list[Observation] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Its name, which is a mark."""
        return f"mark-sensor-{self.host.name}."

    def begin(self, now: datetime) -> None:
        """Draw what flies where."""
        self.flyers = tuple(
            self._flyer(number, now) for number in range(self.random.choice((1, 1, 2)))
        )

    def _flyer(self, number: int, now: datetime) -> Flyer:
        track_deg = self.random.uniform(0.0, 360.0)
        aim = Position(
            lat_deg=AREA_LAT_DEG + self.random.uniform(-0.1, 0.1),
            lon_deg=AREA_LON_DEG + self.random.uniform(-0.1, 0.1),
        )
        back_m = self.random.uniform(5_000.0, 60_000.0)
        return Flyer(
            track=TrackId(f"{self.host.name}-t{number}"),
            origin=destination(aim, track_deg=(track_deg + 180.0) % 360.0, travel_m=back_m),
            since=now,
            track_deg=track_deg,
            speed_mps=self.random.uniform(25.0, 120.0),
            altitude_m=self.random.uniform(200.0, 5_000.0),
            kind=self.kinds.choice(FLYING),
        )

    def look(self, now: datetime) -> None:
        """Every object is measured once, and some measurements go wrong."""
        seen = [one for flyer in self.flyers for one in self._measure(flyer, now)]
        options = self.host.options
        if self.is_faulty and self.random.random() < options.sensor_swap and len(seen) == 2:
            seen = [self._swapped(seen[0], seen[1]), self._swapped(seen[1], seen[0])]
        if self.late and self.random.random() < 0.5:
            seen.append(self.late.pop(0))
        if seen:
            given = Observed(observations=tuple(seen))
            if self.host.give(given) is not None:
                self.heard(given)

    @staticmethod
    def _swapped(
        one: Observation | ObservationFaulty, other: Observation | ObservationFaulty
    ) -> Observation | ObservationFaulty:
        if isinstance(one, ObservationFaulty) or isinstance(other, ObservationFaulty):
            return one
        return replace(one, track=other.track)

    def _measure(self, flyer: Flyer, now: datetime) -> tuple[Observation | ObservationFaulty, ...]:
        options, received = self.host.options, self.host.local()
        if not self.is_faulty:
            return (self._observed(flyer, now, received, Datum.MSL_EGM96),)
        if self.random.random() < options.sensor_drop:
            return ()
        if self.random.random() < options.sensor_nan:
            bad = observe(
                track=flyer.track,
                source=self.source,
                received_at=received,
                make=lambda: flyer.motion(now, Datum.MSL_EGM96, float("nan")),
            )
            return (bad,)
        mixed = self.random.random() < options.sensor_datum
        datum = Datum.STANDARD_PRESSURE if mixed else Datum.MSL_EGM96
        found = self._observed(flyer, now, received, datum)
        if self.random.random() < options.sensor_lag:
            self.late.append(found)
            return ()
        return (found,)

    def _observed(
        self, flyer: Flyer, now: datetime, received: datetime, datum: Datum
    ) -> Observation:
        """By the sensor's own clock, which is the host's; sometimes said to be what it is not."""
        true = flyer.motion(now, datum)
        shown = later(received, by_s=-0.5)
        motion = Motion(
            position=true.position,
            at=shown,
            altitude=true.altitude,
            velocity=true.velocity,
            position_accuracy_m=true.position_accuracy_m,
            altitude_accuracy_m=true.altitude_accuracy_m,
        )
        wrong = self.is_faulty and self.kinds.random() < self.host.options.sensor_kind
        return Observation(
            track=flyer.track,
            source=self.source,
            motion=motion,
            received_at=received,
            kind=self.kinds.choice(tuple(ObjectKind)) if wrong else flyer.kind,
        )
