"""A paper as one page of HTML: paper first, without script, and nothing loads. REP-143, REP-144."""

from functools import cache

from markupsafe import Markup

from crosstell.papers import spoken
from crosstell.papers.environment import digest, environment_of, part
from crosstell.papers.fitting import Fitted, fitted
from crosstell.papers.model import PaperKind, PaperLine, Papers, Part, Sheet, cited_in
from crosstell.papers.speech.speech import ENGLISH, text_speech
from crosstell.papers.speech.spoken import page_speech
from crosstell.papers.text import text_digest


def render_papers(papers: Papers, language: str = ENGLISH) -> str:
    """All sheets as one page; the same papers give the same text."""
    css, policy = _style(), policy_of_page()
    environment = environment_of(("papers.html.j2",), part, language)
    speech, claims = page_speech(language), spoken.claims_in(papers)
    is_pack = papers.kind is PaperKind.PACK

    def line_of(sheet: Sheet, line: PaperLine) -> Markup:
        told = spoken.told_line(speech, line, sheet.held_by, claims)
        return Markup(told)  # noqa: S704 - escaped by parts

    environment.globals.update(
        line_of=line_of,
        refs_of=lambda line: Markup(spoken.told_refs(speech, line)),  # noqa: S704 - escaped
        head_of=lambda sheet: Markup(spoken.heading_of(speech, sheet)),  # noqa: S704 - escaped
        file_of=lambda sheet: Markup(spoken.file_words(speech, sheet)),  # noqa: S704 - escaped
        marked_of=lambda sheet: Markup(spoken.marked_words(speech, sheet)),  # noqa: S704 - escaped
        missing_of=lambda one: Markup(spoken.left_out(speech, one)),  # noqa: S704 - escaped
        cited_in=cited_in,
    )
    return environment.get_template("papers.html.j2").render(
        papers=papers,
        sheets=tuple(_fit(papers, one, language) for one in papers.sheets),
        is_pack=is_pack,
        said=spoken,
        is_draft=papers.kind is PaperKind.READOUT,
        css=Markup(css),  # noqa: S704 - our own files
        csp=policy,
        text_digest=text_digest(papers, language),
    )


def _style() -> str:
    return f"{part('page.css')}{part('paper.css')}{part('report.css')}{part('papers.css')}"


@cache
def policy_of_page() -> str:
    """Under it nothing loads, no script runs, and no style but the page's own applies."""
    return f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {digest(_style())}"


def _fit(papers: Papers, sheet: Sheet, language: str) -> Fitted:
    """A principal's page is made to fit; other papers go on over as many pages as they need."""
    if papers.kind is not PaperKind.PACK:
        return Fitted(sheet=sheet, size_pt=0.0)
    drawn, claims = text_speech(language), spoken.claims_in(papers)

    def told(line: PaperLine) -> str:
        text = spoken.told_line(drawn, line, sheet.held_by, claims)
        return f"{text} {spoken.told_refs(drawn, line)}"

    def missing(part: Part) -> str:
        return spoken.left_out(drawn, part)

    return fitted(sheet, told, missing, _taken(papers, sheet, language))


def _taken(papers: Papers, sheet: Sheet, language: str) -> float:
    """What the head and the foot take beyond the usual, in points: by the lines they need."""
    assert sheet.file is not None, "a pack is about an incident"
    lines = 2 + bool(papers.own_map)  # of hashes
    lines += max(0, len(papers.record) - 2) + len(papers.warnings)
    lines += bool(papers.printed_at) + 1 + len("; ".join(sheet.markings)) // 150
    lines += len(", ".join(sheet.file.matters)) // 150 + len(papers.keys) // 170
    if papers.checks:
        lines += 2 + len("; ".join(papers.checks)) // 150
    notice = 0 if language == ENGLISH else 28
    return notice + 9.0 * lines + 17.0 * (len(sheet.file.title) // 62)
