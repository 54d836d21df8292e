"""Whether a scenario's files fit each other: every fault with its place, before anything runs."""

from collections.abc import Iterator

from crosstell.codecs.yaml_document import Document, DocumentFault, Listing, Mapping, Mark, Node
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.fault import Step
from crosstell.replay.given.scenario import Scenario

_WITH_NODE = (Standing.PARTY, Standing.NOTIFIER)


def mark_of(node: Node, *path: Step) -> Mark:
    """Where the value at the path begins; where the path ends early, what it ends at."""
    for step in path:
        found: Node | None = None
        if isinstance(node, Mapping):
            found = next((value for key, value in node.entries if key.text == step), None)
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            found = node.items[step]
        if found is None:
            break
        node = found
    return node.mark


def protocol_faults(
    document: Document, scenario: Scenario, protocol: Protocol
) -> Iterator[DocumentFault]:
    """What scenario.yaml names that protocol.yaml has not. Implements REP-007, REP-070."""
    standings = {party.id: party.standing for party in protocol.parties}
    with_node = [name for name, standing in standings.items() if standing in _WITH_NODE]
    for index, party in enumerate(scenario.parties):
        if party.id in with_node:
            continue
        said = standings.get(party.id)
        text = (
            f"{party.id!r} is of standing {said.value!r} in protocol.yaml"
            if said
            else f"{party.id!r} is not named in protocol.yaml"
        ) + f"; a node is of a party or a notifier: {', '.join(with_node)}; change one of the files"
        mark = mark_of(document.root, "parties", index, "id")
        yield DocumentFault(document.name, mark, f"parties[{index}].id", text)
    duty_role = scenario.watch.duty_role
    if protocol.role(duty_role) is None:
        known = ", ".join(role.id for role in protocol.roles)
        text = f"the protocol has no role {duty_role!r}; its roles are {known}"
        mark = mark_of(document.root, "watch", "duty_role")
        yield DocumentFault(document.name, mark, "watch.duty_role", text)
