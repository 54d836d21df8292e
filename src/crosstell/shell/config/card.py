"""The party card: what a party's node must know of another's before the two may talk.

It is public and carries no secret. It is sent any way there is; what makes it true is that two
persons read its fingerprint to each other over a channel on which they know the other's voice.
Canonical JSON (RFC 8785) of strings and integers. Implements RUN-020 to RUN-022.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId, PartyId, check_id
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.record import canonical
from crosstell.core.record.signing import from_base64

FORMAT = "crosstell-party-card-1"
SIZE_MAX = 8_192
CERTIFICATE_SIZE_MAX = 4_096
SPOKEN_LENGTH = 32  # hexadecimal digits: 128 bits, so nobody can make another card that reads so
SUFFIX = ".card"
_REACH_LENGTH_MAX = 255
_NAMES = ("format", "party", "protocol", "feed", "founding", "root", "certificate", "reach")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """One party under one protocol.

    `founding` is the hash of entry 0 of its feed, `root` the fingerprint of its offline key,
    both in lower-case hex; `certificate` its line certificate (DER, in base64), so that a party
    that only calls is taken too; `reach` its host and port, or empty.
    """

    party: PartyId
    protocol: ProtocolDigest
    feed: FeedId
    founding: str
    root: str
    certificate: str
    reach: str = ""

    def __post_init__(self) -> None:
        """Refuse ids that are none, and hashes of another length."""
        check_id(self.party, what="card: party")
        check_id(self.feed, what="card: feed")
        for name in ("protocol", "founding", "root"):
            text = getattr(self, name)
            if len(text) != 64 or set(text) - set("0123456789abcdef"):
                raise ValueError(f"card: {name} is no SHA-256 in hex")
        if len(self.reach) > _REACH_LENGTH_MAX or not self.reach.isprintable():
            raise ValueError("card: reach is no host and port")

        if not 0 < len(self.der) <= CERTIFICATE_SIZE_MAX:
            raise ValueError(f"card: certificate has over {CERTIFICATE_SIZE_MAX} bytes, or none")

    @property
    def der(self) -> bytes:
        """The bytes of the certificate. ValueError for what is no base64."""
        try:
            return from_base64(self.certificate, what="card: certificate")
        except PartyError as error:
            raise ValueError(str(error)) from error

    @property
    def pin(self) -> str:
        """The SHA-256 of the certificate, in hex, by which it is known."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def spoken(self) -> str:
        """The fingerprint as two persons read it aloud: eight groups of four."""
        digits = hashlib.sha256(encode(self)).hexdigest()[:SPOKEN_LENGTH]
        return " ".join(digits[start : start + 4] for start in range(0, SPOKEN_LENGTH, 4))

    def reads(self, heard: str) -> bool:
        """Whether what was heard is this card's fingerprint; spaces and capitals do not matter."""
        return "".join(heard.split()).lower().replace("-", "") == self.spoken.replace(" ", "")


def encode(card: PartyCard) -> bytes:
    """The card's bytes."""
    return canonical.encode(
        {
            "format": FORMAT,
            "party": card.party,
            "protocol": card.protocol,
            "feed": card.feed,
            "founding": card.founding,
            "root": card.root,
            "certificate": card.certificate,
            "reach": card.reach,
        },
        what="party card",
    )


def decode(data: bytes) -> PartyCard:
    """The card in `data`; PartyError for anything else."""
    found = canonical.fields(
        canonical.decode(data, size_max=SIZE_MAX, what="party card"), _NAMES, what="party card"
    )
    texts = {name: canonical.string(found[name], what=f"card: {name}") for name in _NAMES}
    if texts["format"] != FORMAT:
        raise PartyError(f"party card: format {texts['format'][:40]!r}; this node reads {FORMAT}")
    try:
        return PartyCard(
            party=PartyId(texts["party"]),
            protocol=ProtocolDigest(texts["protocol"]),
            feed=FeedId(texts["feed"]),
            founding=texts["founding"],
            root=texts["root"],
            certificate=texts["certificate"],
            reach=texts["reach"],
        )
    except ValueError as error:
        raise PartyError(f"party card: {error}; ask its party for it again") from error


def read_card(path: Path) -> PartyCard:
    """The card in a file; CallerError, with the file's name, for anything else."""
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_MAX + 1)
    except OSError as error:
        raise CallerError(f"{path}: cannot be read ({error.strerror}); name a card file") from error
    try:
        return decode(data)
    except PartyError as error:
        raise CallerError(f"{path}: {error}") from error


def write_card(path: Path, card: PartyCard) -> None:
    """The card stands in the file, whole and on disk, in place of any that was there."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with part.open("xb") as file:
            file.write(encode(card))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise CallerError(
            f"{path}: the card cannot be written ({error.strerror}); what was there stands. Free "
            "the disk, or mend the folder, and try again"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def keep_card(path: Path, card: PartyCard) -> Path:
    """The card that `path` held until its party resumed in another feed is kept beside it."""
    kept = path.with_name(f"{path.name}.{card.feed}")
    write_card(kept, card)
    return kept


def read_former(folder: Path, cards: Iterable[PartyCard]) -> tuple[tuple[PartyId, FeedId], ...]:
    """The feeds in which these parties spoke before: of the cards that are kept in that folder.

    A card of another root is none: what it was of was not resumed. A card that is there twice, as
    a copy that a person put aside, names its feed once. Implements KEY-037.
    """
    roots = {card.party: card for card in cards}
    kept = [
        read_card(path)
        for path in sorted(folder.glob(f"*{SUFFIX}.*"))
        if not path.name.startswith(".")  # the rest of a card that was not written whole
    ]
    found = (
        (card.party, card.feed)
        for card in kept
        if (now := roots.get(card.party)) is not None
        and card.root == now.root
        and card.feed != now.feed
    )
    return tuple(dict.fromkeys(found))


def read_cards(folder: Path) -> tuple[PartyCard, ...]:
    """Every card in a folder, by party; CallerError if two are of one party."""
    cards = [read_card(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    parties = [card.party for card in cards]
    twice = sorted({party for party in parties if parties.count(party) > 1})
    if twice:
        raise CallerError(f"{folder}: two cards are of {twice[0]}; keep the one that was compared")
    return tuple(sorted(cards, key=lambda card: card.party))
