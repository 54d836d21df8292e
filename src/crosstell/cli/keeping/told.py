"""How a command that is not asked of a running node gives its result: in lines, or as JSON."""

import json
from typing import Any

import click

JSON = click.option("--json", "as_json", is_flag=True, help="The result for machines.")


def tell(value: Any, lines: list[str], *, as_json: bool) -> None:  # noqa: ANN401 - JSON
    """The result, for machines or for a person."""
    if as_json:
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
        return
    for line in lines:
        click.echo(line)
