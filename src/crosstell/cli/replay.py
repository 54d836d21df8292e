"""`crosstell replay`: an incident through one real node per party, in virtual time."""

import os
import secrets
from pathlib import Path

import click

from crosstell.core.errors import CallerError, CrosstellError
from crosstell.replay.page import render_page
from crosstell.replay.replaying import replay as replayed
from crosstell.replay.result_json import print_result
from crosstell.replay.text import print_text

EXIT_FAULTY = 2


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--run", "only", metavar="NAME", help="One run only; without it, all of them.")
@click.option("--seed", default=1, show_default=True, help="From which all chance is drawn.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the page too."
)
@click.option("--again", is_flag=True, help="Play it again, whatever is kept from last time.")
def replay(
    scenario: Path, only: str | None, seed: int, page: Path | None, *, as_json: bool, again: bool
) -> None:
    """Replay the incident in the folder SCENARIO: who held what when, who was called by when.

    Every figure stands under named assumptions. Nothing says what would have been prevented.
    """
    try:
        if page is not None:
            _check_target(page)
        result = replayed(scenario, only=only, seed=seed, again=again, say=_aside)
        text = print_result(result) if as_json else print_text(result)
        if page is not None:
            _write_whole(page, render_page(result))
    except CrosstellError as fault:
        click.echo(str(fault), err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from fault
    click.echo(text, nl=False)
    if page is not None:
        click.echo(f"page: {page}", err=as_json)


def _aside(text: str) -> None:
    """A word beside the result: never among what is printed for a machine."""
    click.echo(text, err=True)


def _check_target(page: Path) -> None:
    """Refuse a page that could not be written, before anything runs."""
    if page.is_dir() or not page.parent.is_dir():
        raise CallerError(f"{page}: cannot be written; name a file in a folder that exists")


def _write_whole(page: Path, content: str) -> None:
    """The page is there whole, or as it was before."""
    part = page.with_name(f".{page.name}.{secrets.token_hex(8)}")
    try:
        part.write_text(content, encoding="utf-8")
        os.replace(part, page)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CallerError(
            f"{page}: cannot be written ({error.strerror}); nothing was left there"
        ) from error
