"""What goes on the map of a run: sides, declared shapes and tracks, each as the side held it."""

from crosstell.core.altitude import Altitude
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.shape.drawn import outline_lonlat
from crosstell.core.picture.content import OwnForceLocation, Zone, volumes_of
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import Observation, TrackReported
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Boundary
from crosstell.replay.found.calls import held_elsewhere
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Fix, HeldBy, ShapeShown, Spot, TrackShown

CIRCLE_POINTS = 64
FIXES_MAX = 400  # of one track on the page; the record has all


def shapes_of(trace: Trace) -> tuple[ShapeShown, ...]:
    """Every volume of every notice that was filed, with who held it since when."""
    held = held_elsewhere(trace)
    found: list[ShapeShown] = []
    for sight in trace.sights:
        body = sight.body
        if sight.held_by != sight.of or not isinstance(body, NoticeFiled):
            continue
        since = (HeldBy(party=sight.of, at=sight.at), *held.get(sight.ref, ()))
        found += [
            _shape(body, sight, volume.footprint, since) for volume in volumes_of(body.content)
        ]
    return tuple(found)


def sides_of(protocol: Protocol) -> tuple[ShapeShown, ...]:
    """Each side that a boundary rule draws, by the party whose version it is. Implements REP-088.

    It is part of the protocol, which all hold from the start.
    """
    return tuple(
        ShapeShown(
            id=f"{rule.id}-{version.party}",
            party=version.party,
            kind="side",
            label=f"side of {version.party}",
            points=_points(footprint),
            radius_m=footprint.radius_m if isinstance(footprint, Circle) else 0.0,
            held_by=(),
            assumed=f"as {version.party} draws it under rule {rule.id}; {rule.source}",
        )
        for rule in protocol.rules
        if isinstance(rule, Boundary)
        for version in rule.versions
        for footprint in version.side
    )


def _shape(
    body: NoticeFiled, sight: Sight, footprint: Footprint, since: tuple[HeldBy, ...]
) -> ShapeShown:
    kind = "area"
    if isinstance(body.content, Zone):
        kind = "zone"
    elif isinstance(body.content, OwnForceLocation):
        kind = "place"
    return ShapeShown(
        id=body.notice,
        party=sight.of,
        kind=kind,
        label=body.notice,
        points=_points(footprint),
        radius_m=footprint.radius_m if isinstance(footprint, Circle) else 0.0,
        held_by=since,
        assumed=body.marking,
    )


def _points(footprint: Footprint) -> tuple[Spot, ...]:
    """A circle's centre; otherwise the ring to draw, with a cut in it to every hole."""
    match footprint:
        case Circle():
            corners = [(footprint.centre.lon_deg, footprint.centre.lat_deg)]
        case Polygon(holes=()):
            corners = [(vertex.lon_deg, vertex.lat_deg) for vertex in footprint.vertices]
        case _:
            outer, *holes = outline_lonlat(footprint, points=CIRCLE_POINTS)
            corners = list(outer)
            for hole in holes:
                corners += [outer[0], *hole, hole[0]]
            if holes:
                corners.append(outer[0])
    return tuple(Spot(lat_deg=lat, lon_deg=lon) for lon, lat in corners)


def tracks_of(trace: Trace) -> tuple[TrackShown, ...]:
    """Every track with a position, per side that held it; two sides' tracks are never merged."""
    fixes: dict[tuple[str, str], list[Fix]] = {}
    sources: dict[tuple[str, str], str] = {}
    for sight in trace.sights:
        body = sight.body
        if not isinstance(body, Observation | TrackReported) or body.motion is None:
            continue
        key = (sight.held_by, body.track)
        position = body.motion.position
        sources.setdefault(key, body.source)
        fixes.setdefault(key, []).append(
            Fix(
                at=body.motion.at,
                lat_deg=position.lat_deg,
                lon_deg=position.lon_deg,
                height=_height(body.motion.altitude),
            )
        )
    return tuple(
        TrackShown(party=key[0], track=key[1], source=sources[key], fixes=tuple(found[:FIXES_MAX]))
        for key, found in sorted(fixes.items())
    )


def _height(altitude: Altitude | None) -> str:
    if altitude is None:
        return "height unknown"
    return f"{altitude.value_m:.0f} m {altitude.datum.value}"
