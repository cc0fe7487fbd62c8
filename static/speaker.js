// The speaker's window: this slide and the next, the notes, and the time.

import { company } from "./company.js";
import { heed, wanted } from "./turning.js";

const desk = document.getElementById("speaker");
const cues = [...desk.querySelectorAll(".cue")];
const open = new AbortController();
let [at, isBlank] = [1, false];
let began = Date.now();

function draw() {
  cues.forEach((cue, n) => {
    cue.classList.toggle("now", n === at - 1);
    cue.classList.toggle("next", n === at);
    if (Math.abs(n - at) < 2) cue.querySelector("img")?.setAttribute("loading", "eager");
  });
  document.getElementById("place").textContent = `Slide ${at} of ${cues.length}${isBlank ? " · the screen is black" : ""}`;
  document.getElementById("blank").textContent = isBlank ? "Show it again" : "Black";
  document.getElementById("end").hidden = at < cues.length;
  desk.querySelector(".now .notes")?.scrollTo(0, 0);
}

function tick() {
  const seconds = Math.floor((Date.now() - began) / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  document.getElementById("clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  document.getElementById("elapsed").textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

const say = company(desk.dataset.deck, (told) => {
  [at, isBlank] = [Math.min(told.at, cues.length), told.isBlank];
  draw();
}, () => ({ at, isBlank }), open.signal);

heed(desk, (what, number) => {
  const to = wanted(what, number, at, cues.length);
  if (what === "leave") return close();
  if (what === "again") return ([began] = [Date.now()]), tick();
  if (to) [at, isBlank] = [to, false];
  else if (what === "blank") isBlank = !isBlank;
  draw();
  say();
}, open.signal);

desk.classList.add("turning");
draw();
tick();
setInterval(tick, 1000);
