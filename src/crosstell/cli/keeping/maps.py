"""`crosstell node map`: the operator's own map packages, for the eye alone."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import FOLDER, JSON, tell
from crosstell.codecs.plain import to_plain
from crosstell.core.errors import Fatal
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.console.maps import add_map, is_whole, maps_in, missing_in, remove_map


@click.group(name="map")
def map_group() -> None:
    """The operator's own maps: PMTiles files, drawn under everything, computed from by nothing."""


@map_group.command()
@FOLDER
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="What stands on the map: whose it is, and of when.")
@JSON
def add(folder: Path, file: Path, title: str, *, as_json: bool) -> None:
    """Copy a PMTiles FILE into the node. A running node offers it at once."""
    with one_message():
        found = add_map(read_installation(folder).maps, file, title)
    lines = [
        f"{found.title}: {found.kind} map {found.id}, {found.size} bytes,"
        f" zoom {found.zoom_min} to {found.zoom_max}, {found.west_deg:.2f} to"
        f" {found.east_deg:.2f} E, {found.south_deg:.2f} to {found.north_deg:.2f} N",
        f"sha256 {found.sha256}: the other party's map is the same if its hash is",
        "Choose it on the console's map. It is drawn where the screen has WebGL; where it has none,"
        " the reference map stays and says so",
    ]
    tell(to_plain(found), lines, as_json=as_json)


@map_group.command(name="list")
@FOLDER
@JSON
def list_maps(folder: Path, *, as_json: bool) -> None:
    """Tell the maps, each file read again and held against its hash."""
    with one_message():
        maps = read_installation(folder).maps
        found = maps_in(maps)
        changed = [one.id for one in found if not is_whole(maps, one)]
        lines = [
            f"{one.id}  {one.title}: {'CHANGED' if one.id in changed else 'as it was added'}"
            for one in found
        ]
        gone = missing_in(maps)
        lines += [f"{one.id}  {one.title}: MISSING, its file is gone or cut" for one in gone]
        missing = [one.id for one in gone]
        told = {"maps": [to_plain(one) for one in found], "changed": changed, "missing": missing}
        tell(told, lines or ["no map but the reference map"], as_json=as_json)
        if changed or missing:
            raise Fatal(
                f"{', '.join((*changed, *missing))}: the file is not the one added; remove it, add "
                "it again"
            )


@map_group.command()
@FOLDER
@click.argument("map_id", metavar="ID")
@JSON
def remove(folder: Path, map_id: str, *, as_json: bool) -> None:
    """Remove the map whose ID begins so. Screens that show it go back to the reference map."""
    with one_message():
        found = remove_map(read_installation(folder).maps, map_id)
    tell({"removed": found.id}, [f"{found.title} ({found.id}) is removed"], as_json=as_json)
