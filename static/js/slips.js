// form[data-slips]: slips by keyboard alone. Enter goes on, Ctrl+Enter saves; rows whose sending failed keep their keys.
import { all } from "./dom.js";

const KEYS = "linsheng:slip-keys:";
const DRAFT = "linsheng:draft:";
const shown = (field) => field.offsetParent !== null && !field.disabled;

/** The fields of a row that the keyboard walks through; a picker's own field stands for its select. */
function walk(row) {
  return all(row, "input:not([type=hidden]), select, textarea").filter(shown);
}

function nextRow(row) {
  const next = row.nextElementSibling;
  if (next) walk(next)[0].focus();
  else row.closest("form").querySelector("button[type=submit]").focus();
}

function onEnter(event) {
  const { target, key } = event;
  const row = target.closest("[data-slip-row]");
  if (key !== "Enter" || !row || event.shiftKey || event.isComposing || target.matches("button, [type=file], [role=combobox]")) return;
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) return row.closest("form").requestSubmit();
  if (target.tagName === "TEXTAREA") return nextRow(row);
  const fields = walk(row);
  const after = fields[fields.indexOf(target) + 1];
  if (after) after.focus();
  else nextRow(row);
}

/** The rows' keys come back with their draft: sent again, they make no second case. */
function keepKeys(form) {
  const keys = all(form, "input[type=hidden][name$='-key']");
  const stored = KEYS + form.dataset.draft;
  try {
    const kept = localStorage.getItem(DRAFT + form.dataset.draft) && !form.querySelector(".field-faulty") && JSON.parse(localStorage.getItem(stored));
    if (kept) for (const field of keys) field.value = kept[field.name] ?? field.value;
    form.addEventListener("submit", () => localStorage.setItem(stored, JSON.stringify(Object.fromEntries(keys.map((field) => [field.name, field.value])))));
  } catch {
    // Storage is closed to us: as without a draft.
  }
}

function enhance(form) {
  if (form.hasAttribute("data-ready")) return;
  form.setAttribute("data-ready", "");
  keepKeys(form);
  form.addEventListener("keydown", onEnter);
  const faulty = form.querySelector(".field-faulty input:not([type=hidden]), .field-faulty select, .field-faulty textarea");
  (faulty && shown(faulty) ? faulty : walk(form)[0])?.focus();
}

all(document, "form[data-slips]").forEach(enhance);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id === "main") all(event.detail.elt, "form[data-slips]").forEach(enhance);
});
