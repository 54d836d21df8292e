"""The templates' environment: what every page of ours speaks with, and its own files."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined

from crosstell.core.instant import format_instant
from crosstell.papers.speech.spoken import globals_of


def environment_of(
    templates: Iterable[str], read: Callable[[str], str], language: str
) -> Environment:
    """The environment in one language; whatever is not marked up is escaped."""
    environment = Environment(
        loader=DictLoader({name: read(name) for name in templates}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["iso"] = format_instant
    environment.globals.update(globals_of(language))
    return environment


def part(name: str) -> str:
    """The text of one of the papers' own files."""
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """The hash under which a policy lets this very style or script run."""
    raw = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(raw).decode()}'"
