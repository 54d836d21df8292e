"""`crosstell node backup`: the node's folder, copied while it runs."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.progress import progress
from crosstell.cli.keeping.told import FOLDER, JSON, tell
from crosstell.shell.config.backup import back_up
from crosstell.shell.config.node_file import read_installation


@click.command()
@FOLDER
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@JSON
def backup(folder: Path, out: Path, *, as_json: bool) -> None:
    """Copy the node into a new folder while it runs; marks and offline root are left out."""
    with one_message(), progress("copied") as aside:
        made = back_up(read_installation(folder), out, aside)
    lines = [f"{name}  {size} bytes" for name, size in made.files]
    lines += [
        f"NOT IN IT: {name} lies outside the node's folder; copy it by hand"
        for name in made.left_out
    ]
    whole = "is whole" if not made.left_out else "is whole but for that"
    lines.append(f"{out} {whole}. It holds private keys: keep it as you keep the node's folder")
    value = {
        "folder": str(out),
        "files": [{"name": name, "bytes": size} for name, size in made.files],
        "left_out": list(made.left_out),
    }
    tell(value, lines, as_json=as_json)
