"""The operator's map packages over HTTP: which there are, and parts of one, to sessions alone.

A part is asked for by its range, as the page's reader does; a whole file is never given.
Implements CON-017, CON-342.
"""

import asyncio
import re
from pathlib import Path

from starlette.responses import Response

from crosstell.codecs.api.maps import MapMissing, MapsShown
from crosstell.core.errors import CallerError
from crosstell.shell.access.account import Right
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.routes import Media, Parameter, Route
from crosstell.shell.api.serving import Asked, Serving, json_response, plain_bytes
from crosstell.shell.console.map_checks import Standing
from crosstell.shell.console.maps import maps_in, missing_in, read_part

PART_SIZE_MAX = 4 * 2**20  # bytes of one answer: the largest metadata; tiles are far smaller
LOOK_S, LOOKS_MAX = 0.05, 60  # at a check that is under way, for three seconds
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})", re.ASCII)
_ID = {"type": "string", "pattern": "^[0-9a-f]{16}$"}


def _folder(serving: Serving) -> Path | None:
    return serving.settings.maps


async def listed(serving: Serving, _asked: Asked) -> Response:
    """Every package, as its manifest has it; one that is removed meanwhile hides no other."""
    folder = _folder(serving)
    found = () if folder is None else await serving.aside(maps_in, folder)
    there = [one for one in found if await _begun(serving, one.id)]
    gone = () if folder is None else await serving.aside(missing_in, folder)
    missing = tuple(MapMissing(id=one.id, title=one.title) for one in gone)
    return json_response(plain_bytes(MapsShown(maps=tuple(there), missing=missing)))


async def _begun(serving: Serving, name: str) -> bool:
    """What is listed is soon asked for: its check begins. False where it is gone by now."""
    try:
        await _standing(serving, name)
    except Unmet:
        return False
    return True


async def _standing(serving: Serving, name: str) -> Standing:
    """What is known of the package's file; a problem where no package has that id."""
    if serving.maps is None:
        raise Unmet("not-found", "this node keeps no maps")
    try:
        return await serving.aside(serving.maps.standing, name)
    except CallerError as fault:
        raise Unmet("not-found", str(fault)) from fault


async def sound(serving: Serving, name: str) -> None:
    """The package is the file that was added, byte for byte; else a problem that says what it is.

    A small one is checked in less than anybody notices, and is waited for. Implements CON-342.
    """
    standing = await _standing(serving, name)
    for _ in range(LOOKS_MAX):
        if standing is not Standing.CHECKING:
            break
        await asyncio.sleep(LOOK_S)
        standing = await _standing(serving, name)
    if standing is Standing.CHANGED:
        raise Unmet(
            "not-found",
            f"map {name}: its file is not the one that was added, by its hash; nothing of it is "
            "shown. Remove it, and add the map again from a copy that you trust",
        )
    if standing is Standing.CHECKING:
        raise Unmet("unavailable", f"map {name} is being checked against its hash; ask again")


async def part(serving: Serving, asked: Asked) -> Response:
    """The bytes of the range."""
    folder, name = _folder(serving), asked.request.path_params["id"]
    asked_for = _RANGE.fullmatch(asked.request.headers.get("Range", ""))
    if asked_for is None:
        raise Unmet("bad-request", "Range: ask for one part, bytes=FIRST-LAST")
    first, last = int(asked_for[1]), int(asked_for[2])
    if not 0 <= last - first < PART_SIZE_MAX:
        raise Unmet("bad-request", f"Range: ask for 1 to {PART_SIZE_MAX} bytes")
    if folder is None:
        raise Unmet("not-found", "this node keeps no maps")
    await sound(serving, name)
    try:
        data, size = await serving.aside(read_part, folder, name, first, last - first + 1)
    except CallerError as fault:
        raise Unmet("not-found", str(fault)) from fault
    headers = {"ETag": f'"{name}"', "Cache-Control": "private, max-age=3600"}
    if not data:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{first + len(data) - 1}/{size}"
    return Response(data, 206, headers=headers, media_type=Media.TILES.value)


MAPS = (
    Route(
        method="GET",
        path="/maps",
        name="maps",
        summary="The operator's own map packages, each with its hash",
        handler=listed,
        answers={200: MapsShown},
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/maps/{id}/part",
        name="map_part",
        summary="A part of a map package, by its range",
        handler=part,
        right=Right.SEE,
        answers={206: Media.TILES},
        parameters=(
            Parameter(name="id", where="path", text="", schema=_ID, required=True),
            Parameter(
                name="Range",
                where="header",
                text=f"One part, bytes=FIRST-LAST, of at most {PART_SIZE_MAX} bytes.",
                schema={"type": "string", "pattern": "^bytes=[0-9]{1,15}-[0-9]{1,15}$"},
                required=True,
            ),
        ),
        goes_on_idle=True,
        is_tile=True,
    ),
)
