"""The configuration of an exchange side: `exchange.yaml` in its folder, made from a node's.

Its folder holds the line's certificate and key, the cards, and nothing that was not released: no
store, no journal, no key that signs entries, no protocol. Implements RUN-050, RUN-051.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.core.errors import CallerError
from crosstell.shell.config.card import PartyCard, read_card, read_cards
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.node_file import SIZE_MAX, Installation, LinePort

NAME = "exchange.yaml"
_FILE = """\
# The exchange side of a split node. Paths are relative to this folder. An unknown key is refused.
# The two folders may each be the far end of a one-way link.
inbox: from-picture  # what the picture side writes, read here
outbox: to-picture  # what we write, read by the picture side
beat_s: {beat_s}  # the same as in the node's node.yaml
line:  # for the other parties' nodes
  host: {host}
  port: {port}
{reach}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFile:
    """What `exchange.yaml` says."""

    inbox: str
    outbox: str
    beat_s: float
    line: LinePort


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFolder:
    """An exchange side's folder, what its file says, and the cards in it."""

    folder: Path
    file: ExchangeFile
    own: PartyCard
    others: tuple[PartyCard, ...]

    @property
    def certificate(self) -> Path:
        """The certificate of our end of the line."""
        return self.folder / "line" / "certificate.pem"

    @property
    def key(self) -> Path:
        """The key of that certificate."""
        return self.folder / "line" / "key.pem"


def read_exchange(folder: Path) -> ExchangeFolder:
    """The exchange side in `folder`. CallerError names every fault."""
    file = folder / NAME
    if not file.is_file():
        raise CallerError(
            f"{folder}: no exchange side is here ({NAME} is missing); make one with "
            "`crosstell node split`"
        )
    found = from_document(ExchangeFile, read_yaml(file, size_bytes_max=SIZE_MAX))
    return ExchangeFolder(
        folder=folder,
        file=found,
        own=read_card(folder / CARD),
        others=read_cards(folder / "parties"),
    )


def split(installation: Installation, target: Path) -> Path:
    """An exchange side for this node stands at `target`: its line, its cards, its two folders.

    What it needs is copied. CallerError, and nothing is left, where it cannot be made, and for a
    node whose file does not name the folders of a split.
    """
    file = installation.file
    if file.split is None:
        raise CallerError(
            f"{installation.folder}: node.yaml has no part `split`; name the two folders of the "
            "picture side there first, as docs/operations.md shows"
        )
    try:
        target.mkdir(mode=0o700)
    except OSError as error:
        raise CallerError(
            f"{target}: cannot be made ({error.strerror}); name a new folder inside one that exists"
        ) from error
    try:
        shutil.copytree(installation.line_certificate.parent, target / "line")
        shutil.copytree(installation.cards, target / "parties")
        shutil.copyfile(installation.folder / CARD, target / CARD)
        for name in ("from-picture", "to-picture"):
            (target / name).mkdir(mode=0o700)
        reach = f"  reach: {file.line.reach}\n" if file.line.reach else ""
        (target / NAME).write_text(
            _FILE.format(
                beat_s=file.split.beat_s, host=file.line.host, port=file.line.port, reach=reach
            ),
            encoding="utf-8",
        )
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise CallerError(
            f"{target}: the exchange side cannot be made ({error}); nothing was left there"
        ) from error
    return target
