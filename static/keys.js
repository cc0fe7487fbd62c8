// What the keyboard does; the page /keys lists it.

import { openMenu } from "./menus.js";
import { visit } from "./page.js";
import { ROOT } from "./root.js";
import { ticked } from "./select.js";
import { toast } from "./toasts.js";

const cards = () => [...document.querySelectorAll("#main article")].filter((card) => card.checkVisibility());
const current = () => document.activeElement.closest("article");

function step(by) {
  const all = cards();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function move() {
  const card = current() ?? document.querySelector("article:has(.pick input:checked)");
  const ids = ticked();
  if (card?.matches("[draggable]")) openMenu("move-menu", card, card, ids.length ? ids : undefined);
  else toast("Nothing to move here. Go to a finished presentation with j or k, or tick some with x.");
}

function clear() {
  document.getElementById("many")?.reset();
}

const KEYS = {
  "/": () => document.getElementById("q").focus(),
  "?": () => visit(`${ROOT}keys`),
  n: () => visit(`${ROOT}new`),
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => current() && step(1),
  ArrowUp: () => current() && step(-1),
  o: () => current()?.querySelector(".open, h3 a")?.click(),
  x: () => current()?.querySelector(".pick input")?.click(),
  m: move,
  d: () => current()?.querySelector("[data-menu=more-menu]")?.click(),
  u: () => [...document.querySelectorAll(".undo")].at(-1)?.click(),
  Escape: clear,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [popover]")) return;
  if (event.key === "Enter" && event.target.matches("article")) return KEYS.o();
  const does = KEYS[event.key];
  if (!does || (event.key.startsWith("Arrow") && !current())) return;
  event.preventDefault();
  does();
});
