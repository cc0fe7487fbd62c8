// Tells the server in which time zone to write its times.

import { ROOT } from "./root.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (!document.cookie.split("; ").includes(`zone=${zone}`)) {
  document.cookie = `zone=${zone}; path=${ROOT}; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}
