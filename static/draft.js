// What is typed into the form that asks for a presentation, and not sent: kept in this browser until the server has it.
// One that is like another, or edits it, is kept as long as its tab; so is a list of topics, until they are asked for.

import { listed, putBack } from "./material.js";
import { ask, here } from "./page.js";
import { ROOT } from "./root.js";

// Milliseconds of rest before it is kept on the server.
const REST = 1500;
const PREFIX = `lectern-draft:${ROOT}:`;
const filled = new WeakMap();
let timer;
let change = 0;
let dirty = false;
let asked;

const form = () => document.getElementById("asking") ?? document.querySelector("#list[data-user]");
const address = () => form().dataset.draft;
const key = () => `${PREFIX}${form().dataset.user}:${address() ? "" : here()}`;
const place = () => (address() ? localStorage : sessionStorage);

// By its id, or else its name and value: each field has one of its own.
const nameOf = (field) => field.id || `${field.name}=${field.value}`;
const isTicked = (field) => ["radio", "checkbox"].includes(field.type);
const fields = () => [...form().elements].filter((one) => one.name && one.name !== "file_ids" && !["hidden", "file", "submit", "fieldset"].includes(one.type));

function copy() {
  const typed = fields().map((field) => [nameOf(field), isTicked(field) ? field.checked : field.value]);
  return JSON.stringify({ typed: Object.fromEntries(typed), files: listed() });
}

function fill({ typed, files }) {
  for (const field of fields()) {
    const value = typed[nameOf(field)];
    if (value === undefined) continue;
    if (isTicked(field)) field.checked = value;
    else field.value = value;
  }
  putBack(files);
  if (address()) document.getElementById("drafted").hidden = false;
  form().dispatchEvent(new Event("change", { bubbles: true }));
}

// All that is typed, also in the part of the form that is not sent just now.
function everything() {
  const all = new FormData();
  all.set("csrf_token", document.getElementById("page").dataset.token);
  for (const one of form().elements) {
    const isOff = isTicked(one) && !one.checked;
    if (one.name && !isOff && one.name !== "csrf_token" && !["file", "submit", "fieldset"].includes(one.type)) all.append(one.name, one.value);
  }
  return all;
}

function keep(event) {
  if (!form()?.contains(event.target)) return;
  dirty = true;
  change += 1;
  asked = undefined;
  try {
    place().setItem(key(), copy());
  } catch {
    // A browser that keeps nothing, or is full: the server has it in a moment.
  }
  clearTimeout(timer);
  if (address()) timer = setTimeout(send, REST);
}

async function send() {
  if (!form() || !address()) return;
  const [mine, name] = [change, key()];
  try {
    const response = await ask(address(), { method: "POST", body: everything() });
    if (!response.ok || mine !== change) return;
    dirty = false;
    localStorage.removeItem(name);
  } catch {
    // This browser has it, and it is sent with the next letter.
  }
}

function leave() {
  if (dirty && form() && address()) navigator.sendBeacon(address(), everything());
}

function stop() {
  clearTimeout(timer);
  change += 1;
  dirty = false;
}

function begin() {
  if (!form()) return forget();
  if (filled.get(form()) === key()) return;
  filled.set(form(), key());
  const kept = place().getItem(key());
  if (kept) fill(JSON.parse(kept));
}

// It was asked for: there is another page, which is none that says that something went wrong.
function forget() {
  if (!asked || !document.getElementById("page").dataset.seen) return;
  asked.place.removeItem(asked.key);
  asked = undefined;
}

// The table of a list that is asked for, or begun anew.
function forgetList(table) {
  const name = `${PREFIX}${table.dataset.listed}:${ROOT}new/list`;
  for (const kept of Object.keys(sessionStorage)) if (kept.startsWith(name)) sessionStorage.removeItem(kept);
}

document.addEventListener("click", ({ target }) => {
  const over = target.closest?.("#list[data-listed] a");
  if (over) forgetList(over.closest("form"));
});
document.addEventListener("input", keep);
document.addEventListener("change", keep);
document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
  if (target.id === "asking" && !defaultPrevented) {
    stop();
    asked = { key: key(), place: place() };
  }
  if (target.matches("#list[data-listed]") && !submitter?.hasAttribute("formaction")) forgetList(target);
  if (target.id === "drafted") {
    stop();
    place().removeItem(key());
  }
  if (!["sign-out", "sign-out-everywhere"].some((end) => target.getAttribute("action")?.endsWith(end))) return;
  stop();
  for (const kept of [localStorage, sessionStorage]) {
    for (const name of Object.keys(kept)) if (name.startsWith(PREFIX)) kept.removeItem(name);
  }
}, { capture: true });
document.addEventListener("visibilitychange", () => document.hidden && leave());
window.addEventListener("pagehide", leave);
document.addEventListener("lectern:before", leave);
document.addEventListener("lectern:shown", begin);
begin();
