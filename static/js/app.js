// The entry of every page: switches on what the page's data attributes ask for. Without it every page still works.
import * as bulk from "./bulk.js";
import * as calls from "./calls.js";
import * as charts from "./charts.js";
import * as csrf from "./csrf.js";
import * as dialogs from "./dialogs.js";
import * as draft from "./draft.js";
import * as forms from "./forms.js";
import * as menus from "./menus.js";
import * as photo from "./photo.js";
import * as picker from "./picker.js";
import * as proposals from "./proposals.js";
import * as push from "./push.js";
import * as ringing from "./ringing.js";
import * as shortcuts from "./shortcuts.js";
import * as shrink from "./shrink.js";
import * as steps from "./steps.js";
import * as textsize from "./textsize.js";
import * as toasts from "./toasts.js";

const modules = [csrf, toasts, dialogs, menus, forms, draft, photo, shrink, bulk, shortcuts, textsize, charts, steps, picker, calls, ringing, proposals, push];

document.documentElement.classList.add("js");
// once(): listeners on the whole document; enhance(root): the parts of a piece of page, first all of it, then what htmx brings.
for (const module of modules) module.once?.();
const enhance = (root) => modules.forEach((module) => module.enhance?.(root));
enhance(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enhance(event.detail.elt);
});
