// Says what has become of the presentations that were in progress: on the page, in its title, and by the system.

import { toast } from "./toasts.js";
import { quoted } from "./words.js";

const LIVE = ["pending", "processing"];
let title = "";
let usual;

document.addEventListener("lectern:before", ({ detail: fresh }) => {
  for (const card of document.querySelectorAll("#page [data-status]")) {
    if (!LIVE.includes(card.dataset.status)) continue;
    const next = fresh.getElementById(card.id);
    const name = next?.querySelector("h1, h3")?.textContent;
    if (next && "awaits" in next.dataset && !("awaits" in card.dataset)) tell(`Its outline waits for you: ${quoted(name)}`);
    if (next?.dataset.status === "complete") tell(`Ready: ${quoted(name)}`);
    if (next?.dataset.status === "error") tell(`Not made: ${quoted(name)}`);
  }
});

function tell(said) {
  toast(said);
  title = said;
  if (window.Notification?.permission === "granted" && !document.hasFocus()) new Notification("Lectern", { body: said });
}

function offer() {
  const button = document.getElementById("notify");
  if (button) button.hidden = !("Notification" in window) || Notification.permission !== "default";
}

function shown() {
  offer();
  if (!title) return;
  if (document.title !== title) usual = document.title;
  document.title = title;
}

// Whoever uses the page has seen it.
function seen() {
  if (!title) return;
  if (document.title === title) document.title = usual;
  title = "";
}

document.addEventListener("lectern:shown", shown);
document.addEventListener("click", async (event) => {
  if (event.target.id !== "notify") return;
  await Notification.requestPermission();
  offer();
});
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, seen);
offer();
