"""`crosstell act`: a command for every act, made from the class of its event. Implements OPE-001.

    crosstell act receive-call --call tr/warn-1
    crosstell act place-call --call new --kind warn --to-party tr ... --content-danger collision
    crosstell act file-notice --form > notice.yaml; crosstell act file-notice --file notice.yaml

Every field of the event is an option; a record's own fields stand behind its name; `--set` reaches
what lies deeper. Who speaks is the session's role and watch, never an option.
"""

import json
import secrets
import sys
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session
from crosstell.cli.operate.desk import Answer, Desk, told
from crosstell.cli.operate.naming import acts_by_name
from crosstell.cli.operate.skeleton import form, hint
from crosstell.cli.operate.telling import at
from crosstell.cli.operate.writing import (
    Typing,
    in_full,
    is_short,
    mapping,
    option_names,
    scalar,
    typed_yaml,
    with_path,
    written,
    written_all,
)
from crosstell.codecs.document import from_document
from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import (
    Choice,
    Field,
    Many,
    OneOf,
    Record,
    Shape,
    Text,
    Time,
    fields_of,
    tag_of,
)
from crosstell.codecs.yaml_document import (
    Document,
    DocumentRefused,
    Mapping,
    Node,
    Scalar,
    parse_yaml,
    read_yaml,
)
from crosstell.core.errors import CallerError
from crosstell.core.line.content import FreeText
from crosstell.core.picture.party import Scope
from crosstell.core.state.events import Event
from crosstell.shell.clock import SystemClock

STDIN_SIZE_MAX = 1024 * 1024
LANGUAGE = "en"
DRAWN = "new"
RESERVED = ("--file", "--form", "--json", "--key", "--node", "--print", "--session", "--set")
BY_WATCH = ("take-watch", "relieve-watch")  # done by `crosstell watch take`: the session's too


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of an act: where in the event it goes, and what it holds."""

    path: tuple[str, ...]
    field: Field
    shape: Shape

    @property
    def name(self) -> str:
        """As a person types it."""
        plain = "--" + "-".join(self.path).replace("_", "-")
        return f"--the-{plain[2:]}" if plain in RESERVED else plain

    @property
    def key(self) -> str:
        """As click hands it on."""
        return "field_" + "_".join(self.path)


def options_of(kind: type[Event]) -> tuple[Option, ...]:
    """Every option of an act: its fields, and the fields of its records one step below."""
    found: list[Option] = []
    for field in fields_of(kind):
        found += _named((), field, kind)
        if isinstance(field.shape, Record) and field.shape.kind not in (Scope, FreeText):
            for inner in fields_of(field.shape.kind):
                found += _named((field.name,), inner, field.shape.kind)
    unlike = (one for one in reversed(found) if one.path != ("language",))  # said by --language
    return tuple({option.name: option for option in unlike}.values())[::-1]


def _named(above: tuple[str, ...], field: Field, kind: type[Any]) -> list[Option]:
    taken = frozenset(other.name for other in fields_of(kind))
    names = option_names(field, taken)
    return [Option(path=(*above, name), field=field, shape=field.shape) for name in names]


class _Acts(click.Group):
    """The acts by name; each command is made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every act, sorted."""
        return sorted(name for name in acts_by_name() if name not in BY_WATCH)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that act."""
        kind = acts_by_name().get(cmd_name)
        return None if kind is None or cmd_name in BY_WATCH else _command(cmd_name, kind)


@click.group(cls=_Acts)
def act() -> None:
    """Ask the node to record an act, as this session's role and watch."""


def _command(name: str, kind: type[Event]) -> click.Command:
    options = options_of(kind)

    def run(**said: Any) -> None:  # noqa: ANN401 - what the options say
        with one_message():
            _run(kind, said)

    doc = " ".join((kind.__doc__ or "").split("Implements")[0].split())
    command = click.Command(name, callback=run, help=doc, params=[*map(_param, options)])
    for decorate in (
        session.choices,
        click.option("--key", help="Ask again with this key: it is recorded at most once."),
        click.option("--print", "is_dry", is_flag=True, help="Show the act; send nothing."),
        click.option("--form", "is_form", is_flag=True, help="Print a form to fill in."),
        click.option("--language", default=LANGUAGE, show_default=True, help="Of free text."),
        click.option(
            "--set", "settings", multiple=True, metavar="PATH=VALUE", help="A value lying deeper."
        ),
        click.option(
            "--file", metavar="FILE", help="The act's keys as YAML or JSON; - reads them here."
        ),
    ):
        command = decorate(command)
    return command


def _param(option: Option) -> click.Option:
    shape = option.shape
    many = isinstance(shape, Many)
    leaf = shape.item if isinstance(shape, Many) else shape
    kind = click.Choice([word.value for word in leaf.kind]) if isinstance(leaf, Choice) else None
    needed = "" if not option.field.required or len(option.path) > 1 else "  [needed]"
    more = "" if is_short(shape) else "; as YAML, or @FILE"
    return click.Option(
        [option.name, option.key],
        type=kind,
        multiple=many,
        metavar=None if kind else "TEXT",
        help=f"{hint(shape)}{more}{needed}" if kind is None else needed.strip() or None,
    )


