// Ticks: how many there are, and Shift for all from one to the next.

let last;

export const ticks = () => [...document.querySelectorAll(".pick input")];
export const ticked = () => ticks().filter((tick) => tick.checked).map((tick) => tick.value);

export function count() {
  const output = document.getElementById("many-count");
  if (output) output.textContent = `${ticked().length} selected`;
}

document.addEventListener("click", (event) => {
  const tick = event.target.closest(".pick input");
  if (!tick) return;
  const all = ticks();
  const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const between of all.slice(from, to + 1)) between.checked = tick.checked;
  last = tick;
  count();
});

document.addEventListener("change", count);
// When it is told, the form is not reset yet.
document.addEventListener("reset", () => setTimeout(count));
document.addEventListener("lectern:shown", count);
