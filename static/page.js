// The page as it is on the server: looked for again and again, and shown in place.

import { morph } from "./morph.js";
import { ROOT } from "./root.js";

const page = document.getElementById("page");
const away = document.getElementById("away");
let failures = 0;
let looking;
let timer;
let atRest = Promise.resolve();

export const here = () => location.pathname + location.search;

// Ask the server for something. A new request of the same kind ends the one before.
export async function ask(address, options = {}) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  if (new URL(response.url).pathname.startsWith(`${ROOT}sign-in`)) {
    location.assign(response.url);
    throw new Error("signed out");
  }
  return response;
}

// The page that was answered, as soon as it may be shown.
export async function read(response) {
  const html = await response.text();
  await atRest;
  return html;
}

// Until the promise is kept nothing that comes from the server is shown: what somebody aims at stays where it is.
export function freeze(promise) {
  atRest = promise;
}

// Show a page that came from the server, with its address unless it is the one that is shown.
export function show(html, address = here(), { replaces = false, keepsToasts = false, keepsPlace = false } = {}) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const isElsewhere = address !== here();
  if (isElsewhere) history[replaces ? "replaceState" : "pushState"](null, "", address);
  document.dispatchEvent(new CustomEvent("lectern:before", { detail: fresh }));
  const focused = document.activeElement;
  document.title = fresh.title;
  replaceMenu(fresh);
  morph(page, fresh.getElementById("page"));
  if (!keepsToasts) document.getElementById("toasts").append(...fresh.getElementById("toasts").children);
  for (const field of document.getElementsByName("csrf_token")) field.value = page.dataset.token;
  if (isElsewhere && !keepsPlace) begin();
  else keepFocus(focused);
  document.dispatchEvent(new CustomEvent("lectern:shown"));
  plan();
}

export async function visit(address, { isStale = () => false, ...options } = {}) {
  const response = await ask(address);
  const html = await read(response);
  const { pathname, search } = new URL(response.url);
  if (!isStale()) show(html, pathname + search, options);
}

// The menu is in the top layer, outside the page; not every page has one.
function replaceMenu(fresh) {
  for (const id of ["move-menu", "more-menu"]) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && next) morph(old, next);
    else if (old) old.remove();
    else if (next) page.after(next);
  }
}

function begin() {
  scrollTo(0, 0);
  const field = page.querySelector("[autofocus]");
  (field ?? document.getElementById("main")).focus({ preventScroll: true });
}

// Focus on something that moved stays on it; on something that is gone it goes to where its presentation is now.
function keepFocus(focused) {
  const at = focused.isConnected ? focused : document.getElementById(focused.closest("article")?.id);
  if (at && at !== document.activeElement) at.focus({ preventScroll: true });
}

export async function look() {
  clearTimeout(timer);
  if (document.hidden || !page.dataset.every) return;
  looking?.abort();
  const mine = (looking = new AbortController());
  try {
    await fetchNews(mine.signal);
    failures = 0;
  } catch {
    if (mine === looking) failures += 1;
  }
  await atRest;
  if (mine !== looking) return;
  // A single failure may just be somebody leaving the page.
  away.hidden = failures < 2;
  plan();
}

async function fetchNews(signal) {
  const address = here();
  const headers = { "If-None-Match": `W/"${page.dataset.seen}"`, "X-Lectern-Look": "1" };
  const response = await ask(address, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(10000)]) });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(response.statusText);
  const html = await read(response);
  if (!signal.aborted && address === here()) show(html, address, { keepsToasts: true });
}

// What somebody does is not to be overtaken by a look that began before it.
export function hold() {
  clearTimeout(timer);
  looking?.abort();
  looking = undefined;
}

export function plan() {
  clearTimeout(timer);
  if (page.dataset.every) timer = setTimeout(look, 1000 * (failures ? 5 : Number(page.dataset.every)));
}

document.addEventListener("visibilitychange", look);
window.addEventListener("popstate", () => visit(here()));
window.addEventListener("pageshow", (event) => event.persisted && look());
// The first look is soon: the server may only now know the time zone.
if (page.dataset.every) timer = setTimeout(look, 1000);
