// The words Move and More on a card open a menu beside them.

import { quoted } from "./words.js";

const GAP = 6;
let opener;

// Its own id is "p-" and that of its presentation.
export const idOf = (card) => card.id.slice(2);

export function openMenu(id, card, near = card, ids = [idOf(card)]) {
  const menu = document.getElementById(id);
  if (!menu) return;
  opener = near;
  const title = card.querySelector("h3").textContent;
  if (id === "move-menu") prepareMove(menu, ids, title);
  else prepareMore(menu, idOf(card), title);
  menu.showPopover();
  place(menu, near.getBoundingClientRect());
  menu.querySelector("button:not(.unseen), a, input:not([type=hidden])").focus();
}

function prepareMove(menu, ids, title) {
  const fields = ids.map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value }));
  document.getElementById("move-menu-ids").replaceChildren(...fields);
  document.getElementById("move-menu-name").textContent = ids.length > 1 ? `Move ${ids.length} to` : `Move ${quoted(title)} to`;
  document.getElementById("move-menu-new").value = "";
}

function prepareMore(menu, id, title) {
  document.getElementById("more-menu-name").textContent = title;
  document.getElementById("more-menu-title").value = title;
  menu.querySelector("[name=ids]").value = id;
  for (const element of menu.querySelectorAll("[data-address]")) {
    const address = element.dataset.address.replace(/:id|%3Aid/, id);
    element.setAttribute(element.matches("form") ? "action" : "href", address);
  }
}

// Below what opened it, or above where there is more room.
function place(menu, at) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(GAP, Math.min(at.left, clientWidth - width - GAP));
  const below = at.bottom + GAP;
  const top = below + height <= clientHeight - GAP ? below : Math.max(GAP, at.top - height - GAP);
  Object.assign(menu.style, { left: `${left}px`, top: `${top}px`, right: "auto", bottom: "auto", margin: "0" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-menu]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openMenu(link.dataset.menu, link.closest("article"), link);
});

document.addEventListener("toggle", (event) => {
  if (event.newState !== "closed" || !event.target.matches("#move-menu, #more-menu")) return;
  event.target.querySelectorAll(".problem").forEach((problem) => problem.remove());
  if (opener?.isConnected && (document.activeElement === document.body || event.target.contains(document.activeElement))) opener.focus();
}, true);
