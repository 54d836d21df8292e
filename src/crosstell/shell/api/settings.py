"""What the interface is told once: where its files are, its limits, its clocks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crosstell.codecs.api.running import RunningShown
from crosstell.core.state.state import State
from crosstell.shell.archive.export import Choice
from crosstell.shell.clock import Clock
from crosstell.shell.store.contract import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How much may come from one place: `rate` in each second, `burst` at once."""

    rate: float
    burst: float

    def __post_init__(self) -> None:
        """Refuse a bucket that nothing fits in."""
        if not (self.rate > 0 and self.burst >= 1):
            raise ValueError(f"rate {self.rate} and burst {self.burst}: above 0, and at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiLimits:
    """Bounds of size, rate and time. Bytes, seconds; a rate counts requests."""

    body_bytes: int = 300_000  # of any request but observations; a body of an entry has 250,000
    observations_bytes: int = 4_000_000
    body_s: float = 20.0  # until a request's body is there
    answer_s: float = 30.0  # until the node has answered
    address: Bucket = field(default_factory=lambda: Bucket(rate=100.0, burst=400.0))
    account: Bucket = field(default_factory=lambda: Bucket(rate=50.0, burst=200.0))
    token: Bucket = field(default_factory=lambda: Bucket(rate=100.0, burst=200.0))
    tiles: Bucket = field(default_factory=lambda: Bucket(rate=400.0, burst=1_600.0))
    logins: Bucket = field(default_factory=lambda: Bucket(rate=1.0, burst=20.0))
    logins_at_once: int = 2  # each takes 64 MiB and a core for a moment
    heavy_at_once: int = 1  # checks of plans, proofs, exports: they leave a core to the node
    pending_s: float = 900.0  # how long an act waits for a second person
    streams: int = 64
    streams_of_account: int = 8
    effects_waiting: int = 256  # of one stream; one that takes no more is dropped, and resumes
    stalled_s: float = 15.0  # a stream that takes nothing for so long is dropped
    keepalive_s: float = 2.0
    screen_s: float = 1.0  # at most one screen in this time, except at once after an effect
    screen_idle_s: float = 5.0  # and one in this time when nothing happened: ages grow


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the assembly hands in.

    `clock` is the node's, an exercise's may run at any pace; `wall` is real time, for sessions,
    limits and the audit. `store` is read in the owner's thread alone. `screen` gives what a
    watch sees; `export` writes an archive into a folder that is not there yet; `running` says
    how the process stands; `recall` gives what was known at an earlier moment, with its local
    number; `report` gives an incident's report, by PARTY/ID and language, as a page with the
    policy that it is shown under. `secure`: browsers come over TLS, so the cookie is Secure and
    they are told to stay with it.
    """

    clock: Clock
    wall: Callable[[], datetime]
    store: Store
    version: str
    static: Path | None = None
    maps: Path | None = None
    screen: Callable[[State, datetime], object] | None = None
    export: Callable[[Path, Choice], object] | None = None
    running: Callable[[], RunningShown] | None = None
    recall: Callable[[datetime], tuple[State, int]] | None = None
    report: Callable[[str, str], tuple[str, str]] | None = None
    secure: bool = True
    limits: ApiLimits = field(default_factory=ApiLimits)

    @property
    def cookie(self) -> str:
        """How the name of the session's cookie begins; the prefix binds it to this host and TLS."""
        return "__Host-crosstell" if self.secure else "crosstell"
