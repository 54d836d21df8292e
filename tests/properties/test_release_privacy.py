"""Whatever is done in whatever order, nothing that was not released is in any parcel.

A machine acts at random for alpha: files, releases, coarsens, shares, revokes, copies, observes,
cuts the line. It keeps its own list of words and figures that no other may see, and of those that
one party may; every parcel is opened as it leaves and its bytes are searched for them.
"""

from dataclasses import dataclass, field, replace

from account_values import moment, stated
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call, post, seen
from release_values import SECOND, TOLD, WIDE, opened, ours, release, share
from sampling import examples

from crosstell.codecs import entry_body, parcel
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId, Latest, NoticeId, PartyId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.picture.content import OwnForceLocation
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemKind
from crosstell.core.picture.releasing.share import ShareId, ShareRevoked, ShareUpdated
from crosstell.core.record.entry import parse
from crosstell.shell.node import NodeInput, Outcome

OTHERS = (BRAVO, CHARLIE)
others = st.sampled_from(OTHERS)
Audience = set[PartyId]


@dataclass
class Watched(World):
    """A world that opens every parcel of alpha as it leaves."""

    allowed: dict[bytes, Audience] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)  # of each share, seconds from START
    found: dict[bytes, Audience] = field(default_factory=dict)

    def give(self, party: PartyId, given: NodeInput) -> Outcome:
        """As ever; and what leaves is searched."""
        outcome = super().give(party, given)
        for message in outcome.messages if party == ALPHA else ():
            whole = opened(message.body)
            for secret, audience in self.allowed.items():
                if secret in whole:
                    self.found.setdefault(secret, set()).add(message.to)
                    assert message.to in audience, f"{secret!r} left for {message.to}"
            self.check_shares(message.body)
        return outcome

    def check_shares(self, body: bytes) -> None:
        """No update leaves after its share's end."""
        for row in parcel.decode(body).rows:
            kind = parse(row.leaf).header.type
            if kind != "share_updated" or row.body is None:
                continue
            said = entry_body.decode(kind, row.body).body
            assert isinstance(said, ShareUpdated)
            now_s = seconds_between(START, self.now)
            assert now_s < self.ends[said.share], f"{said.share} left at {now_s} s"


