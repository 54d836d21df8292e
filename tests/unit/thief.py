"""Somebody who has a party's online key: what he signs, and what comes of it."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, roz
from test_key_ceremony import BY, Scene

from crosstell.codecs import entry_body
from crosstell.codecs.parcel import Parcel, Row, encode
from crosstell.core.ids import FeedId
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.record.entry import Body, Entry, HybridTime, seal
from crosstell.core.record.keys import KEY, rotation_body
from crosstell.shell.key_ceremony.desk import verified
from crosstell.shell.node import Delivery
from crosstell.shell.peers.alarms import AlarmKind
from crosstell.sim.party import seeded_signer


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Both hold alpha's feed, and everybody has been told so."""
    made = Scene(tmp_path / "keys")
    made.world.settle(ALPHA, roz("roz-1", BRAVO))
    made.world.pass_time(60.0)
    return made


@dataclass
class Thief:
    """Whoever has alpha's online key, and signs in alpha's name to bravo alone."""

    scene: Scene
    count: int = 0

    def signs(self, event: NoticeFiled, *to: FeedId) -> tuple[Entry, Body]:
        """The next entry after what bravo holds of alpha's feed."""
        content = entry_body.encode(event, BY)
        return self._sealed(entry_body.kind_of(event), content, to or (self.of_bravo,))

    def names_a_key(self) -> tuple[Entry, Body]:
        """A rotation to keys that the thief alone has."""
        store = self.scene.world.parties[BRAVO].store
        content = rotation_body(
            feed=self.scene.feed,
            seq=store.size(self.scene.feed),
            signer=seeded_signer("thief"),
            cosigner=seeded_signer("thief-2"),
        )
        return self._sealed(KEY, content, ())

    def gives(self, entry: Entry, body: Body | None) -> None:
        """To bravo's node, in alpha's name."""
        row = Row(leaf=entry.leaf)
        if body is not None:
            row = replace(row, salt=body.salt, body=body.content)
        parcel = Parcel(sender=self.scene.feed, have=(), rows=(row,))
        self.scene.world.give(BRAVO, Delivery(body=encode(parcel)))

    @property
    def of_bravo(self) -> FeedId:
        return self.scene.world.parties[BRAVO].setting.feed

    def _sealed(self, kind: str, content: bytes, to: tuple[FeedId, ...]) -> tuple[Entry, Body]:
        head = verified(self.scene.world.parties[BRAVO].store, self.scene.feed).head
        assert head is not None
        self.count += 1
        body = Body(salt=bytes([self.count]) * 16, content=content)
        hlc = HybridTime(ms=head.hlc.ms + 60)
        header = head.next_header(kind=kind, body=body.commitment(), hlc=hlc, to=to)
        return seal(header, self.scene.world.parties[ALPHA].keys().online), body


def comes_back(scene: Scene) -> int:
    """The first entry of the thief, which bravo took and gave back to alpha."""
    stolen = scene.desk.store.size(scene.feed)
    thief = Thief(scene)
    thief.gives(*thief.signs(roz("roz-thief", BRAVO)))
    thief.gives(*thief.signs(roz("roz-thief-2", BRAVO)))
    scene.world.deliver()
    scene.world.pass_time(600.0)
    return stolen


def alarms(scene: Scene) -> list[tuple[AlarmKind, str]]:
    found = scene.world.parties[ALPHA].node.alarms
    return [(one.kind, one.text) for one in found]
