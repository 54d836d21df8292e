"""`crosstell protocol new`, `explain`, `diff`, `phrases`: a document made, read and compared."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.protocols.changes import as_json, told
from crosstell.cli.protocols.explain import explained
from crosstell.cli.protocols.figures import flat
from crosstell.cli.protocols.looked_at import to_be_looked_at
from crosstell.cli.protocols.wording import Language, say, word
from crosstell.codecs.protocol_file import parse_protocol, read_protocol
from crosstell.codecs.protocols.difference import difference
from crosstell.codecs.protocols.template import Filling, filled
from crosstell.core.errors import CallerError
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.phrases import Phrase
from crosstell.core.protocol.rule import Phrases
from crosstell.core.protocol.rules.words import Certainty
from crosstell.shell.archive.folder import write_file
from crosstell.shell.shipped.protocols import phrasebook, template_names, template_text

EXIT_DIFFERENT = 1
_LANGUAGE = click.option(
    "--lang",
    "lang",
    type=click.Choice([each.value for each in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Language; no native reader checked the Turkish.",
)
_FILE = click.Path(path_type=Path)


@click.command(name="new")
@click.option("--from", "template", metavar="TEMPLATE", help="Without it the templates are listed.")
@click.option("--party", "parties", multiple=True, metavar="ID", help="Each party, in its order.")
@click.option("--name", "name", metavar="NAME", help="Name of the document; else the template's.")
@click.option("--out", "out", type=_FILE, metavar="FILE", help="A new file; none is overwritten.")
def new_command(
    template: str | None, parties: tuple[str, ...], name: str | None, out: Path | None
) -> None:
    """Write a document from a template, or list the templates.

    A template is made after public accounts. It is not the text of any agreement.
    """
    with one_message():
        if template is None:
            click.echo("\n".join(_listed()))
            return
        text = template_text(template)
        if out is None:
            raise CallerError("--out is missing; name a new file for the document")
        made = filled(text, Filling(parties=parties, name=name), name=template)
        write_file(out, made.encode("utf-8"))
        click.echo(f"written: {out} (after template {template}; not the text of any agreement)")
        click.echo("To be looked at")
        for line in to_be_looked_at(parse_protocol(made.encode("utf-8"), name=str(out))):
            click.echo(f"  {line}")


def _listed() -> Iterator[str]:
    """Each template with its title and how sure its rules are."""
    yield "Templates after public accounts; none is the text of an agreement"
    for name in template_names():
        found = parse_protocol(template_text(name).encode("utf-8"), name=name)
        counts = _certainties(found)
        sure = ", ".join(f"{counts[each]} {each}" for each in Certainty if counts[each])
        yield f"  {name}: {found.title}"
        yield f"    rules and lead times: {sure}"


def _certainties(found: Protocol) -> Counter[Certainty | None]:
    rules = Counter[Certainty | None](rule.certainty for rule in found.rules)
    return rules + Counter(lead.certainty for lead in found.lead_times)


@click.command(name="explain")
@click.argument("file", type=_FILE)
@click.option("--rule", "rule", metavar="ID", help="One rule or lead time only.")
@_LANGUAGE
def explain_command(file: Path, rule: str | None, lang: str) -> None:
    """Say each rule of FILE in plain words: its text, what is tested, when it alerts."""
    with one_message():
        found = read_protocol(file)
        try:
            lines = list(explained(found, Language(lang), rule))
        except CallerError as refused:
            raise CallerError(f"{file}: --rule: {refused}") from refused
    click.echo("\n".join(lines))


@click.command(name="diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--json", "json_", is_flag=True, help="Print the differences as JSON.")
@click.pass_context
def diff_command(ctx: click.Context, before: Path, after: Path, *, json_: bool) -> None:
    """Say rule by rule what AFTER changes of BEFORE: exit code 0 if nothing, 1 if anything."""
    with one_message():
        found = difference(read_protocol(before), read_protocol(after))
    click.echo(as_json(found) if json_ else "\n".join(told(found)))
    ctx.exit(EXIT_DIFFERENT if found.changes else 0)


@click.command(name="phrases")
@click.argument("file", type=_FILE, required=False)
@click.option("--code", "code", metavar="CODE", help="One phrase only.")
@_LANGUAGE
def phrases_command(file: Path | None, code: str | None, lang: str) -> None:
    """Show the fixed phrases of FILE, or of the phrasebook that is shipped."""
    language = Language(lang)
    with one_message():
        title, phrases = _phrases(file)
        chosen = [phrase for phrase in phrases if code in (None, phrase.code)]
        if code is not None and not chosen:
            raise CallerError(f"--code: there is no phrase {code!r} in {title}")
    click.echo(flat(title))
    if language is Language.TR:
        click.echo(say(language, "unreviewed"))
    for phrase in chosen:
        click.echo("\n".join(_phrase(phrase, language)))


def _phrases(file: Path | None) -> tuple[str, tuple[Phrase, ...]]:
    if file is None:
        book = phrasebook()
        return book.title, book.phrases
    found = read_protocol(file)
    rules = [rule for rule in found.rules if isinstance(rule, Phrases)]
    if not rules:
        raise CallerError(f"{file}: has no rule of kind phrases; leave FILE out for the phrasebook")
    return found.title, tuple(phrase for rule in rules for phrase in rule.phrases)


def _phrase(phrase: Phrase, language: Language) -> Iterator[str]:
    """A phrase in the language asked for; where it has none, in those that it has."""
    own = phrase.wording(language.value)
    yield f"{phrase.code}  [{word(language, phrase.certainty)}; {flat(phrase.source)}]"
    for wording in phrase.wordings if own is None else (own,):
        reviewed = word(language, wording.reviewed)
        yield f"  {say(language, 'wording', tongue=wording.language, reviewed=reviewed)}"
        yield f"  {say(language, 'spoken', text=flat(wording.text))}"
        if wording.said is not None:
            yield f"  {say(language, 'said', said=flat(wording.said))}"
        yield f"  {say(language, 'meaning', meaning=flat(wording.meaning))}"
        yield f"  {say(language, 'response', response=flat(wording.response))}"
