"""The protocol templates and the phrasebook that are shipped with the package.

A template is its own part and a shared one that nothing of an agreement is in. Implements
PRO-160, PRO-164.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import SIZE_BYTES_MAX, parse_yaml
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.protocol.judged.phrases import Phrasebook

SHARED = "_assumed.yaml"
SUFFIX = ".yaml"
TITLE_PREFIX = "Template after "  # of each template's title
BOOK = "phrasebook.yaml"


def _folder() -> Traversable:
    return files("crosstell") / "data"


def template_names() -> tuple[str, ...]:
    """The names of the templates, sorted."""
    found = (item.name for item in (_folder() / "protocols").iterdir())
    return tuple(
        sorted(
            name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX) and name != SHARED
        )
    )


def template_text(name: str) -> str:
    """The text of the template of that name; CallerError lists the names if there is none."""
    known = template_names()
    if name not in known:
        raise CallerError(f"there is no template {name!r}; templates are {', '.join(known)}")
    folder = _folder() / "protocols"
    return (_read(folder / f"{name}{SUFFIX}") + _read(folder / SHARED)).decode("utf-8")


def phrasebook() -> Phrasebook:
    """The shipped phrasebook."""
    return from_document(Phrasebook, parse_yaml(_read(_folder() / BOOK), name=BOOK))


def _read(item: Traversable) -> bytes:
    try:
        found = item.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"{item.name}: cannot be read ({error}); install the package again"
        ) from error
    assert len(found) <= SIZE_BYTES_MAX
    return found
