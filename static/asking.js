// The form that asks for a presentation: its ways in, how many slides a lesson takes, and what becomes of it all.

import { ask } from "./page.js";

// Milliseconds of rest before the server is asked what becomes of it.
const REST = 400;
const MINUTES_A_SLIDE = 3;
const LONGEST_CUT = 160;
const counted = new WeakSet();
let timer;
let asking;

const form = () => document.getElementById("asking");
const field = (name) => document.getElementById(name);
const at = (event) => event.target.closest?.("#asking");

function begin() {
  if (!form()) return;
  for (const plain of form().querySelectorAll("[data-plain]")) plain.remove();
  choose();
  count();
  for (const fold of form().querySelectorAll(".fold")) sayChosen(fold);
  label(Number(field("n_slides").value));
  if (field("keep_wording").checked) plan();
}

// What belongs to the other way in is not sent; it stays where it is.
function choose() {
  field("material").disabled = field("way-topic").checked;
}

function count() {
  const { length } = [...field("text").value];
  field("text-count").hidden = !length;
  const most = Number(field("text").dataset.longest).toLocaleString("en");
  field("text-count").textContent = `${length.toLocaleString("en")} of ${most} characters`;
}

// A text that is the outline needs none, and the other way round.
function exclude(chosen) {
  if (chosen.id === "keep_wording" && field("outline_first")) field("outline_first").checked = false;
  if (chosen.id === "outline_first" && chosen.checked) field("write_from_it").checked = true;
}

const suggestion = () => {
  const { value, validity } = field("minutes");
  return value && validity.valid ? Math.max(3, Math.min(30, Math.round(value / MINUTES_A_SLIDE))) : 0;
};

// The number follows the minutes until somebody types one.
function suggest(from) {
  const slides = suggestion();
  if (from.id === "n_slides") counted.add(form());
  if (from.id === "minutes" && slides && !counted.has(form())) field("n_slides").value = slides;
  const isSo = Number(field("n_slides").value) === slides;
  const [said, button] = field("suggested").children;
  field("suggested").hidden = !slides;
  said.textContent = `About ${slides} slides for ${field("minutes").value} minutes.`;
  button.hidden = isSo;
  button.textContent = `Take ${slides}`;
}

function take() {
  field("n_slides").value = suggestion();
  field("n_slides").dispatchEvent(new Event("input", { bubbles: true }));
  field("n_slides").focus();
}

function sayChosen(fold) {
  const said = fold.querySelector(".chosen");
  if (!said) return;
  const values = [...fold.querySelectorAll("input, select, textarea")].filter((one) => one.type !== "hidden").map(shownOf);
  said.textContent = values.filter(Boolean).join(" · ");
}

function shownOf(one) {
  if (one.matches("select")) return one.value && one.selectedOptions[0].textContent;
  if (one.matches("[type=checkbox], [type=radio]")) return one.checked && one.value && one.closest("label").textContent.trim();
  if (one.type === "number") return one.value && `${one.labels[0].textContent}: ${one.value}`;
  return one.value.trim().slice(0, 80);
}

function label(slides) {
  const button = field("ask");
  if (button.disabled || form().action.endsWith("edit")) return;
  if (field("outline_first")?.checked) button.textContent = "Propose an outline";
  else if (slides > 0) button.textContent = slides === 1 ? "Make 1 slide" : `Make ${slides} slides`;
  else button.textContent = "Make it";
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(preview, REST);
}

async function preview() {
  if (!form()) return;
  asking?.abort();
  const mine = (asking = new AbortController());
  const fields = new FormData(form());
  fields.delete("file");
  if (!field("keep_wording").checked) fields.delete("text");
  try {
    const response = await ask(form().dataset.preview, { method: "POST", body: fields, signal: mine.signal });
    if (response.ok && form()) tell(await response.json());
  } catch {
    // It is asked again with the next letter, and what is shown is no promise.
  }
}

function tell({ told, cuts, expected }) {
  field("told-text").textContent = told ?? "";
  field("told").querySelector("[data-for=nothing]").hidden = Boolean(told);
  field("expect").textContent = expected;
  showCuts(cuts);
  if (cuts.length) {
    field("n_slides").value = cuts.length;
    field("suggested").hidden = true;
  }
  label(Number(field("n_slides").value));
}

function showCuts(cuts) {
  const most = Number(field("material").dataset.mostSlides);
  const said = document.createElement("p");
  const list = document.createElement("ol");
  said.className = cuts.length > most ? "problem" : "aside";
  said.textContent = cuts.length > most ? `${cuts.length} slides are too many: at most ${most} are made. Put fewer lines of --- between them.` : cuts.length === 1 ? "1 slide:" : `${cuts.length} slides:`;
  list.append(...cuts.slice(0, most).map(cutOf));
  field("cuts").hidden = !cuts.length;
  field("cuts").replaceChildren(said, list);
}

function cutOf(markdown) {
  const [first, ...rest] = markdown.split("\n");
  const [item, heading] = [document.createElement("li"), document.createElement("b")];
  item.dir = "auto";
  heading.textContent = first.slice(first.indexOf(" ") + 1);
  item.append(markdown.startsWith("#") ? heading : first.slice(0, LONGEST_CUT), ` ${rest.join(" ").slice(0, LONGEST_CUT)}`);
  return item;
}

function changed(event) {
  if (!at(event)) return;
  if (event.type === "change") exclude(event.target);
  choose();
  count();
  suggest(event.target);
  const fold = event.target.closest(".fold");
  for (const one of fold ? [fold] : form().querySelectorAll(".fold")) sayChosen(one);
  label(Number(field("n_slides").value));
  plan();
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("click", (event) => event.target.closest("#suggested button") && take());
document.addEventListener("lectern:shown", begin);
begin();