class Releasing(RuleBasedStateMachine):
    """Alpha at work, with two others listening."""

    def __init__(self) -> None:
        super().__init__()
        self.world = Watched(names=(ALPHA, BRAVO, CHARLIE), seed="privacy")
        self.count = 0
        self.home: list[str] = []
        self.claims: list[str] = []
        self.tracks: list[str] = []
        self.shares: list[str] = []

    def secret(self, word: str, *to: PartyId) -> str:
        """A word that these alone may see."""
        self.world.allowed.setdefault(word.encode(), set()).update(to)
        return word

    def place(self, *to: PartyId) -> Position:
        """A position that nobody else names; its figures are a secret of these."""
        self.count += 1
        lat_e7, lon_e7 = 361_000_007 + 1_313 * self.count, 191_000_009 + 1_717 * self.count
        for figure in (lat_e7, lon_e7):
            self.secret(f"-{figure}", *to)
        return Position(lat_deg=-lat_e7 / 1e7, lon_deg=-lon_e7 / 1e7)

    def notice(self, name: str, *to: PartyId) -> NoticeFiled:
        """Own forces at such a place, with words of their own."""
        area = Circle(centre=self.place(*to), radius_m=700.0)
        filed = release_post(name, area, self.secret(words_of(name), *to))
        return replace(filed, releasable_to=to)

    @initialize()
    def met(self) -> None:
        self.world.settle(ALPHA, call("c-1", BRAVO))

    @rule()
    def files_at_home(self) -> None:
        name = self.secret(f"home-{len(self.home)}-n")
        self.home.append(name)
        self.world.act(ALPHA, self.notice(name))

    @rule(to=others)
    def files_for_one(self, to: PartyId) -> None:
        self.count += 1
        self.world.act(ALPHA, self.notice(self.secret(f"told-{self.count}-n", to), to))

    @rule(data=st.data(), to=others, is_coarse=st.booleans(), is_alone=st.booleans())
    def releases(self, data: st.DataObject, to: PartyId, is_coarse: bool, is_alone: bool) -> None:
        if not self.home:
            return
        name = data.draw(st.sampled_from(self.home))
        self.count += 1
        under = self.secret(f"out-{self.count}-n", *(() if is_alone else (to,)))
        held = self.world.state(ALPHA).journal.notices.get(NoticeId(name))
        if held is not None and not is_coarse and not is_alone:
            content = held.latest.event.content
            assert isinstance(content, OwnForceLocation)
            assert isinstance(content.volume.footprint, Circle)
            centre = content.volume.footprint.centre
            self.secret(words_of(name), to)
            for value in (centre.lat_deg, centre.lon_deg):
                self.secret(f"{round(value * 1e7)}", to)
        asked = release(
            name,
            under,
            to,
            purpose=self.secret(f"purpose-{self.count}-r"),
            coarsened=WIDE if is_coarse else None,
            second=None if is_alone else SECOND,
        )
        outcome = self.world.act(ALPHA, asked)
        assert (outcome.no is None) == (not is_alone)

    @rule(to=st.none() | others)
    def claims_something(self, to: PartyId | None) -> None:
        self.count += 1
        name = self.secret(f"claim-{self.count}-c")
        matter = self.secret(f"matter-{self.count}-c", *(() if to is None else (to,)))
        claim = replace(stated(moment("08:40")), claim=ClaimId(name), matter=matter)
        self.world.act(ALPHA, replace(claim, releasable_to=()))
        if to is None:
            return
        under = self.secret(f"claim-out-{self.count}-c", to)
        purpose = self.secret(f"purpose-{self.count}-c")
        asked = release(name, under, to, kind=ItemKind.CLAIM, purpose=purpose)
        assert self.world.act(ALPHA, asked).no is None

    @rule()
    def sees_a_new_object(self) -> None:
        name = self.secret(f"track-{len(self.tracks)}-t")
        self.tracks.append(name)
        self.sees(name)
        self.world.act(ALPHA, ours(name))

    def sees(self, name: str) -> None:
        """One measurement of it, at a place that nobody may know."""
        one = seen(self.world.now, 0.0, track=name)
        self.world.observe(ALPHA, replace(one, motion=replace(one.motion, position=self.place())))

    @rule(data=st.data(), seconds=st.integers(1, 120))
    def sees_again(self, data: st.DataObject, seconds: int) -> None:
        self.world.wait(float(seconds))
        if self.tracks:
            self.sees(data.draw(st.sampled_from(self.tracks)))

    @rule(data=st.data(), to=others, minutes=st.integers(1, 6))
    def shares_one(self, data: st.DataObject, to: PartyId, minutes: int) -> None:
        if not self.tracks:
            return
        track = data.draw(st.sampled_from(self.tracks))
        name = f"share-{len(self.shares)}-s"
        until_s = seconds_between(START, self.world.now) + 60.0 * minutes
        called = self.secret(f"called-{len(self.shares)}-s", to)
        asked = share(to, name=name, track=track, minutes=until_s / 60.0, called=called)
        self.world.ends[name] = until_s
        self.shares.append(name)
        if self.world.act(ALPHA, asked).no is None:
            self.world.wait(1.0)
            self.sees(track)

    @rule(data=st.data())
    def revokes_one(self, data: st.DataObject) -> None:
        if not self.shares:
            return
        name = data.draw(st.sampled_from(self.shares))
        now_s = seconds_between(START, self.world.now) + 1.0
        self.world.ends[name] = min(self.world.ends[name], now_s)
        self.world.act(ALPHA, ShareRevoked(share=ShareId(name), reason="no longer needed"))

    @rule(data=st.data())
    def makes_a_copy(self, data: st.DataObject) -> None:
        if not self.home:
            return
        name = data.draw(st.sampled_from(self.home))
        self.count += 1
        copy = CopyMade(
            items=(Latest(party=ALPHA, id=name),),
            recipient=self.secret(f"recipient-{self.count}-k"),
            purpose="briefing",
            marking="TEST",
            second=SECOND,
        )
        self.world.act(ALPHA, copy)

    @rule()
    def delivers(self) -> None:
        self.world.deliver()

    @rule(other=others)
    def cuts(self, other: PartyId) -> None:
        self.world.down |= {(ALPHA, other), (other, ALPHA)}

    @rule()
    def mends(self) -> None:
        self.world.down.clear()

    @rule(seconds=st.integers(1, 900))
    def time_passes(self, seconds: int) -> None:
        self.world.pass_time(float(seconds))

    @rule()
    def restarts(self) -> None:
        self.world.parties[ALPHA].start()
        self.world.give(ALPHA, Tick())

    @invariant()
    def nothing_is_irregular(self) -> None:
        """REL-040: what is allowed here is regular there; that nothing else leaves, `give` saw."""
        for name in (ALPHA, *OTHERS):
            assert self.world.state(name).feeds[ALPHA].irregular == ()
        assert self.world.state(ALPHA).journal.irregular == ()


def words_of(name: str) -> str:
    """The words of the notice of that id, in which the id does not occur."""
    return f"text {name[::-1]}"


def release_post(name: str, area: Circle, words: str) -> NoticeFiled:
    """Own forces in that circle, by two persons."""
    filed = post(ALPHA, name)
    assert isinstance(filed.content, OwnForceLocation)
    volume = replace(filed.content.volume, footprint=area)
    return replace(filed, content=replace(filed.content, volume=volume, text=words))


TestReleasing = Releasing.TestCase
TestReleasing.settings = settings(max_examples=examples(40), stateful_step_count=30)


def test_the_search_would_find_what_leaves() -> None:
    """REL-040: the control: what is released to bravo is found in a parcel to bravo."""
    machine = Releasing()
    machine.met()
    world = machine.world
    machine.files_at_home()
    machine.world.allowed[b"out-x"] = {BRAVO}
    figures = [secret for secret in world.allowed if secret.startswith(b"-")]
    for secret in (*figures, words_of("home-0-n").encode()):
        world.allowed[secret] = {BRAVO}
    assert world.act(ALPHA, release("home-0-n", "out-x", BRAVO, second=SECOND)).no is None
    world.deliver()
    assert world.found[b"out-x"] == {BRAVO}
    assert world.found[words_of("home-0-n").encode()] == {BRAVO}
    assert world.found[figures[0]] == {BRAVO}
    assert TOLD.area_m is not None
