"""Values of a result or a paper as JSON: keys are the field names, in their order.

Instants are RFC 3339 with Z; what was not reached is null. The same value gives the same bytes.
"""

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from crosstell.core.instant import format_instant

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def as_json(value: Any) -> Json:  # noqa: ANN401 - any part of a result
    """A part of the result in JSON's terms."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            return format_instant(value)
        case StrEnum():
            return value.value
        case str():
            return value
        case tuple():
            return [as_json(item) for item in value]
        case _:
            assert is_dataclass(value), f"{type(value).__name__} is no part of a result"
            return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
