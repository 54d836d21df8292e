"""What the people of one party begin by themselves: calls, notices, reliefs, reports.

Every private thing carries a mark of its own in its words, and the ledger is told who may read it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import CallId, NoticeId, PartyId, TrackId
from crosstell.core.instant import Window, later
from crosstell.core.line.call import Call
from crosstell.core.line.content import (
    CallContent,
    Danger,
    FreeText,
    Node,
    RequestedAct,
    Subject,
    SubjectKind,
    Telephone,
)
from crosstell.core.line.escalation import LadderEnd, LadderEnded, matter_key
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    StopLifted,
    StopRenewed,
    SummaryProposed,
    summary_digest,
)
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.line.watch.voice import (
    Direction,
    VoiceAccount,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.picture.content import (
    AvoidanceRequest,
    Content,
    FieldType,
    OwnForceLocation,
    Zone,
)
from crosstell.core.picture.notice import NoticeFiled, NoticeState, NoticeWithdrawn
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.track import TrackReported

if TYPE_CHECKING:
    from crosstell.sim.actors.crew import Crew

AREA_LAT_DEG, AREA_LON_DEG = -36.75, -19.0
PRECEDENCES = tuple(Precedence)


@dataclass(slots=True)
class Desk:
    """Where a crew writes what it begins."""

    crew: Crew

    def begin(self) -> None:
        """One thing that a person begins."""
        crew = self.crew
        choices = (
            self.call,
            self.call,
            self.stop,
            self.correct,
            self.close,
            self.disregard,
            self.renew_or_lift,
            self.file,
            self.file,
            self.withdraw,
            self.log_voice,
            self.report_track,
            crew.state_status,
        )
        crew.random.choice(choices)()

    def _to(self) -> PartyId:
        return self.crew.random.choice(self.crew.counterparts)

    def _content(self, to: PartyId) -> CallContent:
        marker = self._marked("call", frozenset({to}))
        place = Position(lat_deg=AREA_LAT_DEG, lon_deg=AREA_LON_DEG)
        return CallContent(
            subjects=(Subject(kind=SubjectKind.AIRCRAFT, label=marker),),
            place=place,
            danger=Danger.OWN_FORCES_ENDANGERED,
            act=self.crew.random.choice((RequestedAct.LEAVE, RequestedAct.TURN_AWAY)),
        )

    def _marked(self, word: str, audience: frozenset[PartyId]) -> str:
        marker = f"mark-{self.crew.mint(word)}."
        self.crew.mark(marker, audience | {self.crew.host.name})
        return marker

    def _place(self, kind: CallKind, precedence: Precedence) -> None:
        crew, to = self.crew, self._to()
        ends = None
        if kind is CallKind.STOP:
            ends = later(crew.host.local(), by_s=crew.random.uniform(60.0, 500.0))
        role = crew.speaker().role
        crew.do(
            CallPlaced(
                call=CallId(crew.mint("call")),
                kind=kind,
                precedence=precedence,
                reality=crew.host.party.setting.reality,
                from_role=role,
                to_party=to,
                to_role=role,
                carriage=Node(),
                content=self._content(to),
                language="en",
                expires_at=ends,
            )
        )

    def call(self) -> None:
        """A call of some kind is placed."""
        kind = self.crew.random.choice((CallKind.INFORM, CallKind.QUERY, CallKind.WARN))
        self._place(kind, self.crew.random.choice(PRECEDENCES))

    def warn(self) -> None:
        """A person places the warning that was drafted or that they think is needed."""
        if self.crew.is_awake and self.crew.random.random() < 0.3:
            self._place(CallKind.WARN, Precedence.FLASH)

    def stop(self) -> None:
        """A stop is asked for."""
        self._place(CallKind.STOP, Precedence.IMMEDIATE)

    def _some_call(self) -> tuple[CallId, Call] | None:
        calls = self.crew.own_calls()
        return self.crew.random.choice(calls) if calls else None

    def correct(self) -> None:
        """A call is corrected: the clock goes on."""
        found = self._some_call()
        if found is not None:
            name, call = found
            self.crew.do(CallCorrected(call=name, content=self._content(call.placed.to_party)))

    def close(self) -> None:
        """A call is closed, with or without a summary."""
        found = self._some_call()
        if found is None:
            return
        name, _ = found
        closing = Closing.WITHOUT_SUMMARY
        if self.crew.random.random() < 0.5:
            text = FreeText(text=f"summary of {name}", language="en")
            self.crew.do(SummaryProposed(call=name, summary=text, digest=summary_digest(text)))
            closing = Closing.ON_SUMMARY
        self.crew.do(CallClosed(call=name, closing=closing))

    def disregard(self) -> None:
        """A call was sent in error."""
        found = self._some_call()
        if found is not None:
            self.crew.do(CallDisregarded(call=found[0]))

    def renew_or_lift(self) -> None:
        """A stop is renewed or lifted."""
        stops = [one for one in self.crew.own_calls() if one[1].expires_at is not None]
        if not stops:
            return
        name, call = self.crew.random.choice(stops)
        assert call.expires_at is not None
        if self.crew.random.random() < 0.5:
            self.crew.do(StopLifted(call=name))
        else:
            self.crew.do(StopRenewed(call=name, expires_at=later(call.expires_at, by_s=200.0)))

    def _volume(self, now: datetime) -> Volume:
        random = self.crew.random
        centre = Position(
            lat_deg=AREA_LAT_DEG + random.uniform(-0.1, 0.1),
            lon_deg=AREA_LON_DEG + random.uniform(-0.1, 0.1),
        )
        window = Window(
            start=later(now, by_s=random.uniform(-60.0, 200.0)),
            end=later(now, by_s=random.uniform(900.0, 4000.0)),
        )
        bounded = random.random() < 0.3
        upper = Altitude(value_m=6000.0, datum=Datum.MSL_EGM96) if bounded else Unbounded()
        circle = Circle(centre=centre, radius_m=random.uniform(2_000.0, 12_000.0))
        return Volume(footprint=circle, lower=Unbounded(), upper=upper, window=window)

    def file(self) -> None:
        """A notice is filed: released to somebody, to everybody, or kept at home."""
        crew = self.crew
        released = tuple(sorted(p for p in crew.counterparts if crew.random.random() < 0.7))
        marker = self._marked("notice", frozenset(released))
        volume = self._volume(crew.host.local())
        second: Speaker | None = None
        content: Content
        match crew.random.randrange(3):
            case 0:
                content = Zone(
                    field_type=FieldType.ROZ,
                    declaring_authority=f"{crew.host.name}-forces",
                    volume=volume,
                    duty=f"keep out {marker}",
                )
            case 1:
                content = OwnForceLocation(volume=volume, text=marker)
                second = crew.speaker("watch-chief")
            case _:
                content = AvoidanceRequest(volume=volume, asked=f"keep away {marker}")
        crew.do(
            NoticeFiled(
                notice=NoticeId(crew.mint("notice")),
                version=1,
                content=content,
                marking="TEST",
                releasable_to=released,
                second=second,
            )
        )

    def withdraw(self) -> None:
        """A notice is withdrawn."""
        state = self.crew.host.party.node.state
        own = {**state.own.notices, **state.journal.notices}
        names = [n for n in sorted(own) if own[n].state is not NoticeState.WITHDRAWN]
        if names:
            name = self.crew.random.choice(names)
            version = own[name].latest.event.version
            self.crew.do(NoticeWithdrawn(notice=name, version=version, reason="over"))

    def relieve(self) -> None:
        """The watch is relieved in the middle of whatever is going on."""
        crew = self.crew
        role, held = crew.speaker().role, f"w{crew.watch}"
        if role not in crew.host.party.node.state.journal.watches:
            crew.do(WatchTaken(role=role, watch=held))
        crew.watch += 1
        crew.do(WatchRelieved(role=role, from_watch=held, to_watch=f"w{crew.watch}"))

    def take_matter(self) -> None:
        """A person takes a matter that rings."""
        matters = list(self.crew.host.party.node.state.journal.ladders)
        if matters:
            matter = self.crew.random.choice(sorted(matters, key=matter_key))
            self.crew.do(LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED))

    def log_voice(self) -> None:
        """A telephone call is logged."""
        crew, to, now = self.crew, self._to(), self.crew.host.local()
        role = crew.speaker().role
        account = VoiceAccount(
            direction=Direction.PLACED,
            counterpart=to,
            counterpart_role=role,
            own_role=role,
            carriage=Telephone(),
            started_at=later(now, by_s=-60.0),
            ended_at=now,
            kind=CallKind.INFORM,
            reality=crew.host.party.setting.reality,
            language="en",
            notes=FreeText(text=self._marked("voice", frozenset({to})), language="en"),
        )
        crew.do(VoiceLogged(log=VoiceLogId(crew.mint("voice")), account=account))

    def report_track(self) -> None:
        """An object is told of in words; it stays at home."""
        crew = self.crew
        marker = self._marked("report", frozenset())
        digest = hashlib.sha256(marker.encode()).hexdigest()[:8]
        crew.do(
            TrackReported(
                track=TrackId(f"told-{digest}"),
                reporter="liaison",
                source="telephone",
                received_at=crew.host.local(),
                text=marker,
            )
        )
