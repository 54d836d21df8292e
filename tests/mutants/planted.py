"""The bugs: where, what stands there, what is planted, what it breaks, and which tests must see it.

Names of tests are pytest's; `WORLDS` are the first simulated ones. A bug that nothing catches is
a gap in the tests; a patch that no longer applies is a gap in this list.
"""

from dataclasses import dataclass

WORLDS = tuple(
    f"tests/sim/test_worlds.py::test_worlds_keep_the_rules[{seed}]" for seed in (0, 10, 20)
)
NODES = ("tests/unit/test_node_commit.py", "tests/unit/test_node_exchange.py", *WORLDS)
ASKED = (
    *(f"tests/unit/test_mechanism_{name}.py" for name in ("acts", "release", "waiting")),
    *WORLDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One planted bug. `file` is under src/crosstell; `old` stands there exactly once."""

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: tuple[str, ...] = WORLDS


RECORD = (
    Mutant(
        name="body left unchecked",
        file="core/record/entry.py",
        old="    if body.commitment() != entry.header.body:",
        new="    if False and body.commitment() != entry.header.body:",
        breaks="a body that its entry does not commit to is believed",
        tests=("tests/unit/test_record_entry.py",),
    ),
    Mutant(
        name="signature left unchecked",
        file="core/record/entry.py",
        old="verifier.verify(ENTRY_TAG + self.leaf[SIGNATURE_SIZE:], self.signature):",
        new="self.signature:",
        breaks="a forged entry is believed",
        tests=("tests/unit/test_record_entry.py", "tests/unit/test_record_feed.py"),
    ),
    Mutant(
        name="previous hash ignored",
        file="core/record/feed.py",
        old="    if entry.header.prev != head.last_hash:",
        new="    if not entry.header.prev:",
        breaks="an entry may follow on a branch that nobody holds",
        tests=("tests/unit/test_record_feed.py",),
    ),
    Mutant(
        name="high water never raised",
        file="shell/store/marked.py",
        old="            self.high_water.raise_all(grown)",
        new="            pass",
        breaks="a node that lost its end signs its numbers anew",
        tests=NODES,
    ),
)

EXCHANGE = (
    Mutant(
        name="body leaked",
        file="shell/exchange.py",
        old="        if public or is_said or peer.feed == stored.feed:",
        new="        if public or header.to or peer.feed == stored.feed:",
        breaks="a third party reads what was released to another",
        tests=NODES,
    ),
    Mutant(
        name="never sent again",
        file="shell/peers/known.py",
        old="        if self._is_past(now, after_s=self._patience_s()):",
        new="        if False and self._is_past(now, after_s=self._patience_s()):",
        breaks="what one lost parcel held never arrives",
        tests=NODES,
    ),
    Mutant(
        name="own feed not given back",
        file="shell/exchange.py",
        old="        return {self.own: signed, peer.feed: self.logs[peer.feed].size}",
        new="        return {self.own: signed}",
        breaks="a party that lost its end never signs again",
        tests=NODES,
    ),
    Mutant(
        name="fork not kept",
        file="shell/exchange.py",
        old="        arrival.puts.append(Put(name=fork_name(feed, digest), value=evidence))",
        new="",
        breaks="two signed entries at one number leave no evidence",
        tests=NODES,
    ),
    Mutant(
        name="audience emptied",
        file="shell/writer.py",
        old="        if isinstance(outgoing.to, Home) or not outgoing.to.audience:",
        new="        if isinstance(outgoing.to, Home):",
        breaks="an entry for nobody else is one for everybody",
        tests=NODES,
    ),
)

NODE = (
    Mutant(
        name="told before it is durable",
        file="shell/node.py",
        old="        self._commit(work)\n        if work.late ",
        new="        self._rebuilt.state = work.state\n        if work.late ",
        breaks="effects and parcels leave without a durable entry",
        tests=NODES,
    ),
    Mutant(
        name="memory kept after a doubtful write",
        file="shell/node.py",
        old="        try:\n            self._load()\n        except CrosstellError as error:",
        new="        try:\n            pass\n        except CrosstellError as error:",
        breaks="memory and store part after a failed write",
        tests=NODES,
    ),
    Mutant(
        name="finer than the grain",
        file="shell/node.py",
        old="            outcomes += self._handle(batch, in_grain(now))",
        new="            outcomes += self._handle(batch, now)",
        breaks="an entry is signed before the instant it is due at",
        tests=NODES,
    ),
    Mutant(
        name="no wake for rungs",
        file="shell/node.py",
        old=" next_wake(self.state, now),",
        new="",
        breaks="rungs are rung whenever something else happens",
        tests=NODES,
    ),
)

MECHANISM = (
    Mutant(
        name="stays silent after a restart",
        file="core/mechanism/step.py",
        old="    if not events:\n        events += _due(state, now)\n",
        new="",
        breaks="what follows from an entry waits for the next tick that nobody asked for",
        tests=ASKED,
    ),
    Mutant(
        name="own calls released to all",
        file="core/mechanism/release.py",
        old="            return _to(state, event.to_party)",
        new="            return Shared(audience=tuple(other.party for other in state.others()))",
        breaks="a call to one party is read by every other",
        tests=ASKED,
    ),
    Mutant(
        name="notice released to all",
        file="core/mechanism/release.py",
        old="            return _released(state, event.releasable_to)",
        new="            return Shared(audience=tuple(other.party for other in state.others()))",
        breaks="a notice kept at home leaves",
        tests=ASKED,
    ),
    Mutant(
        name="said for another party",
        file="core/state/state.py",
        old="not isinstance(log, FeedState) or held.by.party == log.party:",
        new="held.ref:",
        breaks="a party's feed may speak as another party",
        tests=("tests/properties/test_line_feeds.py", *NODES, "tests/sim/test_strangers.py"),
    ),
)

LINE = (
    Mutant(
        name="stand-by twice",
        file="core/line/answer.py",
        old="        (_S.STANDING_BY, _E.STAND_BY): _NO,",
        new="        (_S.STANDING_BY, _E.STAND_BY): _S.STANDING_BY,",
        breaks="stand-by after stand-by puts an answer off for ever",
        tests=("tests/unit/test_line_answer.py", "tests/unit/test_line_machines.py"),
    ),
    Mutant(
        name="stage falls",
        file="core/line/acknowledgement.py",
        old="        (_S.PASSED_ON, _E.READ_BACK): _S.PASSED_ON,",
        new="        (_S.PASSED_ON, _E.READ_BACK): _S.READ_BACK,",
        breaks="a call that was passed on is shown as read back only",
        tests=("tests/unit/test_line_acknowledgement.py", "tests/unit/test_line_machines.py"),
    ),
    Mutant(
        name="correction restarts the clock",
        file="core/line/view.py",
        old="    due_at = call.placed.answer_by if back_at is None",
        new="    again = call.placed.answer_by - call.placed_stamp.at\n"
        "    due_at = call.versions[-1].at + again if back_at is None",
        breaks="each correction gives the recipient its whole time again",
        tests=("tests/unit/test_line_view.py", *WORLDS),
    ),
    Mutant(
        name="stop never expires",
        file="core/line/call.py",
        old="    return at < call.expires_at\n",
        new="    return True\n",
        breaks="a stop stands for ever",
        tests=("tests/unit/test_line_call.py", *WORLDS),
    ),
    Mutant(
        name="relief of the wrong watch",
        file="core/line/watch/relief.py",
        old="    if event.from_watch != held.watch:",
        new="    if not held.watch:",
        breaks="a watch that holds nothing hands it over",
        tests=("tests/unit/test_line_watch.py",),
    ),
)

ESCALATION = (
    Mutant(
        name="rung noticed late",
        file="core/line/escalation.py",
        old="    return later(opened.opened_at, by_s=opened.rungs[rung].after_s)",
        new="    return later(opened.opened_at, by_s=opened.rungs[rung].after_s + 30.0)",
        breaks="every rung is rung half a minute late",
        tests=ASKED,
    ),
    Mutant(
        name="rings above the limit",
        file="core/mechanism/line/waiting.py",
        old="    rings = [rung.role for rung in rungs].index(state.setting.ring_limit) + 1",
        new="    rings = len(rungs)",
        breaks="the node rings the director by itself",
        tests=ASKED,
    ),
    Mutant(
        name="test climbs",
        file="core/mechanism/line/waiting.py",
        old="    if _is_test(state, wait.matter):",
        new="    if False and _is_test(state, wait.matter):",
        breaks="a line test wakes the watch chief",
        tests=ASKED,
    ),
    Mutant(
        name="a received call rings on",
        file="core/mechanism/line/incoming.py",
        old="                self.gone[ref] = matter\n",
        new="                pass\n",
        breaks="the ladder of a call that a person took climbs to the top",
        tests=("tests/properties/test_calls_waiting.py", "tests/unit/test_mechanism_waiting.py"),
    ),
    Mutant(
        name="answered call still rings",
        file="core/line/view.py",
        old="    if Source.RECORDED in settled:",
        new="    if False and Source.RECORDED in settled:",
        breaks="a call is rung after it was answered",
        tests=ASKED,
    ),
    Mutant(
        name="ladder stops half-way",
        file="core/line/escalation.py",
        old="    reached = event.rung + 1\n",
        new="    reached = len(held.opened.rungs)\n",
        breaks="after the first rung nobody else is rung",
        tests=ASKED,
    ),
)

PICTURE = (
    Mutant(
        name="withdrawn notice stands",
        file="core/picture/picture.py",
        old="        if held.notice.state is not NoticeState.WITHDRAWN\n",
        new="",
        breaks="a withdrawn zone raises alerts",
        tests=("tests/unit/test_picture_selection.py",),
    ),
    Mutant(
        name="one person is enough",
        file="core/picture/notice.py",
        old="    elif (second.role, second.watch) == (first.role, first.watch):",
        new="    elif not second.role:",
        breaks="one person files where own forces are",
        tests=("tests/unit/test_picture_notice.py",),
    ),
    Mutant(
        name="windows joined wrongly",
        file="core/instant.py",
        old="        return self.start < other.end and other.start < self.end",
        new="        return self.start < other.end and self.end < other.start",
        breaks="no window overlaps another, so no notice is tested",
    ),
)

PROTOCOL = (
    Mutant(
        name="signature of any version",
        file="core/protocol/signed/signature.py",
        old="    if said.digest != digest:",
        new="    if False and said.digest != digest:",
        breaks="a signature of an older version counts for the newer one",
        tests=("tests/unit/test_protocol_signature.py",),
    ),
    Mutant(
        name="signed by one is signed by all",
        file="cli/protocols/agreeing.py",
        old="        yield f\"NOT signed by all that it names: {', '.join(missing)} missing.\"",
        new="        yield f\"Signed by all that it names: {', '.join(found.signers)}.\"",
        breaks="a document looks agreed that one party signed",
        tests=("tests/unit/test_protocol_signature.py",),
    ),
    Mutant(
        name="figures that changed are no change",
        file="codecs/protocols/difference.py",
        old="        elif was.value != now.value:",
        new="        elif type(was.value) is not type(now.value):",
        breaks="a minimum is lowered and nobody is told",
        tests=("tests/unit/test_protocol_diff.py",),
    ),
    Mutant(
        name="an amendment by one signature",
        file="core/protocol/signed/amendment.py",
        old="    if len(pair) != 2 or len(own) != 2:\n        return False\n",
        new="    if len(own) < 2:\n        return bool(own)\n",
        breaks="one party replaces the version that both signed",
        tests=("tests/unit/test_protocol_amendment.py",),
    ),
    Mutant(
        name="signed readings forgotten",
        file="core/protocol/understanding.py",
        old="    return (*(one for one in annexed if (one.party",
        new="    return (*(one for one in () if (one.party",
        breaks="a reading that was signed with the document is not evaluated",
        tests=("tests/unit/test_protocol_judged.py",),
    ),
)


SPINE: tuple[Mutant, ...] = (
    *RECORD,
    *EXCHANGE,
    *NODE,
    *MECHANISM,
    *LINE,
    *ESCALATION,
    *PICTURE,
    *PROTOCOL,
)
