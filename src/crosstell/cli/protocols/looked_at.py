"""What a person should look at in a sound document before signing it. Implements PRO-124."""

from collections.abc import Iterator

from crosstell.codecs.protocols.template import placeholders
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.phrases import Reviewed
from crosstell.core.protocol.rule import Phrases
from crosstell.core.protocol.rules.words import Certainty
from crosstell.core.protocol.sources import Part
from crosstell.shell.shipped.protocols import TITLE_PREFIX, template_names

_SAID = {
    Certainty.RECALLED: "recalled, nobody read the source again",
    Certainty.ASSUMED: "assumed, taken from no agreement",
}


def to_be_looked_at(found: Protocol) -> Iterator[str]:
    """What is still the template's, recalled or assumed, without a source, or not reviewed."""
    yield from placeholders(found)
    yield from _called_after_a_template(found)
    for certainty, said in _SAID.items():
        ids = [str(rule.id) for rule in found.rules if rule.certainty is certainty]
        ids += [str(lead.id) for lead in found.lead_times if lead.certainty is certainty]
        if ids:
            yield f"{said}: {', '.join(ids)}"
        parts = [row.part.value for row in found.sources if row.certainty is certainty]
        if parts:
            yield f"{said}: {', '.join(parts)}"
    unsourced = [str(lead.id) for lead in found.lead_times if lead.source is None]
    if unsourced:
        yield f"no source is stated: {', '.join(unsourced)}"
    stated = {row.part for row in found.sources}
    silent = [part.value for part in Part if part not in stated and _is_there(found, part)]
    if silent:
        yield f"no source is stated: {', '.join(silent)}"
    words = sum(
        wording.reviewed is Reviewed.UNREVIEWED
        for rule in found.rules
        if isinstance(rule, Phrases)
        for phrase in rule.phrases
        for wording in phrase.wordings
    )
    if words:
        yield f"{words} wordings of phrases were reviewed by no native reader"


def _called_after_a_template(found: Protocol) -> Iterator[str]:
    """Who reads the title of a signed document must not take it for a template, or for the text."""
    if found.title.startswith(TITLE_PREFIX):
        yield "title: is the template's; write the title of your own document"
    if found.name in template_names():
        yield "name: is the template's; write a name of your own document"


def _is_there(found: Protocol, part: Part) -> bool:
    """Whether the document has this part at all; two of them may be empty."""
    match part:
        case Part.DISCLOSURE:
            return bool(found.disclosure)
        case Part.GUARD_FREQUENCIES:
            return bool(found.guard_frequencies)
        case _:
            return True
