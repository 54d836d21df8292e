"""The page's scripts among each other: a browser misses a name only where it runs."""

import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "src/crosstell/shell/console/static/app"
MODULES = sorted(APP.rglob("*.js"))
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|let|class) ([\w$]+)", re.M)
IMPORT = re.compile(r"^import \{([^}]*)\} from", re.M)
DECLARED = re.compile(r"\b(?:function\*?|const|let|class) ([\w$]+)")
PARAMETERS = re.compile(r"\(([^()]*)\) (?:=>|\{)")
METHOD = re.compile(r"^ +(?:async |static |get |set )*([\w$]+)\(.*\) \{$", re.M)


def imported(text: str) -> set[str]:
    names = ",".join(IMPORT.findall(text)).split(",")
    return {name.split(" as ")[-1].strip() for name in names}


def bound(text: str) -> set[str]:
    """What a module makes itself: declared, a method, or a parameter."""
    parameters = re.findall(r"[\w$]+", " ".join(PARAMETERS.findall(text)))
    return {*DECLARED.findall(text), *METHOD.findall(text), *parameters}


def taken_unsaid(text: str, exported: set[str]) -> set[str]:
    """What is called in a module, is another's by its name, and is neither imported nor made here.

    `scale(${…` is no call of ours but a style's.
    """
    called = set(re.findall(r"(?<![\w$.'\"])([a-z][\w$]*)\((?!\$\{)", text))
    return (called & exported) - imported(text) - bound(text)


def exported_names() -> set[str]:
    return {name for path in MODULES for name in EXPORT.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_con_649_a_name_of_another_script_is_imported_where_it_is_used(path: Path) -> None:
    assert taken_unsaid(path.read_text(encoding="utf-8"), exported_names()) == set()


def test_con_649_a_name_that_is_not_imported_is_found() -> None:
    """The control: as in November 2026, when a log about a former feed could not be opened."""
    assert "formerOf" in exported_names()
    text = 'import { html } from "./lit.mjs";\nconst row = html`${formerOf(one)} ${a.title(b)}`;'
    assert taken_unsaid(text, {"formerOf", "title"}) == {"formerOf"}
