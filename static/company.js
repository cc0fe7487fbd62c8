// Keeps the windows of one presentation at the same slide: what is shown, and the speaker's. None of them leads.

// `heard` gets what another window says, { at, isBlank }; `now` tells how this one stands.
export function company(deck, heard, now, signal) {
  const channel = new BroadcastChannel(`lectern-show-${deck}`);
  channel.addEventListener("message", ({ data }) => (data === "where?" ? say() : heard(data)));
  signal.addEventListener("abort", () => channel.close());
  function say() {
    channel.postMessage(now());
  }
  channel.postMessage("where?");
  return say;
}
