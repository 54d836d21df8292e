"""What ends a session; scripts that ask a locked page what it sounds and press what no test can."""

from datetime import timedelta

from consoles import Seat
from room import Room

HOURS_12 = timedelta(hours=12)
MIND = "async () => { await (await import('/console/app/session.js')).mind(); }"
SILENCED = "async () => [...(await import('/console/app/store.js')).store.silenced.keys()]"
LOUD = "async () => (await import('/console/app/store.js')).set({silenced: new Map()})"
SILENCE = """async () => {
  const [sound, {set}] = await Promise.all(
    ['sound', 'store'].map((name) => import(`/console/app/${name}.js`)));
  sound.silence();
  window.tones.length = 0;
  set({silenced: new Map()});
  sound.heed();
  const first = [...window.tones];
  sound.silence();
  return first;
}"""
RUSSIAN_Q = """(one) => one.dispatchEvent(
  new KeyboardEvent('keydown', {key: 'й', code: 'KeyQ', bubbles: true}))"""
STEADY = """() => {
  let now = Date.now();
  Date.now = () => (now += 1);
}"""
ACKNOWLEDGED = """async () => {
  const [acts, {seenOf}, {store}] = await Promise.all(
    ['acts', 'top', 'store'].map((name) => import(`/console/app/${name}.js`)));
  acts.acknowledge(seenOf(store.screen.alerts[0]));
}"""
IS_USED = """async () => {
  const api = await import('/console/app/api.js');
  return api.use().then(() => true, () => false);
}"""


def ended(at: Seat, room: Room) -> None:
    """The session is over, and the page asks at once whether it is; else it does within seconds."""
    room.waited += HOURS_12
    at.page.evaluate(MIND)
