// The outline of a presentation while its teacher edits it: slides are added, deleted and moved without the server, and
// what was typed is kept in the browser until it was sent.

const form = () => document.getElementById("outline");
const slides = () => [...form().querySelectorAll("ol > li")];
const slideOf = (element) => element.closest?.("#outline ol > li");
const seen = (one) => one.elements.namedItem("seen");
const part = (slide, name) => slide.querySelector(`[data-part=${name}]:not(label)`);
const isEmpty = (slide) => !part(slide, "title").value && !part(slide, "points").value;
let removed = [];

// What is kept, by the presentation: { seen, slides, isSent }.
const keyOf = (id) => `lectern-outline-${id}`;
function kept(id) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(id)));
  } catch {
    return null; // the browser keeps nothing
  }
}
function keep(isSent = false) {
  const typed = slides().map((slide) => [part(slide, "title").value, part(slide, "points").value]);
  const draft = { seen: seen(form()).value, slides: typed, isSent };
  try {
    localStorage.setItem(keyOf(form().dataset.outline), JSON.stringify(draft));
  } catch {
    // the browser keeps nothing
  }
}
const forget = (id) => localStorage.removeItem(keyOf(id));

function say(sentence, verb, label) {
  const said = document.getElementById("outline-said");
  said.textContent = sentence;
  if (!verb) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: label });
  button.dataset.verb = verb;
  said.append(" ", button);
}

function renumber() {
  const all = slides();
  for (const [at, slide] of all.entries()) {
    const number = at + 1;
    for (const name of ["title", "points"]) {
      const field = part(slide, name);
      const problem = document.getElementById(field.getAttribute("aria-describedby"));
      field.id = field.name = `${name}-${number}`;
      slide.querySelector(`label[data-part=${name}]`).htmlFor = field.id;
      if (!problem) continue;
      problem.id = `${field.id}-problem`;
      field.setAttribute("aria-describedby", problem.id);
    }
    for (const button of slide.querySelectorAll("[data-verb]")) button.id = button.value = `${button.dataset.verb}-${number}`;
    for (const told of slide.querySelectorAll("[data-number]")) told.textContent = number;
    slide.querySelector(".grip").hidden = false;
  }
  document.getElementById("outline-count").textContent = all.length === 1 ? "1 slide" : `${all.length} slides`;
}

function blank() {
  const slide = slides()[0].cloneNode(true);
  slide.querySelectorAll(".problem").forEach((problem) => problem.remove());
  for (const name of ["title", "points"]) {
    const field = part(slide, name);
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    field.removeAttribute("autofocus");
    field.value = field.defaultValue = "";
  }
  return slide;
}

function changed() {
  renumber();
  keep();
}

function move(slide, by) {
  const other = by < 0 ? slide.previousElementSibling : slide.nextElementSibling;
  if (!other) return;
  const at = document.activeElement;
  const { selectionStart, selectionEnd } = at;
  other[by < 0 ? "before" : "after"](slide);
  at.focus();
  if (at.matches("input, textarea")) at.setSelectionRange(selectionStart, selectionEnd);
  changed();
  say(`Now slide ${slides().indexOf(slide) + 1} of ${slides().length}.`);
}

function add(slide) {
  const most = Number(form().dataset.slides);
  if (slides().length >= most) return say(`An outline has at most ${most} slides. Delete one before you add another.`);
  const added = blank();
  slide.after(added);
  changed();
  part(added, "title").focus();
  say("Added.");
}

function take(slide) {
  const at = slides().indexOf(slide);
  const standIn = slides().length === 1 ? blank() : undefined;
  if (standIn) slide.after(standIn);
  removed.push({ slide, at, standIn });
  slide.remove();
  changed();
  part(slides()[Math.min(at, slides().length - 1)], "title").focus();
  say(`Slide ${at + 1} is deleted.`, "undo", "Undo");
}

function bringBack() {
  const { slide, at, standIn } = removed.pop();
  if (standIn && isEmpty(standIn)) standIn.remove();
  const before = slides()[at];
  if (before) before.before(slide);
  else form().querySelector("ol").append(slide);
  changed();
  part(slide, "title").focus();
  if (removed.length) say("It is back.", "undo", "Undo the one before, too");
  else say("It is back.");
}

function fill(typed) {
  const model = blank();
  const filled = typed.map(([title, points]) => {
    const slide = model.cloneNode(true);
    part(slide, "title").value = title;
    part(slide, "points").value = points;
    return slide;
  });
  form().querySelector("ol").replaceChildren(...filled);
}

