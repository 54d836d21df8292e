"""The routes of the aftermath: incidents, drafts, packs, the agenda, and each of them printed.

With them go the shares of tracks, which stand by themselves, what changed since an instant, what
puts any sentence of the node into the language that papers are printed in, and the record itself.
"""

from crosstell.codecs.api import after, sharing, told
from crosstell.papers.speech.speech import ENGLISH, LANGUAGES
from crosstell.shell.access.account import Right
from crosstell.shell.api.doing import exporting
from crosstell.shell.api.routes import WORD, Media, Parameter, Route, in_path
from crosstell.shell.api.views import answering, held, history, incidents, printing, telling

PAPER = (Media.PAGE, Media.TEXT)
ONE = (in_path("party", WORD), in_path("id", WORD))
OWN_MAP = Parameter(
    name="map",
    where="query",
    text="The operator's own map that was shown; its hash then stands on the paper.",
    schema={"type": "string", "pattern": "^[0-9a-f]{16}$"},
)
LANGUAGE = Parameter(
    name="lang",
    where="query",
    text="The paper's language.",
    schema={"type": "string", "enum": list(LANGUAGES), "default": ENGLISH},
)
HOW = (
    OWN_MAP,
    LANGUAGE,
    Parameter(
        name="form",
        where="query",
        text="A page for A4, or plain text, whose first part has the SHA-256 that both tell.",
        schema={"type": "string", "enum": [printing.PAGE, printing.TEXT], "default": printing.PAGE},
    ),
)
PRINCIPAL = Parameter(
    name="principal",
    where="query",
    text="For whom: a role of the protocol.",
    schema=WORD,
    required=True,
)
BY_HAND = (
    Parameter(
        name="without",
        where="query",
        text="Lines left out by hand, by their ids with commas between; they are counted.",
        schema={"type": "string", "maxLength": 7_000},
    ),
    Parameter(
        name="note",
        where="query",
        text="A line noted by hand; it is marked as on no entry.",
        schema={"type": "string", "maxLength": printing.NOTE_LENGTH_MAX},
    ),
)
AFTERMATH = (
    Route(
        method="GET",
        path="/incidents",
        name="incidents",
        summary="Every incident that a file is held of",
        handler=answering.of(incidents.incidents),
        answers={200: after.IncidentsShown},
    ),
    Route(
        method="GET",
        path="/incidents/{party}/{id}",
        name="incident",
        summary="One incident: timeline, accounts side by side, papers, actions",
        handler=answering.of_file(incidents.incident),
        answers={200: after.IncidentShown},
        parameters=ONE,
    ),
    Route(
        method="GET",
        path="/incidents/{party}/{id}/draft",
        name="readout_draft",
        summary="A readout's draft, each sentence with its entries",
        handler=answering.of_file(incidents.draft),
        answers={200: after.DraftShown},
        parameters=ONE,
    ),
    Route(
        method="GET",
        path="/incidents/{party}/{id}/pack",
        name="pack",
        summary="What a principal's page would say, line by line",
        handler=printing.pack_lines,
        answers={200: after.PackShown},
        parameters=(*ONE, PRINCIPAL),
    ),
    Route(
        method="GET",
        path="/agenda",
        name="agenda",
        summary="What is open now, for the periodic review",
        handler=answering.of(incidents.agenda),
        answers={200: after.AgendaShown},
    ),
    Route(
        method="GET",
        path="/print/pack/{party}/{id}",
        name="print_pack",
        summary="The senior-call pack, one page of A4 for each principal",
        handler=printing.pack,
        answers={200: PAPER},
        parameters=(*ONE, PRINCIPAL, *BY_HAND, *HOW),
    ),
    Route(
        method="GET",
        path="/print/draft/{party}/{id}",
        name="print_draft",
        summary="A readout's draft of an incident, printed",
        handler=printing.draft,
        answers={200: PAPER},
        parameters=(*ONE, *HOW),
    ),
    Route(
        method="GET",
        path="/print/readout/{party}/{id}",
        name="print_readout",
        summary="A readout in the words in which it was filed, printed",
        handler=printing.readout,
        answers={200: PAPER},
        parameters=(*ONE, *HOW),
    ),
    Route(
        method="GET",
        path="/print/report/{party}/{id}",
        name="print_report",
        summary="An incident's report: the whole of it, from the record read anew and verified",
        handler=printing.report,
        answers={200: (Media.PAGE,)},
        parameters=(*ONE, LANGUAGE),
    ),
    Route(
        method="GET",
        path="/print/agenda",
        name="print_agenda",
        summary="The agenda, printed",
        handler=printing.agenda,
        answers={200: PAPER},
        parameters=HOW,
    ),
    Route(
        method="GET",
        path="/print/copy/{number}",
        name="print_copy",
        summary="A recorded copy as text, with its number and recipient in every part",
        handler=printing.copy,
        right=Right.EXPORT,
        answers={200: Media.TEXT},
        parameters=(in_path("number", {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}),),
    ),
    Route(
        method="GET",
        path="/shares",
        name="shares",
        summary="Every share of a track, ours and theirs: by whom, what for, until when",
        handler=answering.of(held.shares),
        answers={200: sharing.SharesShown},
    ),
    Route(
        method="GET",
        path="/given",
        name="given",
        summary="Which version of what was given to whom, by whom, what for; and the copies made",
        handler=answering.of(held.given),
        answers={200: sharing.GivenShown},
    ),
    Route(
        method="GET",
        path="/changed",
        name="changed",
        summary="What came since an instant and changed how things stand, the newest first",
        handler=history.changed,
        answers={200: after.ChangedShown},
        parameters=(
            Parameter(
                name="since",
                where="query",
                text="an instant, in UTC with Z",
                schema={"type": "string", "maxLength": 40},
                required=True,
            ),
        ),
    ),
    Route(
        method="POST",
        path="/told",
        name="told",
        summary="Sentences of this node in a reader's language; nothing is looked up or recorded",
        handler=telling.told,
        given=told.SentencesAsked,
        answers={200: told.SentencesTold},
        goes_on_idle=True,
    ),
    Route(
        method="GET",
        path="/record/export",
        name="export",
        summary="The record, without what entries say, as an archive that anyone can verify",
        handler=exporting.export,
        right=Right.EXPORT,
        answers={200: Media.ARCHIVE},
    ),
)
