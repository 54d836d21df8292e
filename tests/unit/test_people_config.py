"""The part `people` of a node's configuration: read by line, refused with place and remedy."""

from pathlib import Path

import pytest

from crosstell.codecs.document import from_document
from crosstell.codecs.shape import check_recordable
from crosstell.codecs.yaml_document import DocumentRefused, read_yaml
from crosstell.shell.people.config import Also, People, Tried, Webhook

GOOD = """\
channels:
  - webhook: {name: pager, url: "https://pager.example/ring", secret: pager.secret}
  - mail:
      name: watch-mail
      server: mail.example
      port: 587
      tls: starttls
      sender: node@us.example
      to: [watch@us.example]
      also: [positions]
  - dialler: {name: desk, command: [/usr/local/lib/crosstell/ring-desk, "--line", "2"]}
roles:
  - {role: watch-chief, channels: [desk, watch-mail], tried: in-turn}
  - {role: "*", channels: [pager]}
"""


def read(text: str, folder: Path) -> People:
    path = folder / "people.yaml"
    path.write_text(text)
    return from_document(People, read_yaml(path))


def test_channels_and_routes_are_read(tmp_path: Path) -> None:
    """PEO-030: from the form of all documents."""
    check_recordable(People)
    found = read(GOOD, tmp_path)
    assert [one.name for one in found.channels] == ["pager", "watch-mail", "desk"]
    chief = found.route_of("watch-chief")
    assert chief is not None
    assert (chief.channels, chief.tried) == (("desk", "watch-mail"), Tried.IN_TURN)
    other = found.route_of("duty-officer")
    assert other is not None
    assert other.channels == ("pager",)
    assert found.channels[0].also == (Also.ENDS,)
    assert found.unrouted(("duty-officer",)) == ()
    assert People().unrouted(("duty-officer",)) == ("duty-officer",)


WRONG = [
    ('url: "https://pager.example/ring"', 'url: "http://pager.example/ring"', "in clear"),
    ('url: "https://pager.example/ring"', 'url: "https://u:p@pager.example/"', "password"),
    ('url: "https://pager.example/ring"', 'url: "ftp://pager.example/"', "https"),
    ('url: "https://pager.example/ring"', 'url: "https://[x/"', "no address"),
    ("secret: pager.secret", "secret: pager.secret, colour: red", "unknown key"),
    ("port: 587", "port: 70000", "65535"),
    ("tls: starttls", "tls: none", "tls, starttls"),
    ("[watch@us.example]", '["watch@us.example, x@y.z"]', "no mail address"),
    ("also: [positions]", "also: [shows]", "one message for each ring step"),
    ("also: [positions]", "user: node", "together"),
    ("/usr/local/lib/crosstell/ring-desk", "ring-desk", "full path"),
    ("name: desk", "name: pager", "named twice"),
    ("channels: [pager]", "channels: [pgaer]", "there are pager"),
    ("channels: [pager]", "channels: []", "none"),
    ("role: watch-chief", 'role: "*"', "named twice"),
    ("role: watch-chief", 'role: "watch chief"', "not an id"),
    ("tried: in-turn", "tried: sometimes", "all, in-turn"),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG)
def test_what_cannot_work_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    """PEO-030: before the node runs, not at 3 a.m."""
    assert old in GOOD
    with pytest.raises(DocumentRefused) as refused:
        read(GOOD.replace(old, new), tmp_path)
    assert told in str(refused.value)
    assert "people.yaml" in str(refused.value)


def test_http_is_for_this_machine_only() -> None:
    """PEO-021: a gateway on the same machine may speak in clear."""
    assert Webhook(name="a", url="http://127.0.0.1:9/x", secret="s").url  # noqa: S106 - a file
