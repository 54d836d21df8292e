"""The node's interface as a command sees it: requests, answers, and every *no* as one message.

What may be asked twice without harm is asked again while the node is busy: a read, and an act with
its key. What is not known to have been recorded is said to be so. Implements OPE-012 to OPE-014.
"""

import json
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click
import httpx

from crosstell.cli.operate import session
from crosstell.cli.operate.session import Chosen, Kept
from crosstell.cli.operate.telling import at, printable, to_the_second
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.instant import parse_instant

BASE = "/api/v1"
ANSWER_SIZE_MAX = 64 * 1024 * 1024
TRIES_MAX = 4
BUSY = (429, 503)
WAIT_S_MAX = 10.0
BESIDE_MAX = 3  # entries shown beside the act's own: more would push it off the screen
TIMES = httpx.Timeout(30.0, connect=5.0)
KEY_HEADER, CSRF_HEADER = "Idempotency-Key", "X-CSRF-Token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the node answered: the status, and the JSON."""

    status: int
    body: Any


def told(answer: Answer, what: str) -> list[str]:
    """What came of an act, in words; of what followed from it the first few. Implements RUN-470."""
    found = answer.body
    if answer.status == 202:
        return [
            f"{what}: waits for {found['needs']}.",
            f"crosstell pending confirm {found['pending']}    (until {found['expires_at']})",
        ]
    if found.get("already"):
        return [f"{what}: already recorded; {found['already']}"]
    named = [f"{one['feed']}/{one['seq']}/{one['hash']}" for one in found["recorded"]]
    beside = [f"  and {name}" for name in named[1 : 1 + BESIDE_MAX]]
    left = len(named) - 1 - len(beside)
    more = [f"  and {left} more that followed from it; --json names each"] if left else []
    return [f"{what}: recorded as {named[0]}", *beside, *more]


def tell(found: Any, told: Callable[[Any], Iterable[str]], choice: Chosen) -> None:  # noqa: ANN401
    """The answer as was asked: for machines, or in lines."""
    if choice.as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    empty = True
    for line in told(found):
        empty = False
        click.echo(to_the_second(printable(line)))
    if empty:
        click.echo("nothing")


class Desk:
    """One session with one node, for one command."""

    def __init__(self, choice: Chosen, kept: Kept) -> None:
        """Nothing is asked yet."""
        self.choice, self.kept = choice, kept
        self._client = httpx.Client(
            base_url=kept.node + BASE,
            verify=_context(kept),
            timeout=TIMES,
            trust_env=False,
            cookies=kept.cookies,
        )

    @classmethod
    def opened(cls, choice: Chosen) -> Self:
        """The desk of the session in the file."""
        return cls(choice, session.read(choice))

    def __enter__(self) -> Self:
        """The desk itself."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """The connection is closed."""
        self._client.close()

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
        """The JSON of one view."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._asked("GET", path, params=given).body

    def now(self) -> datetime:
        """The node's time: in an exercise it may run at another pace than the day's."""
        try:
            return parse_instant(str(at(self.get("/status"), "at")))
        except ValueError as fault:
            raise CallerError(
                f"{self.kept.node}: tells no time ({fault}); is a node there?"
            ) from fault

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:  # noqa: ANN401
        """One change; with a key it may be asked again, and is answered as the first time."""
        headers = {CSRF_HEADER: self.kept.csrf}
        if key is not None:
            headers[KEY_HEADER] = key
        content = {} if body is None else {"json": body}
        return self._asked(method, path, headers=headers, is_safe=key is not None, **content)

    def keep(self, **changes: Any) -> None:  # noqa: ANN401 - fields of Kept
        """The session, changed so, is in the file."""
        cookies = {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}
        self.kept = replace(self.kept, **{"cookies": cookies, **changes})
        session.write(self.choice.session, self.kept)

    @contextmanager
    def stream(self, path: str, **given: Any) -> Iterator[httpx.Response]:  # noqa: ANN401
        """The answer as it comes. A problem is raised as its message."""
        try:
            with self._client.stream("GET", path, **given) as answer:
                if answer.status_code >= 400:
                    raise _problem(answer.status_code, _read(answer))
                self._turn()
                yield answer
        except httpx.HTTPError as error:
            raise _away(self.kept.node, error) from error

    def _asked(self, method: str, path: str, *, is_safe: bool = True, **given: Any) -> Answer:  # noqa: ANN401
        """The answer; asked again while the node is busy or away, if that is safe."""
        for number in range(1, TRIES_MAX + 1):
            last = number == TRIES_MAX or not is_safe
            wait_s = 1.0
            try:
                with self._client.stream(method, path, **given) as answer:
                    found = Answer(status=answer.status_code, body=_read(answer))
                    wait_s = _wait_s(answer.headers.get("Retry-After", ""))
            except httpx.HTTPError as error:
                if last:
                    raise _doubtful(self.kept.node, method, error, given) from error
            else:
                if found.status not in BUSY or last:
                    return self._told(found)
            time.sleep(wait_s)
        raise AssertionError("the last try returns or raises")

    def _told(self, found: Answer) -> Answer:
        """The answer; the cookie is kept as the node turned it, a problem is raised."""
        self._turn()
        if found.status >= 400:
            raise _problem(found.status, found.body)
        return found

    def _turn(self) -> None:
        """The cookie is kept as the node turned it."""
        now = {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}
        if now != self.kept.cookies and self.kept.csrf:
            self.keep()