def _run(kind: type[Event], said: dict[str, Any]) -> None:
    choice = session.chosen(said)
    if said["is_form"]:
        click.echo(form(kind), nl=False)
        return
    if said["is_dry"] and not choice.session.exists():
        plain = Typing(now=SystemClock().now, language=said["language"])
        event = _event(kind, _typed(kind, said, plain), said["file"])
        click.echo(json.dumps(_body(event), indent=2, ensure_ascii=False))
        return
    with Desk.opened(choice) as desk:
        how = Typing(now=desk.now, language=said["language"])
        node = _typed(kind, said, how)
        event = _event(kind, _with_defaults(kind, node, desk, how), said["file"])
        if said["is_dry"]:
            click.echo(json.dumps(_body(event), indent=2, ensure_ascii=False))
            return
        key = said["key"] or secrets.token_hex(16)
        answer = desk.send("POST", "/acts", _body(event), key=key)
    _tell(answer, event, as_json=choice.as_json)


def _typed(kind: type[Event], said: Map[str, Any], how: Typing) -> Node:
    """The document: the file's keys, each option over it, each --set over that."""
    filled_in = _from_file(said["file"])
    held = {key.text: one for key, one in filled_in.entries}
    node: Node = filled_in
    for option in options_of(kind):
        value = said.get(option.key)
        if value in (None, ()):
            filled = held.get(option.path[0]) if len(option.path) == 1 else None
            if not isinstance(filled, Scalar) or filled.text != DRAWN:
                continue
            value = filled.text
        if isinstance(value, tuple):
            found = written_all(option.shape, value, how)
        else:
            found = written(option.shape, _drawn(option, value), how)
        node = with_path(node, ".".join(option.path), found)
    for setting in said["settings"]:
        path, equals, text = setting.partition("=")
        if not equals or not path:
            raise CallerError(f"--set {setting}: write PATH=VALUE, as content.act=leave")
        node = with_path(node, path, set_to(path, text, how))
    return in_full(Record(kind), node, how)


def set_to(path: str, text: str, how: Typing) -> Node:
    """What --set says: YAML; a time from now where it reads as one."""
    if text == "now" or (text[:1] in "+-" and text[-1:].isalpha()):
        return written(Time(), text, how)
    key = next((step for step in reversed(path.split(".")) if not step.isdigit()), "")
    return typed_yaml(text, name="--set", key=key)


def _from_file(name: str | None) -> Mapping:
    if name is None:
        return mapping({})
    if name == "-":
        data = sys.stdin.buffer.read(STDIN_SIZE_MAX + 1)
        root = parse_yaml(data, name="standard input", size_bytes_max=STDIN_SIZE_MAX).root
    else:
        root = read_yaml(Path(name)).root
    if not isinstance(root, Mapping):
        raise CallerError(f"{name}: holds no keys; `--form` prints what it is to hold")
    return root


def _drawn(option: Option, text: str) -> str:
    """An id of an object of ours, drawn where `new` is written for it."""
    if text != DRAWN or not isinstance(option.shape, Text):
        return text
    return f"{option.path[-1].removesuffix('_id').replace('_', '-')}-{secrets.token_hex(4)}"


def _with_defaults(kind: type[Event], node: Node, desk: Desk, how: Typing) -> Node:
    """What the session and the moment say of keys that must be there and were left out."""
    assert isinstance(node, Mapping), "what was typed is a mapping"
    role = desk.kept.role
    known: dict[str, Node] = {}
    if _lacks(kind, node, "received_at"):
        known["received_at"] = written(Time(), "now", how)
    if role is not None:
        known |= {"from_role": scalar(role), "own_role": scalar(role)}
    if _lacks(kind, node, "reality"):
        known["reality"] = scalar(str(at(desk.get("/status"), "reality")))
    known["language"] = scalar(how.language)
    node = _filled(kind, node, known)
    for key, held in node.entries:
        field = next((one for one in fields_of(kind) if one.name == key.text), None)
        if field is None or not isinstance(field.shape, Record) or not isinstance(held, Mapping):
            continue
        if field.shape.kind not in (Scope, FreeText):
            filled = _filled(field.shape.kind, held, known)
            node = cast(Mapping, with_path(node, key.text, filled))
    return node


def _filled(kind: type[Any], node: Mapping, known: Map[str, Node]) -> Mapping:
    given = {key.text for key, _ in node.entries}
    for field in fields_of(kind):
        if not field.required or field.name in given:
            continue
        value = known.get(field.name)
        if field.name == "carriage" and isinstance(field.shape, OneOf):
            value = scalar(tag_of(field.shape.kinds[0]))  # by node; of a voice call, telephone
        if value is not None:
            node = cast(Mapping, with_path(node, field.name, value))
    return node


def _lacks(kind: type[Any], node: Mapping, name: str) -> bool:
    """Whether the document, or a record in it, needs this key and has none."""
    given, inside = {key.text: held for key, held in node.entries}, False
    for field in fields_of(kind):
        held = given.get(field.name)
        if field.name == name and held is None:
            return True
        if isinstance(field.shape, Record) and isinstance(held, Mapping):
            inside = inside or _lacks(field.shape.kind, held, name)
    return inside


def _event(kind: type[Event], node: Node, file: str | None) -> Event:
    """The event; CallerError tells each fault by its option, or by its line in the file."""
    try:
        event: Event = from_document(kind, Document(file or "act", node))
    except DocumentRefused as refused:
        if file is not None:
            raise
        told = [f"{fault.path or tag_of(kind)}: {fault.text}" for fault in refused.faults]
        raise CallerError("\n".join((*told, "Nothing was sent."))) from refused
    return event


def _body(event: Event) -> dict[str, Any]:
    """The event as the interface takes it."""
    tag = tag_of(type(event))
    return {"body": {tag: to_plain(event)} if fields_of(type(event)) else tag}


def _tell(answer: Answer, event: Event, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer.body, indent=2, ensure_ascii=False))
        return
    for line in told(answer, tag_of(type(event)).replace("_", " ")):
        click.echo(line)
