"""Who is rung by what: the part `people` of a node's configuration.

    people:
      channels:
        - mail: {name: watch-mail, server: mail.example, port: 465, sender: ..., to: [...]}
        - dialler: {name: desk, command: [/usr/local/lib/crosstell/ring-desk]}
      roles:
        - {role: watch-chief, channels: [desk, watch-mail], tried: in-turn}

Read by the codec of all documents, so an unknown key is refused by line. Files are named relative
to the node's folder. Secrets stand in files of their own, which only their owner may read.
Implements PEO-030, PEO-031.
"""

import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from crosstell.core.errors import CallerError
from crosstell.core.ids import check_id

CHANNELS_MAX = 32
ROLES_MAX = 64
TO_MAX = 20
WORDS_MAX = 64
SECRET_SIZE_MAX = 4_096
WAIT_S_MAX = 300.0
ANY_ROLE = "*"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()]{1,64}@[A-Za-z0-9.-]{1,190}")


class Also(StrEnum):
    """What a channel carries beside rings and drafts."""

    ENDS = "ends"  # that a matter it took needs nobody any more
    SHOWS = "shows"  # every change of an alert or call: for systems that show
    POSITIONS = "positions"  # where the tracks of an alert were last held


class Tried(StrEnum):
    """How the channels of a role are tried."""

    ALL = "all"  # each by itself
    IN_TURN = "in-turn"  # the next at once where one fails, until one has taken it


class Tls(StrEnum):
    """How a mail server is reached. There is no way without TLS."""

    TLS = "tls"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """JSON is posted to `url`, signed with the secret in the file `secret`.

    `authority` is a PEM file of those who may vouch for the server; the system's, if left out.
    """

    name: str
    url: str
    secret: str
    authority: str | None = None
    wait_s_max: float = 10.0
    also: tuple[Also, ...] = (Also.ENDS,)

    def __post_init__(self) -> None:
        """Refuse an address in clear, unless it is of this machine."""
        try:
            parts = urlsplit(self.url)
            host = parts.hostname if parts.port != 0 else None
        except ValueError as fault:
            raise ValueError(f"url: {self.url!r} is no address ({fault})") from fault
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise ValueError(
                f"url: {self.url!r}; write https://HOST/PATH, without a password in it"
            )
        if parts.scheme == "http" and host not in LOOPBACK:
            raise ValueError(
                f"url: {self.url!r} is in clear; write https (http is for loopback only)"
            )
        _check_wait(self.wait_s_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message for each ring step to every address in `to`, through one server.

    `password` and `authority` are files.
    """

    name: str
    server: str
    port: int
    sender: str
    to: tuple[str, ...]
    tls: Tls = Tls.TLS
    user: str | None = None
    password: str | None = None
    authority: str | None = None
    wait_s_max: float = 20.0
    also: tuple[Also, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no address, and a user without a password."""
        if not 1 <= self.port <= 65_535:
            raise ValueError(f"port: {self.port} is outside 1 to 65535")
        if not 1 <= len(self.to) <= TO_MAX:
            raise ValueError(f"to: give 1 to {TO_MAX} addresses; found {len(self.to)}")
        for address in (self.sender, *self.to):
            if not address.isascii() or _ADDRESS.fullmatch(address) is None:
                raise ValueError(f"to: {address!r} is no mail address; write name@host")
        if (self.user is None) != (self.password is None):
            raise ValueError("user: give user and password (a file) together, or neither")
        if Also.SHOWS in self.also:
            raise ValueError("also: mail is one message for each ring step; take shows out")
        _check_wait(self.wait_s_max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialler:
    """A command of the party's own, with JSON on its standard input; exit 0 means taken."""

    name: str
    command: tuple[str, ...]
    wait_s_max: float = 60.0
    also: tuple[Also, ...] = (Also.ENDS,)

    def __post_init__(self) -> None:
        """Refuse a command without a full path: nothing is searched for."""
        if not self.command or not self.command[0].startswith("/"):
            raise ValueError("command: begin with the full path of the program, then its arguments")
        if len(self.command) > WORDS_MAX or any("\x00" in word for word in self.command):
            raise ValueError(f"command: give at most {WORDS_MAX} words, and no NUL in them")
        _check_wait(self.wait_s_max)


ChannelConfig = Webhook | Mail | Dialler


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRoute:
    """By which channels a role is rung; the role `*` is every role that is not named."""

    role: str
    channels: tuple[str, ...]
    tried: Tried = Tried.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Channels, who is rung by which, and the file in which proof of hand-over is kept."""

    record: str = "people.store"
    channels: tuple[Webhook | Mail | Dialler, ...] = ()
    roles: tuple[RoleRoute, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that is used twice, and a route that leads nowhere."""
        names = [channel.name for channel in self.channels]
        roles = [route.role for route in self.roles]
        if not self.record or "\x00" in self.record:
            raise ValueError("record: name the file in which proof of hand-over is kept")
        for name in names:
            check_id(name, what="channel")
        _check_once(names, "channel", CHANNELS_MAX)
        _check_once(roles, "role", ROLES_MAX)
        for route in self.roles:
            if route.role != ANY_ROLE:
                check_id(route.role, what="role")
            unknown = sorted(set(route.channels) - set(names))
            if unknown or not route.channels:
                named = ", ".join(unknown) or "none"
                known = ", ".join(names) or "none"
                raise ValueError(f"role {route.role}: channels are {named}; there are {known}")
            _check_once(list(route.channels), f"role {route.role}: channel", CHANNELS_MAX)

    def route_of(self, role: str) -> RoleRoute | None:
        """How this role is rung; None: by nothing."""
        by_role = {route.role: route for route in self.roles}
        return by_role.get(role, by_role.get(ANY_ROLE))

    def unrouted(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Roles that no channel rings."""
        return tuple(role for role in roles if self.route_of(role) is None)


def _check_once(names: list[str], what: str, limit: int) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} {twice[0]} is named twice; keep one")
    if len(names) > limit:
        raise ValueError(f"{len(names)} of {what}; at most {limit}")


def _check_wait(wait_s: float) -> None:
    if not 0.1 <= wait_s <= WAIT_S_MAX:
        raise ValueError(f"wait_s_max: {wait_s} is outside 0.1 to {WAIT_S_MAX} s")


def secret_of(path: Path, *, length_min: int = 1) -> bytes:
    """The secret in the file, without the end of its line. CallerError if others may read it."""
    try:
        mode = path.stat().st_mode
        with path.open("rb") as file:
            held = file.read(SECRET_SIZE_MAX + 1).strip()
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be read ({error.strerror}); write the secret there"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CallerError(
            f"{path}: others may read this secret; chmod 600 it, then change the secret"
        )
    if not length_min <= len(held) <= SECRET_SIZE_MAX:
        raise CallerError(
            f"{path}: holds {len(held)} bytes; a secret has {length_min} to {SECRET_SIZE_MAX}"
        )
    return held
