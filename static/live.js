// Keeps the marked parts of the page up to date, and leaves alone what somebody is using in them.

const shelves = document.getElementById("shelves");
const away = document.getElementById("away");
let failures = 0;
let looking = false;
let timer;

async function look() {
  clearTimeout(timer);
  if (document.hidden || looking) return;
  looking = true;
  try {
    await fetchShelves();
    failures = 0;
  } catch {
    failures += 1;
  }
  looking = false;
  // A single failure may just be somebody leaving the page.
  away.hidden = failures < 2;
  timer = setTimeout(look, 1000 * (failures ? 5 : Number(shelves.dataset.every)));
}

async function fetchShelves() {
  const headers = { "If-None-Match": `W/"${shelves.dataset.seen}"` };
  const response = await fetch(shelves.dataset.from, { headers, signal: AbortSignal.timeout(10000) });
  if (response.status === 304) return;
  // To the page for signing in.
  if (response.redirected) return location.reload();
  if (!response.ok) throw new Error(response.statusText);
  show(await response.text());
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement;
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(region.id);
    dropBlanks(next);
    update(region, next, new Map([...region.querySelectorAll("[id]")].map((element) => [element.id, element])));
  }
  for (const field of document.getElementsByName("csrf_token")) field.value = shelves.dataset.token;
  keepFocus(focused);
}

// Blank text between elements would shift them against each other.
function dropBlanks(region) {
  const texts = document.createNodeIterator(region, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.data.includes("\n") && !text.data.trim()) text.remove();
  }
}

// Make `old` like `fresh`, in place. `known` are the elements with ids that were there: they keep what is typed in them.
function update(old, fresh, known) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
  } else if (!("keep" in old.dataset)) {
    updateAttributes(old, fresh);
    updateChildren(old, fresh, known);
  }
}

function updateAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function updateChildren(old, fresh, known) {
  const ids = new Set([...fresh.children].map((child) => child.id));
  // First those that have gone: what stays need not be moved then, and keeps its focus and its open form.
  for (const child of [...old.children]) if (child.id && !ids.has(child.id)) child.remove();
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const match = matching(child, place, known);
    if (!match) {
      child.classList?.add("appears");
      old.insertBefore(child, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    update(match, child, known);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function matching(child, place, known) {
  const found = child.id ? known.get(child.id) : place;
  return found && (found.id ?? "") === (child.id ?? "") && found.nodeName === child.nodeName ? found : null;
}

// Focus on something that moved stays on it; on something that is gone it goes to where its presentation is now.
function keepFocus(focused) {
  const at = focused.isConnected ? focused : document.getElementById(focused.closest("article")?.id);
  if (at && at !== document.activeElement) at.focus({ preventScroll: true });
}

function answerAtOnce(event) {
  const { target: form, submitter } = event;
  if (!submitter) return;
  form.dataset.keep = "";
  submitter.dataset.label = submitter.innerHTML;
  submitter.textContent = submitter.dataset.busy;
  submitter.disabled = true;
}

// The browser's "back" may bring the page as it was left.
function comeBack(event) {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("button[data-label]")) {
    button.innerHTML = button.dataset.label;
    button.disabled = false;
    delete button.dataset.label;
    delete button.form.dataset.keep;
  }
  look();
}

document.querySelectorAll("[data-live]").forEach(dropBlanks);
document.addEventListener("visibilitychange", look);
document.addEventListener("submit", answerAtOnce);
window.addEventListener("pageshow", comeBack);
timer = setTimeout(look, 1000 * Number(shelves.dataset.every));
