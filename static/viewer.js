// The slides on a presentation's own page, one at a time: by keys, buttons, the strip below them, and swipes.
// Without it they stand one below the other.

import { ask, here, hold, plan, read, show as showPage } from "./page.js";
import { present } from "./stage.js";

// Milliseconds without another turn until the address says where one is.
const REST = 250;
let timer;
let known = -1;

const row = () => document.getElementById("slides");
const slides = () => [...(row()?.children ?? [])];
const place = () => Math.round(row().scrollLeft / row().clientWidth);

function go(to) {
  const last = slides().length - 1;
  row().scrollTo({ left: Math.max(0, Math.min(last, to)) * row().clientWidth, behavior: "instant" });
  mark();
}

// Say which slide it is, wherever that is said.
function mark() {
  if (!row()?.clientWidth) return;
  const at = place();
  slides().forEach((slide, n) => {
    if (Math.abs(n - at) < 2) slide.querySelector("img")?.setAttribute("loading", "eager");
  });
  markStrip(at);
  document.getElementById("turn-place").textContent = `${at + 1} of ${slides().length}`;
  document.querySelector("[data-turn='-1']").disabled = at === 0;
  document.querySelector("[data-turn='1']").disabled = at === slides().length - 1;
  if (at === known) return;
  known = at;
  clearTimeout(timer);
  timer = setTimeout(() => history.replaceState(null, "", `${location.pathname}${location.search}#slide-${at + 1}`), REST);
}

function markStrip(at) {
  const strip = document.getElementById("strip");
  [...strip.querySelectorAll("a")].forEach((link, n) => {
    if (n !== at) return link.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const [box, frame] = [link.getBoundingClientRect(), strip.getBoundingClientRect()];
    const across = (box.left + box.right - frame.left - frame.right) / 2;
    const down = (box.top + box.bottom - frame.top - frame.bottom) / 2;
    if (known !== at) strip.scrollBy({ left: across, top: down, behavior: "instant" });
  });
}

// Notes that are unfolded stay so on the next slide.
function unfold(event) {
  if (!event.target.matches?.(".slide .notes")) return;
  for (const notes of document.querySelectorAll(".slide .notes")) notes.open = event.target.open;
}

const KEYS = {
  ArrowRight: () => go(place() + 1),
  ArrowLeft: () => go(place() - 1),
  Home: () => go(0),
  End: () => go(slides().length - 1),
  s: () => document.querySelector("[data-show]")?.click(),
};

function press(event) {
  if (!row() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [popover], dialog")) return;
  // Below the slides these two belong to the page.
  if (["Home", "End"].includes(event.key) && event.target.closest("main > section")) return;
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
}

function click(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const [link, turn, to] = ["[data-show]", "[data-turn]", "#strip a"].map((what) => event.target.closest(what));
  if (!link && !turn && !to) return;
  event.preventDefault();
  if (turn) go(place() + Number(turn.dataset.turn));
  else if (to) go(Number(to.hash.replace("#slide-", "")) - 1);
  else show(link);
}

// Show the slides on the whole screen, over this page: a browser that goes to another page leaves the full screen.
async function show(link) {
  const isFull = document.documentElement.requestFullscreen?.().then(() => true, () => false);
  const dialog = document.createElement("dialog");
  try {
    const response = await ask(link.href);
    if (!response.ok) throw new Error(response.statusText);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    dialog.append(document.adoptNode(fresh.getElementById("show")));
  } catch {
    return location.assign(link.href);
  }
  dialog.className = "stage";
  document.body.append(dialog);
  dialog.showModal();
  await isFull;
  const over = new AbortController();
  const leave = present(dialog.firstElementChild, {
    at: place() + 1,
    left(at) {
      over.abort();
      dialog.remove();
      if (document.fullscreenElement) document.exitFullscreen();
      go(at - 1);
      link.focus({ preventScroll: true });
    },
  });
  dialog.addEventListener("cancel", leave, { signal: over.signal });
}

// Whoever comes back from Presenton's editor may have changed the slides there: other than a look, this has it asked.
async function lookThere() {
  if (document.hidden || !document.getElementById("edit")) return;
  hold();
  const address = here();
  try {
    const response = await ask(address);
    const html = await read(response);
    if (response.ok && address === here()) return showPage(html, address, { keepsToasts: true });
  } catch {
    // It is asked when somebody comes back again; the looks go on, and say when Lectern does not answer.
  }
  plan();
}

function begin() {
  document.documentElement.classList.add("turns");
  const [, number] = location.hash.match(/^#slide-(\d+)$/) ?? [];
  if (!row()) return;
  if (number) go(number - 1);
  else mark();
}

document.addEventListener("scroll", (event) => event.target === row() && mark(), { capture: true, passive: true });
document.addEventListener("toggle", unfold, { capture: true });
document.addEventListener("keydown", press);
document.addEventListener("click", click);
document.addEventListener("lectern:shown", mark);
document.addEventListener("visibilitychange", lookThere);
window.addEventListener("resize", mark);
begin();