def _context(kept: Kept) -> ssl.SSLContext | bool:
    if not kept.node.startswith("https"):
        return False
    try:
        return ssl.create_default_context(cafile=kept.authority)
    except (OSError, ssl.SSLError) as error:
        raise CallerError(f"{kept.authority}: no certificates can be read ({error})") from error


def _read(answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
    """The JSON of an answer of bounded size; CallerError for what is none."""
    found = bytearray()
    for chunk in answer.iter_bytes():
        found += chunk
        if len(found) > ANSWER_SIZE_MAX:
            raise CallerError(f"{answer.url}: the answer is over {ANSWER_SIZE_MAX} bytes; not read")
    if not found:
        return None
    try:
        return json.loads(bytes(found))
    except (ValueError, RecursionError) as fault:
        raise CallerError(
            f"{answer.url}: answered {answer.status_code} with no JSON; is a node there?"
        ) from fault


def _wait_s(text: str) -> float:
    return min(float(text), WAIT_S_MAX) if text.isdigit() and len(text) < 6 else 1.0


def _problem(status: int, body: Any) -> CallerError | Unavailable:  # noqa: ANN401 - JSON
    """The message of an RFC 9457 problem, with every fault that it names."""
    found = body if isinstance(body, dict) else {}
    title, detail = found.get("title", f"answered {status}"), found.get("detail", "")
    lines = [f"{title}: {detail}".rstrip(": ")]
    if found.get("code"):
        lines[0] += f" ({found['code']}; the refusal is recorded)"
    faults = found.get("faults") or []
    if len(faults) > 1:
        lines += [f"  {one.get('path', '')}: {one.get('text', '')}" for one in faults]
    if status == 401:
        lines.append("Open a session with `crosstell login`.")
    text = printable("\n".join(map(str, lines)))
    return Unavailable(text) if status in BUSY else CallerError(text)


def _away(node: str, error: httpx.HTTPError) -> Unavailable:
    why = str(error) or type(error).__name__
    return Unavailable(f"{node}: not reached ({why}). Is the node running? Go on by telephone")


def _doubtful(node: str, method: str, error: httpx.HTTPError, given: dict[str, Any]) -> Unavailable:
    """What is known of a request that got no answer."""
    away = _away(node, error)
    key = given.get("headers", {}).get(KEY_HEADER)
    if method == "GET" or isinstance(error, httpx.ConnectError):
        return away
    again = f"; ask again with --key {key}, it is recorded at most once" if key else ""
    return Unavailable(f"{away}. It is not known whether it was recorded{again}")


def keep_export(answer: httpx.Response, out: Path) -> int:
    """The answer is in the file, whole, or no file is left; its size. Implements RUN-473."""
    is_seen = sys.stderr.isatty()
    part = out.with_name(f"{out.name}.part")
    total = int(answer.headers.get("Content-Length", "0") or 0)
    size = 0
    bar: Any
    try:
        with (
            part.open("xb") as file,
            click.progressbar(
                length=total or None, label="Receiving", file=sys.stderr, hidden=not is_seen
            ) as bar,
        ):
            for chunk in answer.iter_bytes():
                file.write(chunk)
                size += len(chunk)
                bar.update(len(chunk))
        part.replace(out)
    except OSError as error:
        raise CallerError(
            f"{out}: cannot be written ({error.strerror}); name another file"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return size
