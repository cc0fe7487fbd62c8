// Finds while somebody types, and keeps the address bar up with it.

import { hold, plan, visit } from "./page.js";
import { ROOT } from "./root.js";

const PAUSE = 150;
const field = document.getElementById("q");
let timer;
let number = 0;

const isSearching = () => location.pathname === `${ROOT}search`;
const address = (words) => `${ROOT}search?${new URLSearchParams(words)}`;

async function find() {
  const mine = ++number;
  hold();
  const wasSearching = isSearching();
  const words = field.value.trim();
  const narrowed = wasSearching ? Object.fromEntries(new URLSearchParams(location.search)) : {};
  delete narrowed.after;
  try {
    const html = words ? address({ ...narrowed, q: words }) : ROOT;
    await visit(html, { replaces: wasSearching, isStale: () => mine !== number, keepsPlace: true });
  } catch {
    plan();
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".find, #narrow")) return;
  event.preventDefault();
  clearTimeout(timer);
  const fields = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value));
  visit(address(fields), { replaces: isSearching(), keepsPlace: true });
});

document.addEventListener("change", (event) => {
  if (event.target.matches("#narrow select")) event.target.form.requestSubmit();
});

document.addEventListener("lectern:shown", () => {
  if (document.activeElement !== field) field.value = new URLSearchParams(location.search).get("q") ?? "";
});
