// The workboard and the steps of a case. In a dialog the first field is ready for typing; button[data-insert=ID] puts its words where the cursor is.
import { all } from "./dom.js";

const FIELDS = "input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea, select, input[type=radio]:checked, input[type=radio]";

function insert(field, text) {
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // The first gap is what to fill in next.
  const gap = field.value.indexOf("……", from);
  field.focus();
  if (gap >= 0) field.setSelectionRange(gap, gap + 2);
}

export function once() {
  // A filter's address holds only what was chosen: it is kept as a bookmark.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb !== "get" || !detail.elt.matches?.(".board-filter")) return;
    for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const field = button && document.getElementById(button.dataset.insert);
    if (field) insert(field, button.lastChild.textContent.trim());
  });
}

export function enhance(root) {
  // On a phone the chosen tab may lie outside the row.
  for (const tab of all(root, ".tabs [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40;
  for (const step of all(root, "dialog #step-content")) {
    if (step.contains(document.activeElement)) continue;
    const fields = [...step.querySelectorAll(FIELDS)].filter((field) => field.getClientRects().length);
    const ready = fields.find((field) => field.type !== "radio") ?? fields.find((field) => field.checked) ?? fields[0];
    (ready ?? step.querySelector("button[type=submit]"))?.focus();
  }
}
