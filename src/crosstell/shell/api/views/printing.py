"""Papers of one node, printed: a page for A4 with the hashes that it rests on, or its plain text.

The same makers as `crosstell incident`; what is different is the basis, which is this node's own
state and the heads of the feeds that it holds. Implements API-074 to API-077.
"""

from collections.abc import Callable

from starlette.responses import Response

from crosstell.codecs.api import after
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import PaperId, PartyId, RoleId
from crosstell.core.state.state import State
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.assemble import agenda_of, filed_readout_of, pack_of, readout_of
from crosstell.papers.by_hand import edited, line_id
from crosstell.papers.model import HEADING_OF_RECORD, Basis, LineKind, Papers
from crosstell.papers.page import policy_of_page, render_papers
from crosstell.papers.speech.speech import ENGLISH, LANGUAGES
from crosstell.papers.text import print_papers
from crosstell.papers.told import FeedVerified
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.files import APART
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.serving import Asked, Serving, json_response, plain_bytes
from crosstell.shell.api.views.held import Moment
from crosstell.shell.api.views.incidents import file_of, readout_at
from crosstell.shell.api.views.maps import sound
from crosstell.shell.archive.copies import Form, copy_of
from crosstell.shell.console.maps import maps_in
from crosstell.shell.node import Node
from crosstell.shell.shipped.reference_map import reference_map_digest

KEYS_SAID = (
    "Every signature and chain was checked before it was stored. Whose a key is rests on the "
    "fingerprints that the parties compared, and on nothing in this paper."
)
CHECKS = (
    "crosstell show export --out record.tar",
    "tar -xf record.tar",
    "crosstell record verify record --entries",
)
SOUND = "verified"
PRINCIPALS_MAX = 12
NOTES_MAX = 12
NOTE_LENGTH_MAX = 500
WITHOUT_MAX = 500
TEXT, PAGE = "text", "page"
REPORT = "crosstell incident report STORE --protocol FILE --incident PARTY/ID --html PAGE"
REPORT_AGAIN_S = 10.0
REPORT_ENTRIES_MAX = 20_000  # some ten seconds of a core, and 200 MB while it is made

Maker = Callable[[Basis, State], Papers]


async def _resting(serving: Serving, asked: Asked) -> tuple[Moment, Basis]:
    """This node's state and the heads of every feed that it holds, both of one moment."""
    own_map = await _own_map(serving, asked.request.query_params.get("map", ""))
    store = serving.settings.store
    state, heads, last = await serving.look(
        lambda node, _now: (node.state, _heads(node), store.last_arrival())
    )
    moment = Moment(state=state, at=serving.now(), arrivals=last)
    return moment, await serving.aside(_basis, moment, heads, own_map)


async def _own_map(serving: Serving, name: str) -> str:
    """Title and hash of the operator's map of that id; a problem where there is none."""
    folder = serving.settings.maps
    if not name:
        return ""
    found = () if folder is None else await serving.aside(maps_in, folder)
    for one in found:
        if one.id == name:
            await sound(serving, name)  # a paper names no hash that its file has not: CON-342
            return f"{one.title} {one.sha256}"
    raise Unmet("bad-request", "map: this node keeps no such map; see /maps")


def _heads(node: Node) -> tuple[FeedVerified, ...]:
    """Each party's feed with its size and root; the journal is nobody else's, and not named."""
    found = []
    for party, feed in sorted(node.state.setting.feeds):
        log = node.rebuilt.log(feed)
        if log.size:
            found.append(
                FeedVerified(
                    party=party,
                    feed=feed,
                    entries=log.size,
                    root=log.root.hex(),
                    sound=SOUND,
                    statements=(),
                )
            )
    return tuple(found)


def _basis(now: Moment, heads: tuple[FeedVerified, ...], own_map: str) -> Basis:
    state, setting = now.state, now.state.setting
    return Basis(
        states={setting.party: state},
        origin=f"record as party {setting.party} holds it",
        mode=setting.reality.value,
        heading=HEADING_OF_RECORD,
        as_of=now.at,
        keys=KEYS_SAID,
        record=heads,
        record_digest="",
        protocol_digest=setting.digest,
        warnings=(),
        aftermath=aftermath_of({setting.party: state}, now.at),
        map_digest=reference_map_digest(),
        own_map=own_map,
        checks=CHECKS,
        printed_at=now.at,
    )


def _language(asked: Asked) -> str:
    language = asked.request.query_params.get("lang", ENGLISH)
    if language not in LANGUAGES:
        raise Unmet("bad-request", f"lang: there is {', '.join(LANGUAGES)}")
    return language


async def _printed(serving: Serving, asked: Asked, make: Maker) -> Response:
    language = _language(asked)
    form = asked.request.query_params.get("form", PAGE)
    if form not in (TEXT, PAGE):
        raise Unmet("bad-request", f"form: there is {TEXT} and {PAGE}")
    moment, basis = await _resting(serving, asked)
    state = moment.state
    draw = print_papers if form == TEXT else render_papers
    drawn = await serving.aside(lambda: draw(make(basis, state), language))
    await serving.aside(_note, serving, asked)
    if form == TEXT:
        return Response(drawn, media_type="text/plain")
    return _page(drawn, policy_of_page())


def _page(drawn: str, policy: str) -> Response:
    """It stands in no page but the console's window for printing. Implements API-075."""
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
        **APART,
    }
    return Response(drawn, media_type="text/html", headers=headers)


def _note(serving: Serving, asked: Asked) -> None:
    """Who had which paper made is in the audit before it leaves. Implements API-190."""
    serving.access.audit.note(
        asked.at,
        Deed.EXPORTED,
        by=asked.account.name,
        address=asked.address,
        about=f"printed: {asked.request.url.path.partition('/print/')[2]}",
    )


