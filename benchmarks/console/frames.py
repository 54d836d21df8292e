"""Frames while tracks move: 500 at 1 Hz through a live node, 10,000 multiplied in the page.

A frame is late if it came more than half a frame after its time at 60 Hz. The machine's other
work counts there, so a run with no tracks stands beside it, and the processor's time of the page's
longest tasks: where none is longer than a frame, the page is not what makes it late.
"""

import json
import os
import sys
from typing import Any

from benchmarks.console.measured import ALPHA, Room, Seat, flying, place, watched
from benchmarks.console.tasks import FRAME_MS, tasks_ms

SECONDS = 12
FRAMES = """async ([seconds, panning]) => {
  const {page} = await import('/console/app/main.js');
  const map = page.map();
  const times = [];
  const draws = [];
  const draw = map.overlay.draw.bind(map.overlay);
  map.overlay.draw = () => {
    const from = performance.now();
    draw();
    draws.push(performance.now() - from);
  };
  await new Promise((done) => {
    const began = performance.now();
    let last = began;
    let n = 0;
    const tick = (now) => {
      times.push(now - last);
      last = now;
      if (panning) map.base.panBy(Math.sin(n / 20) * 6, 0);
      n += 1;
      if (now - began < seconds * 1000) requestAnimationFrame(tick);
      else done();
    };
    requestAnimationFrame(tick);
  });
  delete map.overlay.draw;
  times.sort((a, b) => a - b);
  draws.sort((a, b) => a - b);
  const at = (list, q) => {
    const found = list[Math.min(list.length - 1, Math.floor(q * list.length))];
    return found === undefined ? null : Math.round(10 * found) / 10;
  };
  return {
    frames: times.length, fps: Math.round(10 * times.length / seconds) / 10,
    frame_ms: [at(times, .5), at(times, .95), at(times, .999)],
    late: times.filter((one) => one > 25).length,
    draws: draws.length, draw_ms: [at(draws, .5), at(draws, .95)],
  };
}"""
MANY = """async (count) => {
  const {store} = await import('/console/app/store.js');
  const held = store.screen.tracks.filter((one) => one.position);
  const tracks = [];
  for (let i = 0; i < count; i += 1) {
    const one = held[i % held.length];
    const k = Math.floor(i / held.length);
    tracks.push({...one, track: `${one.track}-${k}`, position: {
      lat_deg: one.position.lat_deg + ((k * 7) % 19 - 9) * 0.021,
      lon_deg: one.position.lon_deg + ((k * 5) % 23 - 11) * 0.023}});
  }
  store.screen = {...store.screen, tracks};
  return tracks.length;
}"""


def fly(room: Room, second: int, count: int) -> None:
    """So many objects, each a second further on its way."""
    now = room.clock.now()
    room.observe(
        ALPHA,
        *(
            flying(
                now,
                f"m{n}",
                to=place((n % 25 - 12) * 5, (n // 25 - 10) * 6),
                from_m=40_000 - 70 * second,
                bearing_deg=n * 7.0,
            )
            for n in range(count)
        ),
    )


def measured(at: Seat, seconds: float, *, panning: bool = False) -> dict[str, Any]:
    """What the frames of so many seconds were."""
    return dict(at.page.evaluate(FRAMES, [seconds, panning]))


def told(name: str, found: dict[str, Any]) -> None:
    """Print one case."""
    sys.stdout.write(json.dumps({"what": name, **found}) + "\n")
    sys.stdout.flush()


def moved(at: Seat, room: Room) -> dict[str, Any]:
    """500 objects, each a second further in each second."""
    found: list[dict[str, Any]] = []

    def watch() -> None:
        for second in range(SECONDS):
            fly(room, 3 + second, 500)
            found.append(measured(at, 1.0))

    tasks = tasks_ms(at, watch)
    return {
        "frames": sum(one["frames"] for one in found),
        "late": sum(one["late"] for one in found),
        "frame_ms_median": sorted(one["frame_ms"][0] for one in found)[SECONDS // 2],
        "draw_ms_median": sorted(one["draw_ms"][0] or 0 for one in found)[SECONDS // 2],
        "longest_ms": max(one["frame_ms"][2] for one in found),
        "processor_ms": round(sum(tasks)),
        "longest_tasks_ms": [round(one, 1) for one in tasks[:5]],
        "tasks_over_a_frame": sum(one > FRAME_MS for one in tasks),
    }


def panned(at: Seat, seconds: float) -> dict[str, Any]:
    """The frames of a map that is panned at each, and the processor's time that one takes."""
    found: dict[str, Any] = {}
    tasks = tasks_ms(at, lambda: found.update(measured(at, seconds, panning=True)))
    return {**found, "processor_ms_a_frame": round(sum(tasks) / found["frames"], 1)}


def on(base: str) -> None:
    """Print the figures of each case on that base map."""
    with watched(base) as (room, at):
        told(f"{base}: a few tracks, nothing moves", measured(at, 6))
        for second in range(3):
            fly(room, second, 500)
            room.clock.skip(1.0)
        at.page.keyboard.press("f")
        told(f"{base}: 500 tracks at 1 Hz, {SECONDS} s", moved(at, room))
        told(f"{base}: 500 tracks, panned at every frame", panned(at, 4))
        at.page.evaluate(MANY, 10_000)
        told(f"{base}: 10,000 tracks, still", measured(at, 0.8))
        at.page.evaluate(MANY, 10_000)
        told(f"{base}: 10,000 tracks, panned at every frame", panned(at, 3))


def main() -> None:
    """Both bases, and how much else the machine did."""
    for base in ("canvas", "maplibre"):
        told(f"{base}: load of the machine", {"load": os.getloadavg()[0], "cores": os.cpu_count()})
        on(base)
