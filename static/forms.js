// Sends forms without leaving the page, and answers at once.

import { ask, here, hold, plan, read, show } from "./page.js";

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post" || event.defaultPrevented || "leaves" in form.dataset) return;
  event.preventDefault();
  const fields = new FormData(form);
  // Of a field and a button of one name, the button is meant.
  if (submitter?.name) fields.set(submitter.name, submitter.value);
  send(submitter?.getAttribute("formaction") || form.getAttribute("action") || here(), fields, form, submitter);
});

// Send what a form would; the page shows what has come of it.
export async function send(address, fields, form, button) {
  hold();
  setBusy(button, true);
  fields.set("csrf_token", document.getElementById("page").dataset.token);
  if (fields.has("back") || !form) fields.set("back", here());
  try {
    const response = await ask(address, { method: "POST", body: fields });
    const html = await read(response);
    setBusy(button, false);
    if (response.status === 422 && complain(form, html)) return plan();
    form?.closest("[popover]")?.hidePopover();
    form?.closest(".toast")?.remove();
    if (form && "resets" in form.dataset) form.reset();
    const { pathname, search } = new URL(response.url);
    show(html, response.redirected ? pathname + search : here());
  } catch {
    setBusy(button, false);
    document.getElementById("away").hidden = false;
    plan();
  }
}

// What is wrong is said beside the field, and nothing typed is lost.
function complain(form, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const wrong = fresh.querySelector("[aria-invalid]");
  const field = form?.elements.namedItem(wrong?.name);
  const shown = field instanceof RadioNodeList ? [...field].findLast((one) => one.matches("input")) : field;
  if (!shown || shown.type === "hidden") return false;
  form.querySelectorAll(".problem").forEach((old) => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach((old) => old.removeAttribute("aria-invalid"));
  sayBeside(shown, fresh.getElementById(wrong.getAttribute("aria-describedby")).textContent);
  shown.closest("details:not([open])")?.setAttribute("open", "");
  shown.focus();
  return true;
}

// Say what is wrong with a field beside it, in place of what was said before; nothing, when nothing is.
export function sayBeside(field, sentence) {
  const id = `${field.id}-problem`;
  const said = document.getElementById(id);
  if (!sentence) {
    said?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    return;
  }
  const problem = said ?? Object.assign(document.createElement("p"), { className: "problem", id, role: "alert" });
  problem.textContent = sentence;
  if (!said) (field.closest(".line") ?? field).after(problem);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", id);
}

function setBusy(button, isBusy) {
  if (!button?.dataset.busy) return;
  if (isBusy) {
    button.dataset.label = button.innerHTML;
    button.textContent = button.dataset.busy;
  } else {
    button.innerHTML = button.dataset.label;
  }
  button.disabled = isBusy;
}
