"""Whatever an officer pastes, to places, or to every reason why not. Implements PLC-001 to PLC-004.

A pure function: no file, clock or network. The kind of text is seen from its first sign: `{` or `[`
is GeoJSON, `<` is KML, anything else are written positions.
"""

from crosstell.codecs.geo.geojson import read_geojson
from crosstell.codecs.geo.kml import read_kml
from crosstell.codecs.geo.places import (
    FAULTS_MAX,
    PLACES_MAX,
    TEXT_BYTES_MAX,
    Choices,
    Place,
    PlaceFault,
    Places,
    PlacesRefused,
    Unreadable,
)
from crosstell.codecs.geo.written import read_written

NO_CHOICES = Choices()


def parse_places(text: str, choices: Choices = NO_CHOICES) -> Places | PlacesRefused:
    """Everything that `text` says, or every fault: a part is never taken for the whole."""
    try:
        places, faults = _read(text, choices)
    except Unreadable as refused:
        return PlacesRefused(faults=(refused.fault,))
    if not faults and not places:
        faults = [PlaceFault(line=1, text="no position in the text; paste at least one")]
    if not faults and len(places) > PLACES_MAX:
        faults = [PlaceFault(line=1, text=f"over {PLACES_MAX} places; paste fewer")]
    if faults:
        return PlacesRefused(faults=tuple(faults[:FAULTS_MAX]))
    return Places(places=tuple(places))


def _read(text: str, choices: Choices) -> tuple[list[Place], list[PlaceFault]]:
    if len(text) > TEXT_BYTES_MAX or len(text.encode("utf-8", "replace")) > TEXT_BYTES_MAX:
        raise Unreadable(f"the text is longer than {TEXT_BYTES_MAX} bytes; paste less")
    body = text.lstrip("\ufeff")
    first = body.lstrip()[:1]
    if first in ("{", "["):
        return read_geojson(body, choices)
    if first == "<":
        return read_kml(body.lstrip(), choices)
    return read_written(body, choices)