async def pack(serving: Serving, asked: Asked) -> Response:
    """The senior-call pack: one page of A4 for each principal."""
    party, incident = _named(asked)
    roles = _principals(serving, asked)
    params = asked.request.query_params
    without = frozenset(part for part in params.get("without", "").split(",") if part)
    notes = tuple(text.strip() for text in params.getlist("note") if text.strip())
    if len(without) > WITHOUT_MAX or len(notes) > NOTES_MAX:
        raise Unmet("bad-request", f"give at most {WITHOUT_MAX} lines and {NOTES_MAX} notes")
    if any(len(text) > NOTE_LENGTH_MAX for text in notes):
        raise Unmet("bad-request", f"note: at most {NOTE_LENGTH_MAX} characters")

    def make(basis: Basis, state: State) -> Papers:
        file_of(state, party, incident)
        made = pack_of(basis, incident=incident, roles=roles, party=None, kept_by=party)
        return edited(made, without=without, noted=notes)

    return await _printed(serving, asked, make)


async def draft(serving: Serving, asked: Asked) -> Response:
    """A readout's draft, printed to be worked on."""
    party, incident = _named(asked)

    def make(basis: Basis, state: State) -> Papers:
        file_of(state, party, incident)
        return readout_of(basis, incident=incident, party=None, kept_by=party)

    return await _printed(serving, asked, make)


async def report(serving: Serving, asked: Asked) -> Response:
    """The report of an incident, from the record read anew. Implements INC-442, API-457."""
    make = serving.settings.report
    if make is None:
        raise Unavailable(f"this node was assembled without reports; run: {REPORT}")
    party, incident = _named(asked)
    language = _language(asked)
    await serving.aside(file_of, serving.state, party, incident)
    store = serving.settings.store
    entries = await serving.look(lambda _node, _now: store.last_arrival())
    if entries > REPORT_ENTRIES_MAX:
        text = (
            f"the record has {entries} entries, and a report is made here of at most "
            f"{REPORT_ENTRIES_MAX}; run beside the node: {REPORT}"
        )
        raise Unmet("not-fitting", text)
    account = asked.account.name
    if account in serving.reporting:
        text = "a report for this account is being made; ask again when it is there"
        raise Unmet("unavailable", text, wait_s=REPORT_AGAIN_S)
    serving.reporting.add(account)
    try:
        await serving.aside(_note, serving, asked)
        async with serving.reports:
            drawn, policy = await serving.aside(make, f"{party}/{incident}", language)
    finally:
        serving.reporting.discard(account)
    return _page(drawn, policy)


async def readout(serving: Serving, asked: Asked) -> Response:
    """A readout in the words in which it was filed."""
    path = asked.request.path_params
    return await _printed(
        serving,
        asked,
        lambda basis, state: filed_readout_of(
            basis, readout_at(state, path["party"], path["id"]), state
        ),
    )


async def agenda(serving: Serving, asked: Asked) -> Response:
    """What is open now, printed for the review."""
    return await _printed(serving, asked, lambda basis, _state: agenda_of(basis, party=None))


async def copy(serving: Serving, asked: Asked) -> Response:
    """The recorded copy of that number, to the byte. Implements API-452."""
    number, store = int(asked.request.path_params["number"]), serving.settings.store
    try:
        made = await serving.look(lambda node, _now: copy_of(node.state, store, number, Form.PRINT))
    except CallerError as fault:
        raise Unmet("not-found", str(fault)) from fault
    await serving.aside(_note, serving, asked)
    return Response(made, media_type="text/plain")


async def pack_lines(serving: Serving, asked: Asked) -> Response:
    """What a principal's page would say, line by line, to be looked at and shortened."""
    party, incident = _named(asked)
    (role, *more) = _principals(serving, asked)
    if more:
        raise Unmet("bad-request", "principal: look at one page at a time")
    moment, basis = await _resting(serving, asked)

    def answer() -> bytes:
        file_of(moment.state, party, incident)
        made = pack_of(basis, incident=incident, roles=(role,), party=None, kept_by=party)
        return plain_bytes(_lines(moment, made, RoleId(role)))

    return json_response(await serving.aside(answer))


def _lines(now: Moment, made: Papers, role: RoleId) -> after.PackShown:
    (sheet,) = made.sheets
    assert sheet.file is not None, "a pack is about an incident"
    return after.PackShown(
        at=now.at,
        arrivals=now.arrivals,
        incident=PaperId(sheet.file.paper),
        principal=role,
        parts=tuple(
            after.PackPart(
                heading=part.heading,
                empty=part.empty,
                lines=tuple(
                    after.PackLine(
                        id=line_id(line),
                        section="claim" if line.section == "claims" else line.section,
                        kind=after.SentenceKind.VIEW
                        if line.kind is LineKind.VIEW
                        else after.SentenceKind.FROM_RECORD,
                        topic=line.topic,
                        text=line.text,
                        entries=tuple(one.ref for one in line.entries),
                    )
                    for line in part.lines
                ),
            )
            for part in sheet.parts
        ),
    )


def _named(asked: Asked) -> tuple[PartyId, str]:
    path = asked.request.path_params
    return PartyId(path["party"]), str(path["id"])


def _principals(serving: Serving, asked: Asked) -> tuple[str, ...]:
    named = asked.request.query_params.getlist("principal")
    roles = tuple(dict.fromkeys(named[: PRINCIPALS_MAX + 1]))
    there = tuple(one.id for one in serving.state.setting.protocol.roles)
    if not roles or len(roles) > PRINCIPALS_MAX or not set(roles) <= set(there):
        raise Unmet("bad-request", f"principal: name 1 to {PRINCIPALS_MAX} of: {', '.join(there)}")
    return roles
