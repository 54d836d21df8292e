"""A node as a process, loaded over its HTTP port: `python benchmarks/over_http.py [SECONDS]`.

One system sends observations of 1,000 tracks, 1,000 a second in 80 requests (a source is let send
100), one operator 10 notices a second by an act each, both evenly spaced, however busy the node is.
How long each waited is from when it was due to be sent until its answer was there, which is after
what it said was on the disk: for an act also that it was begun, answered and audited, three commits
of the access database. The other party's node is not there. The node's processor time is its own.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from goals import at_most, measured  # noqa: E402 - paths first
from tests.faults.site import OPERATOR, PASSWORD, Site, pair  # noqa: E402

from crosstell.core.ids import PartyId  # noqa: E402

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
REQUESTS, TOGETHER, ACTS, TRACKS = 80, 13, 10, 1_000  # in a second; 1,040 observations


def sightings() -> Iterator[dict[str, Any]]:
    """Bodies of requests, of ships that steam north."""
    number = 0
    while True:
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")  # noqa: TID251 - a real node
        found = []
        for one in range(number, number + TOGETHER):
            lat_deg, lon_deg = 30.0 + 1e-7 * number, 20.0 + 0.01 * (one % TRACKS)
            motion = {"position": {"lat_deg": lat_deg, "lon_deg": lon_deg}, "at": at}
            motion["position_accuracy_m"] = 50.0
            found.append({"track": f"t-{one % TRACKS}", "source": "radar", "motion": motion})
        number += TOGETHER
        yield {"observations": found}


def notice(number: int) -> dict[str, Any]:
    """The body of an act: a general notice to the other party."""
    words = {"general_notice": {"source": "us", "text": "Net change at 06:00."}}
    filed = {"notice": f"n-{number}", "version": 1, "content": words, "marking": "EXERCISE"}
    return {"body": {"notice_filed": {**filed, "releasable_to": ["tr"]}}}


async def paced(rate: int, send: Callable[[int], Awaitable[httpx.Response]]) -> list[float]:
    """Milliseconds that each waited, from when it was due; every one is answered for good."""
    waited_ms: list[float] = []
    began = time.perf_counter()

    async def one(number: int) -> None:
        answer = await send(number)
        waited_ms.append((time.perf_counter() - began - number / rate) * 1e3)
        assert answer.status_code in (201, 202), answer.text

    asked = []
    for number in range(int(rate * SECONDS)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asked.append(asyncio.create_task(one(number)))
    await asyncio.gather(*asked)
    return sorted(waited_ms)


async def loaded(site: Site) -> tuple[list[float], list[float]]:
    """What observations and acts waited."""
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as client:
        came = await client.post("/session", json={"account": OPERATOR, "password": PASSWORD})
        csrf = {"X-CSRF-Token": came.json()["csrf"]}
        assert (await client.post("/watch", json={}, headers=csrf)).status_code == 200
        bodies, bearer = sightings(), {"Authorization": f"Bearer {site.token}"}

        def observe(_number: int) -> Awaitable[httpx.Response]:
            return client.post("/observations", json=next(bodies), headers=bearer)

        def act(number: int) -> Awaitable[httpx.Response]:
            keyed = {**csrf, "Idempotency-Key": f"key-{number}"}
            return client.post("/acts", json=notice(number), headers=keyed)

        found = await asyncio.gather(paced(REQUESTS, observe), paced(ACTS, act))
    return found[0], found[1]


def spent_s(pid: int) -> float:
    """Processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """One node, loaded for a while."""
    with tempfile.TemporaryDirectory() as name:
        ours, other = (Site(Path(name) / party, PartyId(party)) for party in ("us", "tr"))
        pair((ours.line_port, other.line_port), (ours, other))
        ours.start()
        try:
            ours.ready()
            assert ours.process is not None
            before_s = spent_s(ours.process.pid)
            seen_ms, acts_ms = asyncio.run(loaded(ours))
            processors = (spent_s(ours.process.pid) - before_s) / SECONDS
            assert ours.stop() == 0
        finally:
            ours.end()
    seen99_ms, acts99_ms = (one[int(len(one) * 0.99)] for one in (seen_ms, acts_ms))
    print(
        f"{REQUESTS * TOGETHER} observations/s in {REQUESTS} requests and {ACTS} acts/s: "
        f"observations answered in median {seen_ms[len(seen_ms) // 2]:.0f} ms, p99 "
        f"{seen99_ms:.0f} ms; acts median {acts_ms[len(acts_ms) // 2]:.0f} ms, p99 "
        f"{acts99_ms:.0f} ms; {processors:.2f} processors of the node"
    )
    at_most("p99 of 1,000 observations a second over HTTP, durable", seen99_ms, 1_000, "ms")
    measured("p99 of acts over HTTP beside them, durable and audited", acts99_ms, "ms")


if __name__ == "__main__":
    main()
