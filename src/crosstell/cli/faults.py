"""How a command ends when what it was given is at fault: one message, exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from crosstell.core.errors import CrosstellError

EXIT_FAULTY = 2


@contextmanager
def one_message() -> Iterator[None]:
    """A fault raised inside becomes one message and exit code 2."""
    try:
        yield
    except CrosstellError as refused:
        click.echo(str(refused), err=True)
        raise click.exceptions.Exit(EXIT_FAULTY) from refused
