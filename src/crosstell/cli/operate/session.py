"""The session of a command: which node, which cookie, kept in a file that only its owner reads.

Implements OPE-010, OPE-011.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from crosstell.core.errors import CallerError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
FILE_SIZE_MAX = 64 * 1024
DEFAULT_NODE = "http://127.0.0.1:8470"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the file holds. `authority` is a PEM file of who may vouch for the node."""

    node: str
    csrf: str = ""
    account: str = ""
    role: str | None = None
    authority: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the options say about node, session file and form of the answer."""

    node: str | None
    session: Path
    as_json: bool


CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def default_file() -> Path:
    """Where the session is kept if nobody says otherwise."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "crosstell" / "session.json"


def choices(command: CommandT) -> CommandT:
    """The options that every command of an operator has, handed on as one `Chosen`."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The answer for machines."),
        click.option(
            "--session",
            type=click.Path(path_type=Path),
            envvar="CROSSTELL_SESSION",
            help="The file that holds the session.",
        ),
        click.option(
            "--node",
            envvar="CROSSTELL_NODE",
            metavar="URL",
            help="The node; that of the session if left out.",
        ),
    ):
        command = option(command)
    return command


def chosen(said: dict[str, Any]) -> Chosen:
    """The options of `choices`, taken out of everything that was said."""
    session = said.pop("session", None) or default_file()
    return Chosen(node=said.pop("node", None), session=session, as_json=said.pop("as_json"))


def check_node(url: str) -> str:
    """The address without a slash at its end; CallerError for one in clear to another machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise CallerError(f"--node {url!r}: is no address ({fault})") from fault
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or port == 0:
        raise CallerError(f"--node {url!r}: write https://HOST:PORT, or {DEFAULT_NODE}")
    if parts.username is not None or parts.query or parts.fragment:
        raise CallerError(f"--node {url!r}: write https://HOST:PORT and nothing more")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise CallerError(f"--node {url!r}: another machine is reached by https alone")
    return url.rstrip("/")


def read(choice: Chosen) -> Kept:
    """The session in the file. CallerError says how to open one."""
    try:
        with choice.session.open("rb") as file:
            found = json.loads(file.read(FILE_SIZE_MAX))
        kept = Kept(**found)
        node = check_node(kept.node)
    except FileNotFoundError as none:
        raise CallerError(
            f"{choice.session}: no session; open one with `crosstell login --node URL`"
        ) from none
    except (OSError, ValueError, TypeError, RecursionError) as fault:
        raise CallerError(
            f"{choice.session}: holds no session ({fault}); open one with `crosstell login`"
        ) from fault
    if choice.node is not None and check_node(choice.node) != node:
        raise CallerError(
            f"{choice.session}: the session is with {node}, not {choice.node}; name another "
            "--session file, or log in anew"
        )
    return kept


def write(path: Path, kept: Kept) -> None:
    """The file holds this session, whole at every moment, for its owner alone."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(kept), file)
        part.replace(path)
    except OSError as error:
        raise CallerError(
            f"{path}: the session cannot be kept ({error.strerror}); name another --session file"
        ) from error
