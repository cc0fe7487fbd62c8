// Slides one at a time on black.

import { company } from "./company.js";
import { heed, wanted } from "./turning.js";

// Milliseconds that the bar stays after the pointer came to rest.
const REST = 2500;

// Show the slides of `stage` from number `at`; `turned` and `left` are told the number of the slide.
export function present(stage, { at = 1, turned = () => {}, left }) {
  const frames = [...stage.querySelectorAll(".frame")];
  const over = new AbortController();
  let isBlank = false;
  let isFull = Boolean(document.fullscreenElement);

  function draw() {
    stage.classList.toggle("blank", isBlank);
    frames.forEach((frame, n) => {
      frame.hidden = n !== at - 1;
      // The ones beside it are fetched before anybody wants them.
      if (Math.abs(n - at + 1) < 2) frame.querySelector("img")?.setAttribute("loading", "eager");
    });
    const place = `Slide ${at} of ${frames.length}`;
    stage.querySelector("progress").value = at;
    stage.querySelector(".place").textContent = place;
    stage.querySelector("[role=status]").textContent = isBlank ? "The screen is black." : `${place}. ${frames[at - 1].dataset.title}`;
    turned(at);
  }

  function turn(to) {
    [at, isBlank] = [to, false];
    draw();
    say();
  }

  const acts = {
    blank() {
      isBlank = !isBlank;
      draw();
      say();
    },
    full() {
      isFull = !document.fullscreenElement;
      if (isFull) document.documentElement.requestFullscreen?.();
      else document.exitFullscreen();
    },
    speaker: () => open(stage.dataset.speaker, `lectern-speaker-${stage.dataset.deck}`, "popup,width=1100,height=760"),
    leave() {
      over.abort();
      left(at);
    },
  };

  const now = () => ({ at, isBlank });
  const hear = (told) => {
    [at, isBlank] = [Math.min(told.at, frames.length), told.isBlank];
    draw();
  };
  const say = company(stage.dataset.deck, hear, now, over.signal);
  heed(stage, (what, number) => {
    const to = wanted(what, number, at, frames.length);
    if (to) turn(to);
    else acts[what]?.();
  }, over.signal);
  // In the full screen it is the browser that hears Esc.
  function leaveWithScreen() {
    if (document.fullscreenElement) isFull = true;
    else if (isFull) acts.leave();
  }
  document.addEventListener("fullscreenchange", leaveWithScreen, { signal: over.signal });
  showBar(stage, over.signal);
  stage.classList.add("turning");
  draw();
  stage.focus({ preventScroll: true });
  return acts.leave;
}

// The bar shows itself while the pointer moves, and at first.
function showBar(stage, signal) {
  let timer;
  function show() {
    clearTimeout(timer);
    stage.classList.add("moving");
    timer = setTimeout(() => stage.classList.remove("moving"), REST);
  }
  stage.addEventListener("pointermove", show, { signal });
  show();
}
