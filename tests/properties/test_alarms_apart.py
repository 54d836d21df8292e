"""A flood of one kind of alarm never hides another kind, at a node and at an exchange side."""

from hypothesis import given
from hypothesis import strategies as st

from crosstell.codecs.parcels.frame import ALARM_LENGTH_MAX, Frame, decode, encode
from crosstell.core.ids import FeedId
from crosstell.shell.peers.alarms import ALARMS_MAX, Alarm, AlarmKind, Alarms
from crosstell.shell.peers.split.told import PART_LENGTH_MAX, Told, ToldKind

KINDS = st.sampled_from(AlarmKind)
FLOODS = st.lists(
    st.tuples(KINDS, st.integers(0, 5), st.integers(1, ALARMS_MAX + 300)), min_size=1, max_size=4
)


@given(floods=FLOODS)
def test_nod_260_a_flood_takes_the_room_of_its_own_kind_alone(
    floods: list[tuple[AlarmKind, int, int]],
) -> None:
    """Against a plain count: a kind within its room has lost nothing, whatever the other did."""
    held, told = Alarms(), {kind: set[Alarm]() for kind in AlarmKind}
    for number, (kind, feed, count) in enumerate(floods):
        for each in range(count):
            alarm = Alarm(feed=FeedId(f"f{feed}"), text=f"{number}/{each}", kind=kind)
            held.add(alarm)
            told[kind].add(alarm)
    for kind in AlarmKind:
        shown = {one for one in held.others if one.kind is kind}
        assert shown <= told[kind]
        assert len(shown) == min(len(told[kind]), ALARMS_MAX)
    kinds = [one.kind for one in held.every]
    assert kinds == sorted(kinds, key=list(AlarmKind).index), "the heavier first"


TEXTS = st.text(alphabet="abc é", min_size=1, max_size=2 * ALARM_LENGTH_MAX)


@given(said=st.lists(st.tuples(st.sampled_from(ToldKind), TEXTS), min_size=1, max_size=300))
def test_split_260_the_newest_of_each_kind_is_in_every_frame(
    said: list[tuple[ToldKind, str]],
) -> None:
    told = Told()
    for kind, text in said:
        told.add(kind, text)
    newest = dict(said)
    frame = decode(encode(Frame(number=1, at_ms=1, alarm=told.text())))
    assert len(frame.alarm) <= ALARM_LENGTH_MAX
    place = -1
    for kind in ToldKind:
        if kind in newest:
            part = newest[kind][: min(PART_LENGTH_MAX, len(newest[kind]))]
            found = frame.alarm.find(part, place + 1)
            assert found > place, "each is there, the heaviest first"
            place = found


def test_split_260_a_folder_that_fails_without_end_hides_no_guard() -> None:
    told = Told()
    guard = "the guard on the exchange side held back a parcel to bravo: fork evidence 0"
    assert told.add(ToldKind.GUARD, guard)
    for number in range(10_000):
        told.add(ToldKind.FOLDER, f"file {number} is no frame")
    assert told.text().startswith(guard)
    assert "file 9999 is no frame (10000 times so far" in told.text()
    assert not told.add(ToldKind.GUARD, guard), "nothing new is not told again"
