"""What a command that is not asked of a running node is given, and how it tells its result."""

import json
from pathlib import Path
from typing import Any

import click

from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, check_id

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="The result for machines.")
PACE = click.option(
    "--pace",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Of an exercise: by the clock whose pace this file gives.",
)


def tell(value: Any, lines: list[str], *, as_json: bool) -> None:  # noqa: ANN401 - JSON
    """The result, for machines or for a person."""
    if as_json:
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)


def entry_named(text: str, option: str) -> tuple[FeedId, int]:
    """The feed and number in `FEED/NUMBER`."""
    feed, _, number = text.rpartition("/")
    try:
        check_id(feed, what="feed")
    except ValueError as error:
        raise CallerError(f"{option} {text!r}: {error}; write it as alpha/17") from error
    if not (number.isascii() and number.isdigit()) or len(number) > 16:
        raise CallerError(f"{option} {text!r}: {number!r} is no entry number; write it as alpha/17")
    return FeedId(feed), int(number)
