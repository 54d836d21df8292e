"""`crosstell replay`: an incident through one real node per party, in virtual time."""

import os
import secrets
from pathlib import Path

import click

from crosstell.cli.keeping.progress import progress
from crosstell.core.errors import CallerError, CrosstellError
from crosstell.papers.speech.speech import ENGLISH, LANGUAGES
from crosstell.replay.given.runs import RunUnknown
from crosstell.replay.page import render_page
from crosstell.replay.replaying import replay as replayed
from crosstell.replay.result_json import print_result
from crosstell.replay.text import print_text

EXIT_FAULTY = 2
LANGUAGE = "crosstell.language"
PAGE_MARKS = (
    " · Crosstell replay</title>".encode(),
    " · Crosstell incident report</title>".encode(),
    " · Crosstell incident papers</title>".encode(),
)
PAGE_START_BYTES = 65_536  # a title is long at most by the limit of its file


def _keep_language(context: click.Context, _option: click.Parameter, value: str) -> None:
    context.meta[LANGUAGE] = value


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--run", "only", metavar="NAME", help="One run only; without it, all of them.")
@click.option("--seed", default=1, show_default=True, help="From which all chance is drawn.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the page too."
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    expose_value=False,
    callback=_keep_language,
    help="Of the page: its language.",
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
            check_target(scenario, page)
        with progress("played") as tell:
            result = replayed(scenario, only=only, seed=seed, again=again, say=_aside, tell=tell)
        text = print_result(result) if as_json else print_text(result)
        if page is not None:
            write_whole(page, render_page(result, click.get_current_context().meta[LANGUAGE]))
    except RunUnknown as fault:
        click.echo(f"{scenario / 'scenario.yaml'}: --run: {fault}", err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from fault
    except CrosstellError as fault:
        click.echo(str(fault), err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from fault
    click.echo(text, nl=False)
    if page is not None:
        click.echo(f"page: {page}", err=as_json)


def _aside(text: str) -> None:
    """A word beside the result: never among what is printed for a machine."""
    click.echo(text, err=True)


def check_target(scenario: Path, page: Path) -> None:
    """Refuse, before anything runs, what cannot be written and what is not ours to replace.

    Implements REP-082.
    """
    if os.path.isdir(page) or not os.path.isdir(page.parent):
        raise CallerError(f"{page}: cannot be written; name a file in a folder that exists")
    try:
        places = (page.resolve(), page.parent.resolve())
        if any(place.is_relative_to(scenario.resolve()) for place in places):
            raise CallerError(
                f"{page}: lies in the folder that is read, which holds only what is given; name a "
                "file elsewhere"
            )
        if _is_there(page) and not _is_our_page(page):
            raise CallerError(
                f"{page}: is there and is no page of a replay; it is left as it is; name another"
            )
        part = _beside(page)
        part.touch(exist_ok=False)
        part.unlink()
    except (OSError, RuntimeError) as error:
        raise _unwritable(page, error) from error


def _is_there(page: Path) -> bool:
    """Whether anything has this name; OSError if nothing could have it."""
    try:
        page.lstat()
    except FileNotFoundError:
        return False
    return True


def _is_our_page(page: Path) -> bool:
    """Whether the file begins as every page of ours does."""
    if not page.is_file():
        return False
    with page.open("rb") as file:
        start = file.read(PAGE_START_BYTES)
    return start.lstrip()[:15].lower() == b"<!doctype html>" and any(
        mark in start for mark in PAGE_MARKS
    )


def _beside(page: Path) -> Path:
    return page.with_name(f".{secrets.token_hex(8)}.part")


def _unwritable(page: Path, error: OSError | RuntimeError) -> CallerError:
    why = getattr(error, "strerror", None) or error
    return CallerError(f"{page}: cannot be written ({why}); nothing was left there")


def write_whole(page: Path, content: str) -> None:
    """The page is there whole, or as it was before."""
    part = _beside(page)
    try:
        part.write_text(content, encoding="utf-8")
        os.replace(part, page)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(page, error) from error
