"""What the documents name exists: paths, links, commands, targets of make, words, titles."""

import importlib.util
import re
from collections import Counter
from pathlib import Path

import documents
import pytest
from documents import ROOT, Document

SUFFIXES = (".py", ".md", ".toml", ".txt", ".in", ".yaml", ".json", ".html", ".j2", ".sql", ".sh")
MADE = ("out/", ".venv/")  # what the targets of make write
_PATH = re.compile(r"[\w.*-]+(/[\w.*-]+)*/?")


def _bases(document: Document, root: Path) -> list[Path]:
    """Where a path in a document may begin: the project, the source, the document's own folder."""
    house = root / "src" / "crosstell"
    return [root, root / "src", house, house / "core", document.path.parent]


def _is_path(span: str) -> bool:
    """Whether inline code means a file or folder: it ends in `/` or in a suffix we write."""
    if _PATH.fullmatch(span) is None or span.startswith((".", *MADE)):
        return span.startswith(".ci/")
    return span.endswith("/") or ("/" in span and span.endswith(SUFFIXES))


def missing_paths(document: Document, root: Path = ROOT) -> list[str]:
    """Paths in inline code, wildcards included, that lead nowhere."""
    return [
        span
        for span in document.spans
        if _is_path(span)
        and not any(next(base.glob(span.rstrip("/")), None) for base in _bases(document, root))
    ]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def dead_links(document: Document) -> list[str]:
    """Links to files or headings that do not exist; addresses elsewhere are not followed."""
    dead = []
    for target in document.links:
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = document.path.parent / name if name else document.path
        if not path.exists() or (
            anchor and anchor not in {_anchor(each) for each in documents.read(path).headings}
        ):
            dead.append(target)
    return dead


def _lines(document: Document) -> list[str]:
    """Everything in the document that a reader may type."""
    return [*document.spans, *document.commands]


def targets(root: Path = ROOT) -> set[str]:
    """The targets that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", (root / "Makefile").read_text(), re.MULTILINE))


def unknown_targets(document: Document) -> list[str]:
    """`make x` for an x that the Makefile does not have."""
    named = [re.match(r"make ([a-z][\w-]*)", line) for line in _lines(document)]
    return [match[1] for match in named if match is not None and match[1] not in targets()]


def unknown_modules(document: Document) -> list[str]:
    """`python -m x` for a module x that is not there."""
    named = [re.match(r"(?:\S*/)?python3? -m ([\w.]+)", line) for line in _lines(document)]
    found = [match[1] for match in named if match is not None]
    return [name for name in found if name != "pytest" and importlib.util.find_spec(name) is None]


DOCUMENTS = documents.every()
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[str(each.path.relative_to(ROOT)) for each in DOCUMENTS]
)


@each_document
def test_every_path_exists(document: Document) -> None:
    assert missing_paths(document) == []


@each_document
def test_every_link_leads_somewhere(document: Document) -> None:
    assert dead_links(document) == []


@each_document
def test_every_target_and_module_exists(document: Document) -> None:
    assert unknown_targets(document) + unknown_modules(document) == []


def test_the_documents_are_found() -> None:
    names = {str(each.path.relative_to(ROOT)) for each in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/glossary.md"} <= names
    assert {"run", "test", "lock", "test-long"} <= targets()


def test_every_document_has_a_title_of_its_own() -> None:
    titles = Counter(each.headings[0] if each.headings else "" for each in DOCUMENTS)
    assert titles[""] == 0
    assert [title for title, count in titles.items() if count > 1] == []


def test_the_changelog_has_a_section_for_what_is_not_released() -> None:
    assert "Unreleased" in documents.read(ROOT / "CHANGELOG.md").headings


def test_decisions_are_numbered_without_gaps() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for number, page in enumerate(pages, start=1):
        assert documents.read(page).headings[0].startswith(f"{number}. ")
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 70, f"{page}: one page"


def _control(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "x.md"
    path.write_text(text, encoding="utf-8")
    return documents.read(path)


def test_what_does_not_exist_is_caught(tmp_path: Path) -> None:
    text = (
        "# Title\n\n`core/nowhere.py` `core/errors.py` `docs/*/nothing.md` `tests/` `cellar/`\n"
        "[a](gone.md) [b](#title) [c](#other) [d](https://example.org) `make nothing`\n"
        "```sh\nmake tea\nmake test\npython -m crosstell.nothing\n```\n"
    )
    document = _control(tmp_path, text)
    assert missing_paths(document) == ["core/nowhere.py", "docs/*/nothing.md", "cellar/"]
    assert dead_links(document) == ["gone.md", "#other"]
    assert unknown_targets(document) == ["nothing", "tea"]
    assert unknown_modules(document) == ["crosstell.nothing"]


def test_an_open_fence_is_caught(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="not closed"):
        _control(tmp_path, "# Title\n\n```sh\nmake test\n")
