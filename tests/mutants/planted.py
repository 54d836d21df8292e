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
        file="shell/node.py",
        old="                self._tools.high_water.raise_to(log.feed, log.size)",
        new="                pass",
        breaks="a node that lost its end signs its numbers anew",
        tests=NODES,
    ),
)
EXCHANGE = (
    Mutant(
        name="body leaked",
        file="shell/exchange.py",
        old="    if public or peer.feed in header.to or peer.feed == stored.feed:",
        new="    if public or header.to or peer.feed == stored.feed:",
        breaks="a third party reads what was released to another",
        tests=NODES,
    ),
    Mutant(
        name="never sent again",
        file="shell/exchange.py",
        old="            if self._unconfirmed(peer) and _is_past(peer, now):",
        new="            if False and _is_past(peer, now):",
        breaks="what one lost parcel held never arrives",
        tests=NODES,
    ),
    Mutant(
        name="own feed not given back",
        file="shell/exchange.py",
        old="        return (self.own, peer.feed)",
        new="        return (self.own,)",
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
        old="        self._commit(work)\n        if late:",
        new="        self._rebuilt.state = work.state\n        if late:",
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
        old="            outcome = self._handle(given, in_grain(now))",
        new="            outcome = self._handle(given, now)",
        breaks="an entry is signed before the instant it is due at",
        tests=NODES,
    ),
    Mutant(
        name="no wake for rungs",
        file="shell/node.py",
        old="            next_wake(self.state, now),\n",
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
DETECTION = (
    Mutant(
        name="one more hit is wanted",
        file="core/detection/m_of_n.py",
        old="    return hits >= terms.hits_needed\n",
        new="    return hits > terms.hits_needed\n",
        breaks="an alert comes one measurement late",
    ),
    Mutant(
        name="critical waits for others",
        file="core/detection/m_of_n.py",
        old="    return infringes and _as_reported(finding, terms) is Severity.CRITICAL\n",
        new="    return infringes and _as_reported(finding, terms) is Severity.NONE\n",
        breaks="what is about to happen rings two measurements late",
        tests=("tests/unit/test_alert_level.py",),
    ),
    Mutant(
        name="trust lost clears",
        file="core/detection/m_of_n.py",
        old="    return RANK[severity] >= least or Reason.NOT_TRUSTWORTHY not in finding.reasons\n",
        new="    return RANK[severity] >= least or Reason.MANOEUVRE not in finding.reasons\n",
        breaks="a spoofed jump away silences the alert",
        tests=("tests/unit/test_alert.py",),
    ),
    Mutant(
        name="only one of two turns",
        file="core/detection/pair/reach.py",
        old="    speed_mps = sum(each.bounds.speed_mps for each in objects)\n",
        new="    speed_mps = objects[0].bounds.speed_mps\n",
        breaks="two that turn towards each other are told too late",
        tests=("tests/properties/test_turns_together.py",),
    ),
    Mutant(
        name="buffer subtracted",
        file="core/detection/pair/zone.py",
        old="        wide_m = limit_m + self.wide_m\n",
        new="        wide_m = limit_m - self.wide_m\n",
        breaks="an inaccurate object is taken for a far one",
        tests=("tests/unit/test_detection_zone.py",),
    ),
    Mutant(
        name="half of the horizon",
        file="core/mechanism/rules.py",
        old="        horizon_s=protocol.alerts.horizons.advisory_s,",
        new="        horizon_s=protocol.alerts.horizons.advisory_s / 4,",
        breaks="what is further off than minutes is not seen",
    ),
    Mutant(
        name="thinned to nothing",
        file="core/mechanism/assess/deciding.py",
        old="    return 0.0 <= gap_s < thin_s\n",
        new="    return 0.0 <= gap_s < 100.0 * thin_s\n",
        breaks="most measurements are not used",
    ),
    Mutant(
        name="a plan clears the course",
        file="core/mechanism/assess/pairs/planned.py",
        old="        assessed=Assessed.CANNOT_BE_RULED_OUT if is_clear else finding.assessed,\n",
        new="        assessed=Assessed.CANNOT_BE_RULED_OUT,\n        nominal_in_s=None,\n",
        breaks="what the course infringes is told as merely possible once a plan is filed",
        tests=("tests/properties/test_planned_oracle.py",),
    ),
    Mutant(
        name="a plan rings",
        file="core/mechanism/assess/pairs/planned.py",
        old="        unknown = min(unknown, level, key=lambda one: one.rank)\n",
        new="        unknown = max(unknown, level, key=lambda one: one.rank)\n",
        breaks="a patrol beside a zone rings the watch at every return",
        tests=("tests/unit/test_mechanism_planned.py",),
    ),
    Mutant(
        name="one clock's slack for two",
        file="core/detection/pair/contradiction.py",
        old="        return 2.0 * self.allowed.limits.time_slack_s\n",
        new="        return self.allowed.limits.time_slack_s\n",
        breaks="two honest sources of one object contradict each other",
        tests=("tests/properties/test_contradiction_oracle.py",),
    ),
    Mutant(
        name="a stated kind believed",
        file="core/detection/pair/trust.py",
        old="    return (*found, *doubts)\n",
        new="    return tuple(more) if tuple(doubts) else found\n",
        breaks="an aircraft that calls itself a ship no longer infringes",
        tests=("tests/unit/test_node_trust.py", "tests/properties/test_trust_folded.py"),
    ),
    Mutant(
        name="first of two believed",
        file="core/picture/track.py",
        old="    if unused is None or unused[0] is not Irregularity.FROM_THE_FUTURE:\n",
        new="    if unused is None:\n",
        breaks="of two emitters under one id the second is not seen",
        tests=("tests/unit/test_node_trust.py",),
    ),
    Mutant(
        name="trust for consistency",
        file="core/picture/trust/standing.py",
        old="is_newest and _within_reach(trust.last_trusted, front.latest, limits):",
        new="is_newest:",
        breaks="a false path that lasts is believed",
        tests=("tests/unit/test_node_trust.py", "tests/unit/test_pair_trust.py"),
    ),
    Mutant(
        name="another kind, another chance",
        file="core/picture/trust/standing.py",
        old="        held = _lost(held, (Implausible.KIND_CHANGED,), motion, held.paths)\n",
        new="        held = None\n",
        breaks="an object is rid of its doubts by calling itself something else",
        tests=("tests/unit/test_node_trust.py",),
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
PAIRINGS = (
    Mutant(
        name="stay counted from now",
        file="core/mechanism/assess/staying.py",
        old="        due_s = max(0.0, reported_s + dwell_s - before_s)",
        new="        due_s = max(0.0, reported_s + dwell_s)",
        breaks="a stay that is too long never infringes while it is watched",
        tests=("tests/unit/test_mechanism_pairs.py",),
    ),
    Mutant(
        name="everywhere on one's own side",
        file="core/mechanism/assess/pairs/boundary.py",
        old="    if owner is not None and owner == judged.party:",
        new="    if owner is not None:",
        breaks="an own track is clear under the other party's version of a boundary",
        tests=("tests/unit/test_mechanism_pairs.py",),
    ),
    Mutant(
        name="blackout that is over",
        file="core/mechanism/assess/pairs/alone.py",
        old="start=max(window.start, now), end",
        new="start=window.start, end",
        breaks="a blackout that is over hides the next",
        tests=("tests/unit/test_alerts_over_time.py",),
    ),
    Mutant(
        name="own speed alone",
        file="core/detection/pair/conformance.py",
        old="    speed_mps = max(own_mps, free_mps, criterion.unknown_speed_mps)",
        new="    speed_mps = own_mps",
        breaks="a place of its activity that a slow object may reach is left out",
        tests=("tests/unit/test_pair_conformance.py",),
    ),
    Mutant(
        name="chord of the smaller circle",
        file="core/detection/well_clear/worst.py",
        old="    front_m = h + _chord(math.hypot(volume.distance_m, h) + wide_m, offset_m)",
        new="    front_m = h + _chord(math.hypot(volume.distance_m, h), offset_m)",
        breaks="an inaccurate pair loses well clear later than it may",
        tests=("tests/unit/test_well_clear_pairing.py",),
    ),
    Mutant(
        name="remedy in the past",
        file="core/detection/remedy/search.py",
        old=" or by_us < least_us:",
        new=":",
        breaks="a plan is to start before it can",
        tests=("tests/unit/test_remedy.py",),
    ),
    Mutant(
        name="slower than it flies",
        file="core/detection/pair/reach.py",
        old="        speed_mps=max(manoeuvre.speed_mps_max, reported_mps),",
        new="        speed_mps=manoeuvre.speed_mps_max,",
        breaks="a turn of a fast object is not looked at",
        tests=("tests/unit/test_pair_reach.py",),
    ),
    Mutant(
        name="straight courses",
        file="core/detection/bulk/entry/waiting.py",
        old="rim_m + travel_m * travel_m / (8.0 * sweep.BENT_M), turn_m)",
        new="rim_m, turn_m)",
        breaks="without the kernel a zone grazed far ahead is lost",
        tests=("tests/unit/test_bulk_zones.py",),
    ),
)
MUTANTS: tuple[Mutant, ...] = (
    *RECORD,
    *EXCHANGE,
    *NODE,
    *MECHANISM,
    *LINE,
    *ESCALATION,
    *PICTURE,
    *DETECTION,
    *PROTOCOL,
    *PAIRINGS,
)
