"""What the command of an event is called: the act, said as one tells somebody to do it.

`NoticeFiled` is `file-notice`, `CallPassedOn` is `pass-on-call`. An event whose verb is not in the
table keeps its own words, so a new event has a command at once. Implements OPE-001.
"""

from crosstell.codecs.shape import tag_of
from crosstell.core.state.acts import ACTS
from crosstell.core.state.events import Event

VERBS = {
    "acknowledged": "acknowledge",
    "acted": "act",
    "checked": "check",
    "closed": "close",
    "confirmed": "confirm",
    "corrected": "correct",
    "declared": "declare",
    "declined": "decline",
    "disregarded": "disregard",
    "done": "finish",
    "ended": "end",
    "erased": "erase",
    "filed": "file",
    "given": "give",
    "granted": "grant",
    "heard": "hear",
    "lifted": "lift",
    "logged": "log",
    "made": "make",
    "moved": "move",
    "passed": "pass",
    "placed": "place",
    "proposed": "propose",
    "read": "read",
    "received": "receive",
    "released": "release",
    "relieved": "relieve",
    "renewed": "renew",
    "reported": "report",
    "resumed": "resume",
    "revised": "revise",
    "revoked": "revoke",
    "sent": "send",
    "shared": "share",
    "signed": "sign",
    "stated": "state",
    "suspended": "suspend",
    "taken": "take",
    "undertaken": "undertake",
    "used": "use",
    "withdrawn": "withdraw",
}


def command_name(kind: type[Event]) -> str:
    """The name of the command that asks for this event."""
    words = tag_of(kind).split("_")
    places = [place for place, word in enumerate(words) if word in VERBS]
    if not places:
        return "-".join(words)
    place = places[-1]
    return "-".join((VERBS[words[place]], *words[place + 1 :], *words[:place]))


def acts_by_name() -> dict[str, type[Event]]:
    """Every act that a person may ask for, by the name of its command."""
    return {command_name(kind): kind for kind in ACTS}
