// What keys, clicks and swipes mean while slides are shown. Presenter remotes send PageUp, PageDown, b or ., F5 and Esc.

const KEYS = {
  ArrowRight: "next",
  ArrowDown: "next",
  PageDown: "next",
  " ": "next",
  Enter: "next",
  n: "next",
  ArrowLeft: "previous",
  ArrowUp: "previous",
  PageUp: "previous",
  Backspace: "previous",
  p: "previous",
  Home: "first",
  End: "last",
  b: "blank",
  ".": "blank",
  f: "full",
  F5: "full",
  s: "speaker",
  Escape: "leave",
};
// Pixels.
const SWIPE = 40;

// Calls `does(what, number)` for what somebody wants in `place`, until `signal` is aborted; of digits and Enter, "slide".
export function heed(place, does, signal) {
  heedKeys(does, signal);
  heedButtons(place, does, signal);
  heedPointer(place, does, signal);
}

function heedKeys(does, signal) {
  let digits = "";
  function hear(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // What is not for the slides is not for the page below them either.
    event.stopPropagation();
    const isOnButton = event.target.closest("a, button, summary") && [" ", "Enter"].includes(event.key);
    if (isOnButton) return;
    if (/^[0-9]$/.test(event.key)) {
      digits += event.key;
      return;
    }
    const what = event.key === "Enter" && digits ? "slide" : KEYS[event.key];
    if (what) {
      event.preventDefault();
      does(what, Number(digits));
    }
    digits = "";
  }
  document.addEventListener("keydown", hear, { capture: true, signal });
}

function heedButtons(place, does, signal) {
  function press(event) {
    const button = event.target.closest("[data-does]");
    if (!button) return;
    event.preventDefault();
    // The space bar turns the page once a button was clicked, and does not press it again.
    if (event.detail) place.focus({ preventScroll: true });
    does(button.dataset.does);
  }
  place.addEventListener("click", press, { signal });
}

function heedPointer(place, does, signal) {
  let from;
  let isSwiped = false;
  place.addEventListener("pointerdown", (event) => ([from, isSwiped] = [event, false]), { signal });
  function lift(event) {
    if (!from) return;
    const [across, down] = [event.clientX - from.clientX, event.clientY - from.clientY];
    from = undefined;
    if (Math.abs(across) < SWIPE || Math.abs(across) < Math.abs(down)) return;
    isSwiped = true;
    does(across < 0 ? "next" : "previous");
  }
  function click(event) {
    if (isSwiped || event.target.closest("a, button, summary, .spoken")) return;
    const isBack = event.pointerType === "touch" && event.clientX < innerWidth / 3;
    does(isBack ? "previous" : "next");
  }
  place.addEventListener("pointerup", lift, { signal });
  // A mouse that swipes would drag the picture.
  place.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
  if (place.matches(".show")) place.addEventListener("click", click, { signal });
}

// Which slide of `count` somebody wants who is at `at`; undefined where it is no other slide that is wanted.
export function wanted(what, number, at, count) {
  const to = { next: at + 1, previous: at - 1, first: 1, last: count, slide: number }[what];
  return to === undefined ? undefined : Math.max(1, Math.min(count, to));
}
