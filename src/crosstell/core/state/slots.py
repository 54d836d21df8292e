"""Where each of the two logs keeps its machines, and which events advance them.

A new event that moves a machine has its slot here.
"""

from collections.abc import Callable, Hashable
from typing import Any, get_args

from crosstell.core.assessment.account import claim
from crosstell.core.detection import alert
from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.incident import corrective_action, joint_text, paper
from crosstell.core.line import acknowledgement, answer, call, ended, escalation, health
from crosstell.core.line.message import CallerEvent
from crosstell.core.line.watch import broadcast, duress, relief, voice
from crosstell.core.picture import notice, ownership, roles, status, track
from crosstell.core.picture.releasing import copies, release, share
from crosstell.core.protocol import adherence
from crosstell.core.state.fold import Machines, Past, Slot, by_event


def _field(name: str) -> Callable[[Any, Machines], Hashable]:
    def key(event: Any, _held: Machines) -> Hashable:  # noqa: ANN401 - any event of the slot
        found: Hashable = getattr(event, name)
        return found

    return key


def _alert_key(event: Any, held: Machines) -> Hashable:  # noqa: ANN401
    if not isinstance(event, AlertAcknowledged):
        return event.key  # type: ignore[no-any-return]
    for key, machine in held.items():
        if machine.shown is not None and machine.shown.alert == event.alert:
            return key  # type: ignore[no-any-return]
    return None


_NOTICES = Slot(
    name="notices",
    events=get_args(notice.NoticeEvent),
    key=_field("notice"),
    advance=notice.advance,
)
_OWNERSHIP = Slot(
    name="ownership",
    events=get_args(ownership.OwnershipEvent),
    key=_field("subject"),
    advance=ownership.advance,
)
_CLAIMS = Slot(
    name="claims",
    events=get_args(claim.ClaimEvent),
    key=_field("claim"),
    advance=claim.advance,
)
_PAPERS = Slot(
    name="papers",
    events=get_args(paper.PaperEvent),
    key=_field("paper"),
    advance=paper.advance,
)
_UNDERTAKINGS = Slot(
    name="undertakings",
    events=get_args(corrective_action.ActionEvent),
    key=_field("paper"),
    advance=corrective_action.advance,
)

FEED_SLOTS = by_event(
    (
        Slot(
            name="adherence",
            events=get_args(adherence.AdherenceEvent),
            key=_field("protocol"),
            advance=adherence.advance,
        ),
        Slot(
            name="roles",
            events=get_args(roles.RoleEvent),
            key=_field("role"),
            advance=roles.advance,
        ),
        _NOTICES,
        Slot(
            name="statuses",
            events=(status.StatusStated,),
            key=_field("notice"),
            advance=status.advance,
        ),
        _OWNERSHIP,
        Slot(
            name="shares",
            events=get_args(share.ShareEvent),
            key=_field("share"),
            advance=share.advance,
        ),
        Slot(name="calls", events=get_args(CallerEvent), key=_field("call"), advance=call.advance),
        Slot(
            name="acknowledgements",
            events=get_args(acknowledgement.AcknowledgementEvent),
            key=_field("call"),
            advance=acknowledgement.advance,
        ),
        Slot(
            name="answers",
            events=get_args(answer.AnswerEvent),
            key=_field("call"),
            advance=answer.advance,
        ),
        Slot(
            name="voice_logs",
            events=get_args(voice.VoiceEvent),
            key=_field("log"),
            advance=voice.advance,
        ),
        Slot(
            name="broadcasts",
            events=get_args(broadcast.BroadcastEvent),
            key=_field("broadcast"),
            advance=broadcast.advance,
        ),
        _CLAIMS,
        _PAPERS,
        _UNDERTAKINGS,
        Slot(
            name="joint_positions",
            events=get_args(joint_text.JointEvent),
            key=_field("paper"),
            advance=joint_text.advance,
        ),
    )
)
JOURNAL_SLOTS = by_event(
    (
        _NOTICES,
        _OWNERSHIP,
        _CLAIMS,
        _PAPERS,
        _UNDERTAKINGS,
        Slot(
            name="tracks",
            events=get_args(track.TrackEvent),
            key=_field("track"),
            advance=track.advance,
        ),
        Slot(
            name="alerts",
            events=(*get_args(alert.AlertEvent),),
            key=_alert_key,
            advance=alert.advance,
        ),
        Slot(
            name="ladders",
            events=get_args(escalation.LadderEvent),
            key=_field("matter"),
            advance=escalation.advance,
            past=Past(
                lately="ended_lately",
                ended="ended",
                again=ended.again,
                is_over=ended.is_over,
                lay_by=ended.lay_by,
            ),
        ),
        Slot(
            name="lines",
            events=get_args(health.LineEvent),
            key=_field("line"),
            advance=health.advance,
        ),
        Slot(
            name="watches",
            events=get_args(relief.WatchEvent),
            key=_field("role"),
            advance=relief.advance,
        ),
        Slot(
            name="releases",
            events=(release.ItemReleased,),
            key=_field("release"),
            advance=release.advance,
        ),
        Slot(
            name="shared_tracks",
            events=(share.TrackShared,),
            key=_field("share"),
            advance=share.advance_home,
        ),
        Slot(
            name="copies", events=(copies.CopyMade,), key=_field("number"), advance=copies.advance
        ),
        Slot(
            name="duress", events=(duress.DuressHeard,), key=_field("log"), advance=duress.advance
        ),
        Slot(
            name="suspensions",
            events=(adherence.SuspensionCame,),
            key=_field("suspension"),
            advance=adherence.came,
        ),
    )
)
