// Says that a text has become too long for its field while it is typed or pasted, and that a file is too large as soon as
// it is chosen, and not only once they are sent.

import { sayBeside } from "./forms.js";

// Milliseconds of rest before it is counted: a screen reader reads each sentence out.
const REST = 300;
const timers = new WeakMap();

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.longest) return;
  clearTimeout(timers.get(target));
  timers.set(
    target,
    setTimeout(() => count(target), REST),
  );
});

function count(field) {
  const longest = Number(field.dataset.longest);
  // As it is sent and counted by the server: with two characters for each line break, and one for each emoji.
  const { length } = [...field.value.trim().replaceAll("\n", "\r\n")];
  if (length > longest) sayBeside(field, `Expected at most ${longest} characters, got ${length}.`);
  else if (field.dataset.over) sayBeside(field, "");
  field.dataset.over = length > longest ? "over" : "";
}

document.addEventListener("change", ({ target }) => {
  const most = Number(target.dataset?.most);
  if (!most) return;
  const isTooLarge = target.files[0]?.size > most;
  const said = isTooLarge ? `Expected at most ${Number((most / 1e6).toPrecision(3))} MB. Make its pictures and films smaller.` : "";
  sayBeside(target, said);
  // Choosing the same file again, once it is smaller, is a change only where none is chosen.
  if (isTooLarge) target.value = "";
});
