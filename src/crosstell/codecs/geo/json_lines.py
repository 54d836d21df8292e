"""JSON in which every object knows the line that it begins on.

The standard decoder, with its own scanner in Python, so that a fault can name its line. A key given
twice, a number that is none, and nesting beyond a bound are refused. Implements PLC-050.
"""

import json
import json.decoder
import json.scanner
import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from crosstell.codecs.geo.places import Unreadable

DEPTH_MAX = 64
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<opens>[\[{])|(?P<closes>[\]}])', re.DOTALL)
_Parsed = tuple[Any, int]


class Numbered(dict[str, Any]):
    """An object of JSON with its line, counted from 1."""

    line: int = 1


def read_json(text: str) -> object:
    """The value in `text`; Unreadable names the line of what is wrong."""
    _check_depth(text)
    try:
        return _Decoder(text).decode(text)
    except Unreadable:
        raise
    except json.JSONDecodeError as fault:
        raise Unreadable(
            f"not JSON at column {fault.colno}: {fault.msg}; paste the whole text",
            line=fault.lineno,
        ) from fault
    except ValueError as fault:  # a whole number of thousands of digits
        raise Unreadable(f"not JSON that is read here: {fault}") from fault


class _Decoder(json.JSONDecoder):
    def __init__(self, text: str) -> None:
        super().__init__(object_pairs_hook=_object, parse_constant=_no_constant)
        self._ends = [place for place, sign in enumerate(text) if sign == "\n"]
        self._plain: Callable[..., _Parsed] = json.decoder.JSONObject  # type: ignore[attr-defined]
        self.parse_object = self._numbered
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _numbered(self, begun: tuple[str, int], *given: Any) -> _Parsed:  # noqa: ANN401
        line = self._line(begun[1])
        try:
            found, end = self._plain(begun, *given)
        except _Twice as fault:
            raise Unreadable(str(fault), line=line) from fault
        found.line = line
        return found, end

    def _line(self, place: int) -> int:
        return bisect_left(self._ends, place) + 1


class _Twice(Exception):
    """A key stands twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> Numbered:
    found = Numbered(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Twice(f"{twice[:40]!r} stands twice in one object; leave one out")
    return found


def _no_constant(name: str) -> float:
    raise Unreadable(f"{name} is no number of JSON; leave it out")


def _check_depth(text: str) -> None:
    """Refuse nesting beyond the bound; brackets within texts do not count."""
    depth = 0
    for match in _BRACKET.finditer(text):
        depth += (match["opens"] is not None) - (match["closes"] is not None)
        if depth > DEPTH_MAX:
            raise Unreadable(
                f"nested deeper than {DEPTH_MAX}; paste plain GeoJSON",
                line=text.count("\n", 0, match.start()) + 1,
            )
