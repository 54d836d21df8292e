"""The machines of the line as a document, drawn from the tables themselves.

The document is a pure function of the tables; a test fails if the file in docs/ is another.
"""

from typing import Any

from crosstell.core.line.acknowledgement import ACKNOWLEDGEMENT_TABLE
from crosstell.core.line.answer import ANSWER_TABLE
from crosstell.core.line.call import CALL_TABLE
from crosstell.core.line.escalation import LADDER_TABLE
from crosstell.core.line.health import LINE_TABLE
from crosstell.core.line.watch.broadcast import BROADCAST_TABLE
from crosstell.core.line.watch.duress import DURESS_TABLE
from crosstell.core.line.watch.relief import WATCH_TABLE
from crosstell.core.line.watch.voice import VOICE_TABLE
from crosstell.core.table import Table, Verdict

# The owner is who alone advances the machine.
MACHINES: tuple[tuple[Table[Any, Any], str], ...] = (
    (CALL_TABLE, "the caller, in its shared feed"),
    (ACKNOWLEDGEMENT_TABLE, "the recipient, in its shared feed"),
    (ANSWER_TABLE, "the recipient, in its shared feed"),
    (VOICE_TABLE, "each side for its own log, in its shared feed"),
    (BROADCAST_TABLE, "the sender, in its shared feed"),
    (WATCH_TABLE, "each party, in its journal"),
    (DURESS_TABLE, "each party, in its journal"),
    (LADDER_TABLE, "each party, in its journal"),
    (LINE_TABLE, "each party, in its journal"),
)

_OPENING = """# The machines of the line

Drawn from the tables in `src/crosstell/core/line/`; do not edit. Every pair of state and event is
decided: an arrow, refused, or ignored as a repeat. Guards (who speaks, times, repeats of one
event) stand beside each table in its file.
"""


def mermaid(table: Table[Any, Any]) -> str:
    """The table as a Mermaid state diagram: its arrows, events of one arrow together."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for state in table.states:
        for event in table.events:
            answer = table.next(state, event)
            if not isinstance(answer, Verdict):
                arrows.setdefault((state.value, answer.value), []).append(event.value)
    names = [state.value for state in table.states]
    lines = ["stateDiagram-v2", f"    [*] --> {_node(names[0])}"]
    lines += [f'    state "{name}" as {_node(name)}' for name in names]
    lines += [
        f"    {_node(start)} --> {_node(end)} : {', '.join(events)}"
        for (start, end), events in arrows.items()
    ]
    return "\n".join(lines)


def _node(value: str) -> str:
    """A state's value as a Mermaid name, which takes no hyphen."""
    return value.replace("-", "_")


def _grid(table: Table[Any, Any], verdict: Verdict) -> str:
    """The pairs that change nothing for this reason, by state."""
    rows = []
    for state in table.states:
        events = [e.value for e in table.events if table.next(state, e) is verdict]
        if events:
            rows.append(f"| {state.value} | {', '.join(events)} |")
    return "\n".join(rows)


def _section(table: Table[Any, Any], owner: str) -> str:
    """One machine: owner, diagram, refused pairs, repeats."""
    parts = [
        f"## {table.name}\n\nAdvanced by {owner}.\n\n```mermaid\n{mermaid(table)}\n```",
    ]
    for title, verdict in (("Refused", Verdict.REFUSED), ("Repeat", Verdict.DUPLICATE)):
        rows = _grid(table, verdict)
        if rows:
            parts.append(f"| when | {title.lower()} |\n|---|---|\n{rows}")
    return "\n\n".join(parts)


def document() -> str:
    """The whole document, with a final newline. Implements LINE-003."""
    sections = [_section(table, owner) for table, owner in MACHINES]
    return "\n".join([_OPENING, "\n\n".join(sections), ""])
