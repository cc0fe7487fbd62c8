// Files that a presentation is made from: dropped, pasted or chosen, and sent one after the other while the rest of the
// form is filled in. What is wrong with one stays beside it, and costs no other.

import { sayBeside } from "./forms.js";
import { ROOT } from "./root.js";
import { quoted } from "./words.js";

const waiting = [];
const requests = new WeakMap();
let isSending = false;
let submitter;

const form = () => document.getElementById("asking");
const list = () => document.getElementById("files");
const chooser = () => document.getElementById("file");
const token = () => document.getElementById("page").dataset.token;

const size = (bytes) => (bytes < 1e3 ? `${bytes} Bytes` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const about = ({ pages, size: bytes }) => [pages && (pages === 1 ? "1 page" : `${pages} pages`), size(bytes)].filter(Boolean).join(" · ");

// A card of a file, among the others.
function addCard(name, said) {
  const card = document.getElementById("file-card").content.firstElementChild.cloneNode(true);
  for (const place of card.querySelectorAll(".name")) place.textContent = name;
  card.querySelector(".aside").textContent = said;
  card.querySelector("input").disabled = true;
  list().append(card);
  return card;
}

function settle(card, id) {
  const field = card.querySelector("input");
  field.value = id;
  field.disabled = false;
  card.querySelector("[name=file_names]").value = `${id} ${card.querySelector(".name").textContent}`;
}

// The files of the form, as they can be put back.
export const listed = () =>
  [...(list()?.children ?? [])].filter((card) => !card.querySelector("input").disabled).map((card) => ({
    id: card.querySelector("input").value,
    name: card.querySelector(".name").textContent,
    said: card.querySelector(".aside").textContent,
  }));

export function putBack(files) {
  list()?.replaceChildren();
  for (const { id, name, said } of files) settle(addCard(name, said), id);
}

function add(files) {
  document.getElementById("way-material").checked = true;
  const most = Number(document.getElementById("material").dataset.mostFiles);
  const left = Math.max(0, most - [...list().children].filter((card) => !card.querySelector(".problem")).length);
  for (const file of files.slice(0, left)) begin(file);
  const over = files.slice(left).map(({ name }) => quoted(name));
  sayBeside(chooser(), over.length ? `At most ${most} files are taken: ${over.join(", ")} was left out.` : "");
  changed();
  next();
}

function begin(file) {
  const card = addCard(file.name, size(file.size));
  const most = Number(chooser().dataset.mostEach);
  if (file.size > most) return refuse(card, `${quoted(file.name)} is too large: at most ${size(most)} are taken.`);
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.ariaLabel = `How much of ${file.name} has been sent`;
  card.append(bar);
  waiting.push([card, file]);
}

function refuse(card, sentence) {
  card.querySelector("progress")?.remove();
  const said = document.createElement("p");
  said.className = "problem";
  said.setAttribute("role", "alert");
  said.textContent = sentence;
  card.append(said);
}

// Lectern takes one file of a person at a time.
function next() {
  if (isSending) return;
  const [card, file] = waiting.shift() ?? [];
  if (!card) return over();
  if (!card.isConnected) return next();
  isSending = true;
  send(card, file);
}

function send(card, file) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.open("POST", `${ROOT}files`);
  request.responseType = "json";
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", token());
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const bar = card.querySelector("progress");
    if (bar && total) bar.value = (100 * loaded) / total;
  });
  request.addEventListener("load", () => answered(card, file, request));
  request.addEventListener("error", () => refuse(card, `${quoted(file.name)} did not arrive: the connection broke off. Remove it, and add it again.`));
  request.addEventListener("loadend", () => {
    isSending = false;
    next();
  });
  requests.set(card, request);
  request.send(body);
}

function answered(card, file, request) {
  const { response, responseURL } = request;
  if (new URL(responseURL).pathname.startsWith(`${ROOT}sign-in`)) return location.assign(responseURL);
  const [taken] = response?.files ?? [];
  if (!taken) return refuse(card, response?.problems?.[0] ?? `${quoted(file.name)} was not taken. Remove it, and add it again in a while.`);
  card.querySelector("progress").remove();
  card.querySelector(".aside").textContent = about(taken);
  card.dataset.fresh = "fresh";
  settle(card, taken.id);
  changed();
}

function changed() {
  list().dispatchEvent(new Event("change", { bubbles: true }));
}

// Who has asked before all files were there has asked now, unless one of them was refused meanwhile.
function over() {
  if (!submitter || !form()) return;
  const isWrong = list().querySelector(".problem");
  sayBeside(chooser(), isWrong ? "Not every file has arrived. Remove what is not needed, and ask again." : "");
  const button = submitter;
  submitter = undefined;
  if (!isWrong) form().requestSubmit(button.isConnected ? button : undefined);
}

function remove(card) {
  requests.get(card)?.abort();
  // One that came with this page is nobody else's. Should it not be deleted now, it is once it has lain unused.
  const id = card.querySelector("input").value;
  if (card.dataset.fresh) fetch(`${ROOT}files/${id}/remove`, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token() } }).catch(() => {});
  card.remove();
  sayBeside(chooser(), "");
  changed();
  chooser().focus();
}

document.addEventListener("change", ({ target }) => {
  if (target.id !== "file" || target.form !== form() || !target.files.length) return;
  const files = [...target.files];
  target.value = "";
  add(files);
});
document.addEventListener("click", ({ target }) => {
  const card = target.closest("[data-remove]")?.closest(".file");
  if (card) remove(card);
});
document.addEventListener("submit", (event) => {
  if (event.target !== form() || (!isSending && !waiting.length)) return;
  event.preventDefault();
  submitter = event.submitter ?? document.getElementById("ask");
  sayBeside(chooser(), "Not every file has arrived yet. It is asked for as soon as they have.");
}, { capture: true });

const hasFiles = (event) => form() && event.dataTransfer?.types.includes("Files");
function light(isOver) {
  document.getElementById("drop")?.classList.toggle("over", isOver);
}
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  document.getElementById("way-material").click();
  light(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? light(false));
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  light(false);
  add([...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  // What is copied from a text program may be there as a picture, too.
  if (!form() || !files.length || types.includes("text/plain")) return;
  event.preventDefault();
  add([...files]);
});
