"""A group of commands by name. Only the one that is asked for is imported: a start stays quick."""

import gc
import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import click
from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Held:
    """A command that is not imported yet: where it lies, and the first thing its help says."""

    place: str  # module below this package, and the name of the command there
    says: str


class Commands(click.Group):
    """Commands that are told and completed from a table. Implements RUN-450."""

    def __init__(self, name: str, *, held: Mapping[str, Held], **rest: object) -> None:
        """A group of those in `held`; `rest` is click's."""
        super().__init__(name, **rest)  # type: ignore[arg-type]
        self.held = held

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, sorted."""
        return sorted(self.held)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, from its own module."""
        if cmd_name not in self.held:
            return None
        module, _, attribute = self.held[cmd_name].place.partition(":")
        found: click.Command = getattr(_loaded(f"{__package__}.{module}"), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands and what they do, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(one, self.held[one].says) for one in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing them, and the group's own options."""
        found = [
            CompletionItem(one, help=self.held[one].says)
            for one in self.list_commands(ctx)
            if one.startswith(incomplete)
        ]
        return [*found, *super(click.Group, self).shell_complete(ctx, incomplete)]


def _loaded(name: str) -> ModuleType:
    """The module. What is loaded stays, so the collector of cycles does not go through it.

    To go through it again and again while it grows is a tenth of a start. Implements NOD-523.
    """
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
