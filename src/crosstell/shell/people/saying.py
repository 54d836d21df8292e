"""What is said of a handing at the moment it goes out, from what the node knows then.

The text is the effect's own. Level and call-by are looked up anew for every attempt, so that a
message which was held up does not state an old time. Implements PEO-020.
"""

from dataclasses import replace
from datetime import datetime
from itertools import chain

from crosstell.core.detection.about import tracks_of
from crosstell.core.detection.alert import Alert
from crosstell.core.ids import AlertId
from crosstell.core.line.call import Call
from crosstell.core.line.escalation import (
    IncomingCall,
    Matter,
    OwnCall,
    OwnVoiceLog,
    RaisedAlert,
    matter_key,
)
from crosstell.core.mechanism.view import alert_view
from crosstell.core.state.state import State
from crosstell.shell.people.handing import Handing, Kind, Said, Seen

ALERT = "alert "


def say(handing: Handing, state: State | None, now: datetime, *, positions: bool) -> Said:
    """The handing as it is said at `now`; without a state, without level and times."""
    if state is None:
        return Said(handing=handing, at=now, party="")
    setting = state.setting
    plain = Said(handing=handing, at=now, party=setting.party, reality=setting.reality)
    journal = state.journal
    known = chain(journal.ladders, journal.ended_lately, journal.ended.values())
    matter = next((one for one in known if matter_key(one) == handing.matter), None)
    if matter is not None:
        is_over = matter not in journal.ladders and handing.kind in (Kind.RING, Kind.DRAFT)
        plain = replace(plain, is_over=is_over)
        return _of_matter(plain, state, matter, positions=positions)
    alert = state.alert(AlertId(handing.matter.removeprefix(ALERT)))
    return plain if alert is None else _of_alert(plain, state, alert, positions=positions)


def _of_matter(plain: Said, state: State, matter: Matter, *, positions: bool) -> Said:
    match matter.subject:
        case RaisedAlert(alert=name):
            alert = state.alert(name)
            return plain if alert is None else _of_alert(plain, state, alert, positions=positions)
        case OwnCall(call=call_name):
            return _of_call(plain, state.own.calls.get(call_name))
        case IncomingCall(call=ref):
            return _of_call(plain, state.call_at(ref))
        case OwnVoiceLog():
            return plain


def _of_alert(plain: Said, state: State, alert: Alert, *, positions: bool) -> Said:
    view = alert_view(state, alert, plain.at)
    if view is None:
        return plain
    seen = _seen(state, alert) if positions else ()
    return replace(plain, level=view.alert.level, call_by=view.call_by, seen=seen)


def _of_call(plain: Said, call: Call | None) -> Said:
    if call is None:
        return plain
    placed = call.placed
    level = f"{placed.precedence} {placed.kind}"
    return replace(plain, level=level, reality=placed.reality, answer_by=placed.answer_by)


def _seen(state: State, alert: Alert) -> tuple[Seen, ...]:
    """The last usable position of each track that the alert is about."""
    found = []
    for name in tracks_of(alert.key.about):
        track = state.journal.tracks.get(name)
        if track is None or track.latest is None:
            continue
        motion = track.latest.motion
        place = motion.position
        found.append(Seen(track=name, lat_deg=place.lat_deg, lon_deg=place.lon_deg, at=motion.at))
    return tuple(found)
