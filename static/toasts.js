// Sentences about what was done stay for ten seconds, and as long as somebody is at them.

const SECONDS = 10;
const toasts = document.getElementById("toasts");

export function toast(said) {
  const [box, text] = [document.createElement("div"), document.createElement("p")];
  box.className = "toast";
  text.textContent = said;
  box.append(text);
  toasts.append(box);
}

function keepShort() {
  while (toasts.children.length > 3) toasts.firstElementChild.remove();
}

function leave(box) {
  setTimeout(() => (box.matches(":hover, :focus-within") ? leave(box) : box.remove()), 1000 * SECONDS);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const box of addedNodes) if (box.nodeType === Node.ELEMENT_NODE) leave(box);
  keepShort();
}).observe(toasts, { childList: true });
for (const box of toasts.children) leave(box);
