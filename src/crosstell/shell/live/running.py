"""A node at work: its thread, its two ports, its post and its people, started and stopped in order.

What can be wrong in the folder is found before anything listens. A stop ends the ports first, then
does what is in line, so that nothing that was answered for is lost. Implements RUN-040 to RUN-043.
"""

import asyncio
import random
import signal
import socket
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from types import FrameType

from starlette.applications import Starlette
from uvicorn import Config

import crosstell.shell.console
from crosstell import __version__
from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.state.state import State
from crosstell.shell.access.access import Access
from crosstell.shell.api.application import application
from crosstell.shell.api.settings import Settings
from crosstell.shell.archive.export import Choice, export
from crosstell.shell.clock import Clock, SystemClock, read_steady, read_wall
from crosstell.shell.config.card import PartyCard
from crosstell.shell.config.node_file import Installation
from crosstell.shell.exchange import Unheard
from crosstell.shell.keys import ONLINE, KeyFolder
from crosstell.shell.live.collecting import Collecting, uncollected
from crosstell.shell.live.opening import Opened, clock_for, note_pace, open_node
from crosstell.shell.live.recalling import Recall
from crosstell.shell.live.reporting import Report, Reports
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.live.standing import running_shown
from crosstell.shell.node import Delivery, Outcome
from crosstell.shell.peers.listening import Listener
from crosstell.shell.peers.pins import Identity, Pins
from crosstell.shell.peers.port import PortSettings, peer_app
from crosstell.shell.peers.post import Correspondent, Post
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.guard import Guard
from crosstell.shell.peers.split.picture import PictureSide
from crosstell.shell.peers.split.spool import Inbox, Outbox
from crosstell.shell.people.to_people import ToPeople
from crosstell.shell.ports.operators import OperatorsPort
from crosstell.shell.store.room import Room
from crosstell.shell.store.sqlite import SqliteStore

BACKLOG = 128
ENDING_S_MAX = 5  # that requests under way are given at the end
LOOK_S = 0.25  # how soon a signal ends the streams, and a node that has died its process
STATIC = Path(crosstell.shell.console.__file__).parent / "static"


