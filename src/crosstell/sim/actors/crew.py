"""The people of one party: they answer what rings, late, wrongly or not at all, and begin matters.

They act through `Act` alone, on what their node rang or shows on its screen. What was not
recorded, because the node was off or could not write, they do again. Implements SIM-007.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from crosstell.core.detection.alert import AlertAcknowledged, Attention, shown_alert
from crosstell.core.ids import CallId, Latest, Named, NoticeId, PartyId
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallPassedOn,
    CallReadBack,
    CallReceived,
)
from crosstell.core.line.answer import (
    Answer,
    AnswerGiven,
    AnswerId,
    AnswerKind,
)
from crosstell.core.line.call import Call
from crosstell.core.line.content import CallContent, FreeText, RequestedAct
from crosstell.core.line.message import CallKind
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, ShowAlert, ShowCall
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.state.events import Event
from crosstell.sim.actors.desk import Desk
from crosstell.sim.host import Host

THINK_S = 45.0  # how long a person takes at most
AGAIN_S = 12.0  # before they try again what was not recorded
TRIES_MAX = 8
ANSWERS = (
    AnswerKind.WILL_COMPLY,
    AnswerKind.NOTED,
    AnswerKind.OURS,
    AnswerKind.NOT_OURS,
    AnswerKind.UNABLE,
    AnswerKind.CHECKING,
    AnswerKind.STAND_BY,
    AnswerKind.STAND_BY,
)


@dataclass(slots=True)
class Crew:
    """Whoever is on watch at one host."""

    host: Host
    random: Random
    counterparts: tuple[PartyId, ...]
    mark: Callable[[str, frozenset[PartyId]], None]
    watch: int = 1
    minted: int = 0
    is_awake: bool = True
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Nobody has placed anything yet."""
        self.desk = Desk(crew=self)

    def speaker(self, role: str = "duty-officer") -> Speaker:
        """The role on watch now."""
        roles = {one.id: one.id for one in self.host.party.setting.protocol.roles}
        return Speaker(party=self.host.name, role=roles[role], watch=f"w{self.watch}")  # type: ignore[index]

    def mint(self, word: str) -> str:
        """An id that nobody used."""
        self.minted += 1
        return f"{self.host.name}-{word}-{self.minted}"

    def do(self, body: Event, tries: int = TRIES_MAX) -> None:
        """Record this now; if it was not taken, do it again later."""
        outcome = self.host.give(Act(by=self.speaker(), body=body))
        taken = outcome is not None and outcome.fault is None
        text = "" if taken else " (not taken)"
        if outcome is not None and outcome.no is not None:
            text = f" ({outcome.no.text[:80]})"
        self.host.around.note(f"{self.host.name}: {type(body).__name__}{text}")
        if not taken and tries > 1:
            self.host.around.scheduler.after(AGAIN_S, lambda _now: self.do(body, tries - 1))

    def soon(self, act: Callable[[], None], most_s: float = THINK_S) -> None:
        """A person does this after a while."""
        delay_s = self.random.uniform(1.0, most_s)
        self.host.around.scheduler.after(delay_s, lambda _now: act())

    def notice(self, effects: Iterable[Effect]) -> None:
        """What rang or was shown, and what people make of it."""
        for effect in effects:
            if not self.is_awake or self.random.random() < self.host.options.silence:
                continue
            reaction = self._reaction(effect)
            if reaction is not None:
                self.soon(reaction)

    def _reaction(self, effect: Effect) -> Callable[[], None] | None:
        match effect:
            case ShowCall(party=party):
                return self.take_call if party != self.host.name else None
            case Ring(matter=matter):
                return self._on_ring(matter.split(" ")[0])
            case ShowAlert() | DraftReady():
                return self.desk.warn
            case _:
                return None

    def _on_ring(self, matter: str) -> Callable[[], None] | None:
        known = {
            "call-not-received": self.take_call,
            "alert-unacknowledged": self.acknowledge_alert,
            "stop-expiring": self.desk.renew_or_lift,
        }
        if matter in known:
            return known[matter]
        return self.desk.take_matter if self.random.random() < 0.3 else None

    def _incoming(self) -> list[tuple[PartyId, Call]]:
        """The calls to us on the screen."""
        feeds = self.host.party.node.state.others()
        return [
            (feed.party, call)
            for feed in feeds
            for _, call in sorted(feed.calls.items())
            if call.placed.to_party == self.host.name and call.ended is None
        ]

    def take_call(self) -> None:
        """A call is received, perhaps another than the one that rang, and then answered."""
        calls = self._incoming()
        if not calls or not self.is_awake:
            return
        wrong = self.random.random() < self.host.options.wrong_call
        party, call = self.random.choice(calls) if wrong else calls[-1]
        name = Named(party=party, id=call.placed.call)
        self.do(CallReceived(call=name))
        if call.placed.kind is CallKind.TEST or self.random.random() < 0.5:
            self.soon(lambda: self._answer(name, AnswerKind.NOTED))
            return
        self.soon(lambda: self._read_back(name, call))
        self.soon(lambda: self._answer(name, self.random.choice(ANSWERS)), 2 * THINK_S)

    def _read_back(self, name: Named, call: Call) -> None:
        content = call.versions[-1].content
        if self.random.random() < self.host.options.misreading:
            content = CallContent(subjects=content.subjects, act=RequestedAct.TAKE_NOTE)
        latest = Latest(party=name.party, id=name.id)
        self.do(CallReadBack(call=name, content=latest, read_back=content))
        if self.random.random() < 0.5:
            self.soon(lambda: self.do(CallPassedOn(call=name, scope=Scope())))
            self.soon(lambda: self.do(CallActedOn(call=name, scope=Scope())), 3 * THINK_S)

    def _answer(self, name: Named, kind: AnswerKind) -> None:
        until = None
        reason = None
        if kind is AnswerKind.STAND_BY:
            until = later(self.host.local(), by_s=self.random.uniform(20.0, 240.0))
            if self.random.random() < 0.6:
                self.soon(lambda: self._answer(name, AnswerKind.WILL_COMPLY), 6 * THINK_S)
        if kind is AnswerKind.UNABLE:
            reason = FreeText(text="weather", language="en")
        answer = Answer(kind=kind, until=until, reason=reason)
        self.do(AnswerGiven(call=name, answer_id=AnswerId(self.mint("ans")), answer=answer))

    def acknowledge_alert(self) -> None:
        """A person looks at an alert that rings and says so."""
        ringing = [
            alert.shown
            for alert in self.host.party.node.state.journal.alerts.values()
            if shown_alert(alert) and alert.attention is Attention.RINGING
        ]
        shown = [one for one in ringing if one is not None]
        if shown and self.is_awake:
            one = self.random.choice(sorted(shown, key=lambda each: each.alert))
            self.do(AlertAcknowledged(alert=one.alert, level=one.level))

    def state_status(self) -> None:
        """A person says of another party's notice how it stands with us."""
        for feed in self.host.party.node.state.others():
            names = sorted(feed.notices)
            if names:
                name = Named(party=feed.party, id=NoticeId(self.random.choice(names)))
                status = self.random.choice(tuple(StatedStatus))
                self.do(StatusStated(notice=name, status=status, scope=Scope()))
                return

    def own_calls(self) -> list[tuple[CallId, Call]]:
        """Our own calls on the screen that are not over and that a person placed."""
        calls = self.host.party.node.state.own.calls
        return [
            (name, call)
            for name, call in sorted(calls.items())
            if call.ended is None and call.placed.kind is not CallKind.TEST
        ]