const VERBS = { up: (slide) => move(slide, -1), down: (slide) => move(slide, 1), add, delete: take, undo: bringBack, forget: startAnew };

function startAnew() {
  const id = document.querySelector("article.face").id.slice(2);
  forget(id);
  location.reload();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#outline [data-verb], #typed [data-verb]");
  if (!button) return;
  event.preventDefault();
  VERBS[button.dataset.verb](slideOf(button));
});

document.addEventListener("input", (event) => {
  if (event.target.closest("#outline")) keep();
});

document.addEventListener("keydown", (event) => {
  const slide = slideOf(event.target);
  if (!slide) return;
  const isTitle = event.target.dataset.part === "title";
  if (event.altKey && event.key === "ArrowUp") move(slide, -1);
  else if (event.altKey && event.key === "ArrowDown") move(slide, 1);
  else if (isTitle && event.key === "Enter" && !event.isComposing) part(slide, "points").focus();
  else if (event.key === "Backspace" && isEmpty(slide) && "part" in event.target.dataset && slides().length > 1) take(slide);
  else return;
  event.preventDefault();
});

let dragged;
document.addEventListener("dragstart", (event) => {
  if (!event.target.matches?.("#outline .grip")) return;
  dragged = slideOf(event.target);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", part(dragged, "title").value);
  event.dataTransfer.setDragImage(dragged, 0, 0);
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const over = slideOf(event.target);
  if (!over || over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("drop", (event) => dragged && event.preventDefault());
document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("dragged");
  changed();
  say(`Now slide ${slides().indexOf(dragged) + 1} of ${slides().length}.`);
  dragged = undefined;
});

document.addEventListener("submit", ({ target, submitter }) => {
  if (target.id === "outline" && ["make", "keep"].includes(submitter?.value)) keep(true);
});

// The page is about to be another: what is typed stays in its form unless that has come of sending it, and beside what
// has become of the presentation when somebody else has answered.
document.addEventListener("lectern:before", ({ detail: fresh }) => {
  const [old, next] = [form(), fresh.getElementById("outline")];
  if (!next) return leave(fresh);
  if (old?.dataset.outline !== next.dataset.outline) return;
  const draft = kept(old.dataset.outline);
  const hasArrived = !draft || (draft.isSent && !old.querySelector("[aria-invalid]"));
  if ("answer" in next.dataset || (hasArrived && seen(old).value !== seen(next).value)) old.replaceWith(document.importNode(next, true));
});

function leave(page) {
  const id = page.querySelector("article.face")?.id.slice(2);
  const draft = id && kept(id);
  if (!draft) return;
  const typed = page.getElementById("typed") ?? (draft.isSent ? null : leftover(page, draft));
  if (!typed) return forget(id);
  draft.isSent = false;
  localStorage.setItem(keyOf(id), JSON.stringify(draft));
}

// As the server has it on the page that answers whoever was too late.
function leftover(page, draft) {
  const typed = Object.assign(page.createElement("section"), { id: "typed" });
  typed.setAttribute("aria-labelledby", "typed-name");
  const make = (name, text, also) => typed.append(Object.assign(page.createElement(name), { textContent: text, ...also }));
  make("h2", "What you had typed", { id: "typed-name" });
  make("p", "This outline waits for no answer any more, so this was not kept. It stands here for you to copy.", { className: "problem" });
  make("pre", draft.slides.map((slide) => slide.join("\n")).join("\n\n"), { tabIndex: 0, dir: "auto", role: "region", ariaLabel: "Your outline" });
  make("button", "Throw it away", { type: "button", className: "btn" });
  typed.lastChild.dataset.verb = "forget";
  page.querySelector("article.face").after(typed);
  return typed;
}

// A form that is shown for the first time: what was typed before is in it again.
function begin() {
  const one = form();
  if (!one || one.isBegun) return;
  one.isBegun = true;
  removed = [];
  const draft = kept(one.dataset.outline);
  const hasArrived = draft?.isSent && draft.seen !== seen(one).value;
  if ("answer" in one.dataset) keep();
  else if (hasArrived) forget(one.dataset.outline);
  else if (draft) {
    fill(draft.slides);
    seen(one).value = draft.seen;
    say("What you had typed and not sent is shown.", "forget", "Show what is kept instead");
  }
  renumber();
}

document.addEventListener("lectern:shown", begin);
if (!form()) leave(document);
begin();
