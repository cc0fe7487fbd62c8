// The page that shows slides, where it was opened by its address.

import { present } from "./stage.js";

const stage = document.getElementById("show");

present(stage, {
  at: Math.max(1, Math.min(Number(location.hash.slice(1)) || 1, stage.querySelectorAll(".frame").length)),
  turned: (at) => history.replaceState(null, "", `#${at}`),
  left: (at) => location.assign(`${stage.dataset.back}#slide-${at}`),
});
