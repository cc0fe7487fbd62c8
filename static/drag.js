// Cards are dragged onto a subject: all that are ticked, when it is one of them.

import { send } from "./forms.js";
import { idOf } from "./menus.js";
import { freeze } from "./page.js";
import { ROOT } from "./root.js";
import { ticked } from "./select.js";
import { toast } from "./toasts.js";

let dragged = [];
let release;

const target = (event) => (dragged.length ? event.target.closest("[data-subject]") : null);

function mark(element) {
  for (const lit of document.querySelectorAll(".over")) if (lit !== element) lit.classList.remove("over");
  element?.classList.add("over");
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("article[draggable]");
  if (!card) return;
  const all = ticked();
  dragged = all.includes(idOf(card)) ? all : [idOf(card)];
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector("h3").textContent);
  document.documentElement.classList.add("dragging");
  freeze(new Promise((resolve) => (release = resolve)));
});

document.addEventListener("dragover", (event) => {
  const subject = target(event);
  mark(subject);
  if (subject) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const subject = target(event);
  if (!subject) return;
  event.preventDefault();
  const fields = new FormData();
  for (const id of dragged) fields.append("ids", id);
  fields.set("subject", subject.dataset.subject);
  send(`${ROOT}presentations/move`, fields, document.getElementById("many"));
  dragged = [];
});

document.addEventListener("dragend", () => {
  if (dragged.length) toast("Nothing was moved. Drop it on a subject to move it there.");
  dragged = [];
  release?.();
  mark(null);
  document.documentElement.classList.remove("dragging");
});
