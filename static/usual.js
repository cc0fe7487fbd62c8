// What is usual for a subject: filled into the form once that is chosen, never over what somebody has typed.

import { ask, here } from "./page.js";

// Milliseconds of rest before the server is asked what is usual for a subject that is typed.
const REST = 400;
let state;
let timer;
let asking;

const note = () => document.getElementById("usual");
const form = () => document.getElementById("asking");
const subject = () => document.getElementById("subject").value.trim();
const valueOf = (name) => new FormData(form()).getAll(name).findLast(Boolean) ?? "";

function begin() {
  // What the server is to be asked of this form still is, though the page was shown anew meanwhile.
  if (note() && state?.form === form() && state.at === here()) return;
  clearTimeout(timer);
  if (!note()) return (state = undefined);
  const { fields = {}, before = {} } = JSON.parse(note().dataset.filled ?? "{}");
  state = { form: form(), at: here(), fields, before, typed: new Set(), asked: undefined };
}

// What was typed before this page was shown is as good as what is typed on it.
const isFree = (name) => !state.typed.has(name) && (name in state.before || !hasBegun() || !valueOf(name));
const hasBegun = () => note().dataset.fills === "empty" || document.getElementById("drafted")?.hidden === false;

function put(name, value) {
  const fields = [...form().elements].filter((one) => one.name === name);
  const radios = fields.filter((one) => one.type === "radio");
  for (const one of radios) one.checked = one.value === value;
  const isOther = radios.length > 0 && !radios.some((one) => one.checked);
  if (isOther) radios[0].checked = true;
  for (const one of fields) {
    if (one.type === "checkbox") one.checked = value === one.value;
    else if (one.type === "hidden") one.value = value === "Yes" ? "" : value;
    else if (one.type !== "radio") one.value = radios.length && !isOther ? "" : value;
  }
}

function takeBack() {
  for (const [name, value] of Object.entries(state.before)) if (!state.typed.has(name)) put(name, value);
  state.before = {};
}

function fill(fields) {
  takeBack();
  for (const [name, value] of Object.entries(fields)) {
    if (!isFree(name)) continue;
    state.before[name] = valueOf(name);
    put(name, value);
  }
}

function say(said) {
  const [sentence, without] = note().children;
  const [name, what] = [document.createElement("bdi"), document.createElement("bdi")];
  name.textContent = subject();
  what.textContent = said;
  sentence.replaceChildren("As usual for ", name, ": ", what, ".");
  without.hidden = false;
  note().hidden = false;
}

async function look() {
  clearTimeout(timer);
  // To fill in the same again would take the selection from a field that somebody has gone on to.
  if (state.asked === subject()) return;
  asking?.abort();
  const mine = (asking = new AbortController());
  const current = state;
  current.asked = subject();
  try {
    const address = `${note().dataset.address}?${new URLSearchParams({ subject: current.asked })}`;
    const response = await ask(address, { signal: mine.signal });
    if (!response.ok) throw new Error(response.statusText);
    const { fields, said } = await response.json();
    if (mine === asking && note()) show(fields, said);
  } catch {
    // Nothing is filled in, then: it is asked again with the next change.
    if (mine === asking) current.asked = undefined;
  }
}

function show(fields, said) {
  const isChanged = Object.keys({ ...state.before, ...fields }).length > 0;
  fill(fields);
  note().hidden = true;
  if (Object.keys(state.before).length) say(said);
  if (isChanged) form().dispatchEvent(new Event("change", { bubbles: true }));
}

function changed({ type, target }) {
  if (!state || target.form !== form()) return;
  if (target.id !== "subject") return state.typed.add(target.name);
  clearTimeout(timer);
  timer = setTimeout(look, type === "change" ? 0 : REST);
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("click", (event) => {
  if (!state || !event.target.closest("#usual a")) return;
  event.preventDefault();
  takeBack();
  note().hidden = true;
  form().dispatchEvent(new Event("change", { bubbles: true }));
  document.getElementById("subject").focus();
});
document.addEventListener("lectern:shown", begin);
begin();
