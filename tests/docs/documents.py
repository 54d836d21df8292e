"""The documents as text: their code spans, fenced commands, links and headings."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^ {0,3}```(\w*)\s*$")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One Markdown file: `prose` without its fenced blocks, `commands` from the shell blocks."""

    path: Path
    prose: str
    commands: tuple[str, ...]

    @property
    def spans(self) -> list[str]:
        """Inline code."""
        return _SPAN.findall(self.prose)

    @property
    def links(self) -> list[str]:
        """Link targets outside code."""
        return _LINK.findall(_SPAN.sub("", self.prose))

    @property
    def headings(self) -> list[str]:
        """Headings, the title first."""
        return [line.lstrip("# ") for line in self.prose.splitlines() if re.match("#+ ", line)]


def read(path: Path) -> Document:
    """The document at `path`."""
    prose: list[str] = []
    commands: list[str] = []
    fence: str | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        mark = _FENCE.match(line)
        if mark is not None:
            fence = mark[1] if fence is None else None
        elif fence is None:
            prose.append(line)
        elif fence in ("sh", "console", "bash"):
            commands.append(line.removeprefix("$ "))
    assert fence is None, f"{path}: a fenced block is not closed"
    return Document(path=path, prose="\n".join(prose), commands=tuple(commands))


def every(root: Path = ROOT) -> list[Document]:
    """Every document of the project, sorted by path."""
    paths = [
        *root.glob("*.md"),
        *(root / "docs").rglob("*.md"),
        *(root / "scenarios").rglob("*.md"),
    ]
    return [read(path) for path in sorted(paths)]
