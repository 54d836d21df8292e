// Shows one run at a time and moves a moment through it. The page is complete without this.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const runs = [...document.querySelectorAll("article.run")];
  const pick = document.getElementById("pick");
  const rows = [...document.querySelectorAll(".matrix tbody tr")];

  function zulu(ms) {
    return new Date(ms).toISOString().slice(11, 19) + "Z";
  }

  function move(run, ms) {
    run.querySelector("output").textContent = zulu(ms);
    for (const part of run.querySelectorAll("[data-at]")) {
      part.classList.toggle("future", Number(part.dataset.at) > ms);
    }
    for (const track of run.querySelectorAll("[data-track]")) {
      let last = null;
      for (const fix of track.querySelectorAll(".fix")) {
        fix.classList.remove("now");
        if (Number(fix.dataset.at) <= ms) last = fix;
      }
      if (last) last.classList.add("now");
    }
    const lanes = run.querySelector(".lanes");
    const line = run.querySelector(".now-line");
    const span = Number(lanes.dataset.end) - Number(lanes.dataset.start);
    const share = Math.min(1, Math.max(0, (ms - Number(lanes.dataset.start)) / span));
    const x = Number(lanes.dataset.left) + share * (lanes.dataset.right - lanes.dataset.left);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  }

  function show(name, focus) {
    const chosen = runs.find((run) => run.id === name) || runs[0];
    for (const run of runs) run.hidden = run !== chosen;
    for (const row of rows) row.classList.toggle("now", row.dataset.run === chosen.id);
    pick.value = chosen.id;
    if (focus) chosen.scrollIntoView();
  }

  function step(by) {
    const at = runs.findIndex((run) => run.id === pick.value);
    const next = runs[(at + by + runs.length) % runs.length];
    history.replaceState(null, "", "#" + next.id);
    show(next.id, false);
  }

  for (const run of runs) {
    const slider = run.querySelector("input[type=range]");
    slider.addEventListener("input", () => move(run, Number(slider.value)));
    move(run, Number(slider.value));
    const play = run.querySelector("button.play");
    let timer = null;
    const halt = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
      play.setAttribute("aria-pressed", "false");
    };
    play.addEventListener("click", () => {
      if (timer !== null) return halt();
      if (Number(slider.value) >= Number(slider.max)) slider.value = slider.min;
      play.textContent = "Pause";
      play.setAttribute("aria-pressed", "true");
      const stride = Math.max(1000, (slider.max - slider.min) / 300);
      timer = setInterval(() => {
        slider.value = Number(slider.value) + stride;
        move(run, Number(slider.value));
        if (run.hidden || Number(slider.value) >= Number(slider.max)) halt();
      }, 100);
    });
  }
  pick.addEventListener("change", () => {
    history.replaceState(null, "", "#" + pick.value);
    show(pick.value, false);
  });
  document.getElementById("before").addEventListener("click", () => step(-1));
  document.getElementById("next").addEventListener("click", () => step(1));
  window.addEventListener("hashchange", () => show(location.hash.slice(1), true));
  show(location.hash.slice(1), false);
})();
