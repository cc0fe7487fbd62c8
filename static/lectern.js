// What makes the pages quick and alive. Without it every one of them works as well.

import "./zone.js";
import "./page.js";
import "./forms.js";
import "./lengths.js";
import "./asking.js";
import "./material.js";
import "./draft.js";
import "./menus.js";
import "./select.js";
import "./drag.js";
import "./keys.js";
import "./search.js";
import "./outline.js";
import "./news.js";
import "./viewer.js";
import "./toasts.js";
import "./usual.js";
