"""Words that no output about an incident may have: they would say who is right."""

import re

JUDGING = re.compile(r"\b(violated|guilty|lied|true|false|right|wrong|clear to engage)\b", re.I)
NOT_CLEAR = "'not ours' is not clear to engage"  # the words that must stand beside it


def judging(lines: list[str]) -> list[str]:
    """Those that say who is right, or that anybody may be engaged."""
    return [line for line in lines if JUDGING.search(line.replace(NOT_CLEAR, ""))]