class Running:
    """One node's process, but for its end."""

    def __init__(
        self, installation: Installation, pace: Path | None = None, report: Report | None = None
    ) -> None:
        """Everything is open and fits together; nothing runs or listens. CallerError otherwise."""
        self.installation = installation
        self._ending = False
        file = installation.file
        self.clock: Clock = clock_for(file.reality, pace)
        with uncollected():
            self.opened: Opened = open_node(installation)
        cards, store = self.opened.cards, self.opened.store
        note_pace(store, pace)
        self.refusals = Refusals(now=self.clock.now)
        self.people = ToPeople(
            file.people,
            self.clock,
            folder=installation.folder,
            state=lambda: self.opened.node.state,
        )
        self.listener: Listener | None = None
        self.post: Post | PictureSide = self._line(cards)
        folders = (installation.store.parent, installation.marks)
        self.sequencer = Sequencer(
            node=self.opened.node,
            store=store,
            clock=self.clock,
            post=self.post,
            people=self.people,
            room=Room(folders=folders, free_mib_min=file.free_mib),
        )
        self.access = Access(installation.access)
        setting = self.opened.setting
        self.recall = Recall(store=installation.store, setting=setting)
        self.reports = report and Reports(report, installation.store, setting.protocol)

    def _line(self, cards: tuple[PartyCard, ...]) -> Post | PictureSide:
        """What carries parcels: the post and its port, or the picture side of a split node."""
        installation, split = self.installation, self.installation.file.split
        correspondents = [Correspondent(party=c.party, feed=c.feed, reach=c.reach) for c in cards]
        pace = Pace(
            now=self.clock.now,
            steady=read_steady,
            jitter=random.SystemRandom().random,
            poll_s=installation.file.line.every_s,
            beat_s=0.0 if split is None else split.beat_s,
        )
        if split is not None:
            setting = self.opened.setting
            feeds, former = ({f: p for p, f in of} for of in (setting.feeds, setting.former))
            return PictureSide(
                correspondents=tuple(correspondents),
                guard=Guard(own=setting.feed, feeds=feeds, former=former),
                outbox=Outbox(folder=installation.folder / split.outgoing, now=SystemClock().now),
                inbox=Inbox(folder=installation.folder / split.incoming),
                submit=self._deliver,
                pace=pace,
                refusals=self.refusals,
                unheard=self._unheard,
            )
        pins = Pins(
            identity=Identity(certificate=installation.line_certificate, key=installation.line_key),
            digests={card.party: frozenset((card.pin,)) for card in cards},
        )
        pins.know(card.der for card in cards)
        post = Post(correspondents, pins, self._deliver, pace, self.refusals)
        post.unheard = self._unheard
        settings = PortSettings(callers=post.callers(), refusals=self.refusals, steady=read_steady)
        self.listener = Listener(peer_app(post, settings), pins, self.refusals)
        return post

    def _deliver(self, parcel: bytes) -> Future[Outcome]:
        """A parcel of another party goes to the node."""
        return self.sequencer.submit(Delivery(body=parcel))

    def _unheard(self, party: PartyId) -> Future[Outcome]:
        """An answer of that party may have been lost."""
        return self.sequencer.submit(Unheard(party=party))

    def serve(self, say: Callable[[str], None]) -> int:
        """The node runs until a signal ends it, or a fault of ours does: 0, or 3."""
        api, listening = self.installation.file.api, _listen(self.installation)
        line, collecting = self.installation.file.line, Collecting(read_steady)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)  # the server passes on the signals that it captures
        collecting.begin()
        try:
            where = "the folders of its exchange side"
            if self.listener is not None:
                where = f"{line.host}:{self.listener.start(line.host, line.port)}"
            self.sequencer.start()
            self.post.start()
            scheme = "https" if api.certificate else "http"
            say(
                f"The node of {self.installation.file.party} runs"
                f" ({self.installation.file.reality.value.upper()}). Operators and console:"
                f" {scheme}://{api.host}:{listening.getsockname()[1]}/ Line: {where}"
            )
            fault = asyncio.run(self._serve(listening))
        finally:
            collecting.end()
            listening.close()
            if self.listener is not None:
                self.listener.stop()
            self.post.stop()
            self.sequencer.stop()
            self.people.close()
            if not self.sequencer.runs:  # else the store is still written to: the process ends it
                self.access.close()
                self.opened.store.close()
        if self.sequencer.runs:
            say(
                "The node did not come to its end in time and is broken off; what it answered for "
                "is recorded, what waited is not. Start it again"
            )
            return 3
        fault = self.sequencer.fault or fault
        if fault is not None:
            say(
                f"The node ended by a fault of ours: {fault}. What is recorded "
                "stands; go on by telephone, start it again and report this"
            )
            return 3
        say("The node has stopped; everything that it answered for is recorded.")
        return 0

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        """A signal asks for the end."""
        self._ending = True

    def api(self) -> Starlette:
        """The interface for operators, systems and the console."""
        settings = Settings(
            clock=self.clock,
            wall=read_wall,
            store=self.opened.store,
            version=__version__,
            static=STATIC,
            maps=self.installation.maps,
            screen=screen,
            secure=self.installation.file.api.certificate is not None,
            export=self._export,
            recall=self._recall,
            report=None if self.reports is None else self.reports.make,
            running=lambda: running_shown(self.sequencer, self.post, self.refusals, self.people),
        )
        return application(self.sequencer, self.access, settings)

    def _recall(self, moment: datetime) -> tuple[State, int]:
        """What was known at an earlier moment, and how far in the local sequence."""
        found = self.recall.at(moment)
        return found.state, found.arrivals

    def _export(self, target: Path, choice: Choice) -> object:
        """An export as a person chose it, read beside the writer."""
        store = SqliteStore.open_read_only(self.installation.store)
        try:
            signer = KeyFolder(path=self.installation.keys).load(ONLINE)
            return export(store, target, choice, signer)
        finally:
            store.close()

    async def _serve(self, listening: socket.socket) -> str | None:
        """The operators' port is served until the end; the fault of a port, if that was it."""
        file = self.installation.file.api
        folder = self.installation.folder
        app = self.api()
        config = Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=ENDING_S_MAX,
            ssl_certfile=None if file.certificate is None else folder / file.certificate,
            ssl_keyfile=None if file.key is None else folder / file.key,
        )
        server = OperatorsPort(config, listening, self.refusals)
        serving = asyncio.create_task(server.serve())
        while not serving.done():
            await asyncio.wait({serving}, timeout=LOOK_S)
            # the server keeps a signal to itself until it has ended: it is asked for that too
            is_deaf = self._deaf(server) is not None
            if self._ending or server.should_exit or is_deaf or not self.sequencer.runs:
                app.state.serving.hub.stop()  # streams end with a reason, and nobody waits for them
                if self.reports is not None:
                    self.reports.stop()
                server.should_exit = True
        await serving
        return self._deaf(server)

    def _deaf(self, server: OperatorsPort) -> str | None:
        """The fault of ours by which a port lets nobody in any more."""
        return server.fault or (None if self.listener is None else self.listener.fault)


def _listen(installation: Installation) -> socket.socket:
    """The socket of the operators' port. CallerError if it cannot be had."""
    api = installation.file.api
    try:
        return socket.create_server((api.host, api.port), backlog=BACKLOG)
    except OSError as error:
        raise CallerError(
            f"api {api.host}:{api.port} cannot be listened at ({error.strerror}); name another "
            "address or port in node.yaml, or end what uses it"
        ) from error
