// The report in three steps: one at a time, the chosen ones on top to go back to. Without this the form is one page.
import { all } from "./dom.js";

const KEY_PREFIX = "linsheng:report-key:";
const DRAFT_PREFIX = "linsheng:draft:";
let keptFiles = null;

const steps = (form) => all(form, "[data-step]");
const last = (form) => steps(form).length;
// What is chosen on each step but the last one: item and place, or only the item where the place is known from the code scanned.
const choices = (form) => ["item", "place"].slice(0, last(form) - 1);
const chosenLabel = (form, name) => form.querySelector(`[name=${name}]:checked`)?.closest("label").textContent.trim() ?? "";

/** Which step to begin with: the first with an error, else the first that has nothing chosen. */
function firstStep(form) {
  const faulty = steps(form).find((step) => step.matches(".field-faulty") || step.querySelector(".field-faulty, [data-photos-lost]"));
  if (faulty) return Number(faulty.dataset.step);
  if (form.querySelector("[name=seen][value='1']")) return last(form);
  const open = choices(form).findIndex((name) => !chosenLabel(form, name));
  return open < 0 ? last(form) : open + 1;
}

function showChosen(form) {
  const labels = [...choices(form).map((name) => chosenLabel(form, name)), ""];
  all(form, "[data-go]").forEach((button, index) => {
    const text = button.querySelector("span");
    text.textContent = labels[index] || text.dataset.default;
    button.toggleAttribute("data-chosen", Boolean(labels[index]));
    button.disabled = index > 0 && !labels.slice(0, index).every(Boolean);
  });
}

function go(form, number, { focus = true } = {}) {
  for (const step of steps(form)) step.hidden = Number(step.dataset.step) !== number;
  all(form, "[data-go]").forEach((button) => {
    if (Number(button.dataset.go) === number) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
  if (!focus) return;
  const step = form.querySelector(`[data-step="${number}"]`);
  const first = step.querySelector("input:checked, textarea, input[type=radio]");
  first?.focus({ preventScroll: true });
  form.querySelector("[data-report-nav]").scrollIntoView({ block: "nearest" });
}

/** A tap goes on by itself; arrow keys only choose, so that the keyboard can walk through the tiles. */
function goOnByTap(form, event) {
  const step = event.target.closest("[data-step]");
  const number = Number(step?.dataset.step);
  const tile = event.target.closest(".tile");
  if (!tile || number >= last(form) || event.target.tagName !== "INPUT") return;
  const byArrow = event.clientX === 0 && event.clientY === 0;
  if (!byArrow) setTimeout(() => go(form, number + 1), 120);
}

function searchItems(form) {
  const field = form.querySelector("[data-item-search]");
  const input = field.querySelector("input");
  field.hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    const tiles = all(form, "[data-step='1'] .tile");
    for (const tile of tiles) tile.hidden = Boolean(wanted) && !tile.dataset.search.toLowerCase().includes(wanted);
    for (const group of all(form, "[data-group]")) group.hidden = !group.querySelector(".tile:not([hidden])");
    field.querySelector("[data-no-match]").hidden = tiles.some((tile) => !tile.hidden);
  });
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}

/** The key of a form whose sending failed comes back with its draft: sent again, it makes no second case. */
function keepKey(form) {
  const place = form.dataset.draft;
  const fresh = form.elements.key.value;
  const stored = KEY_PREFIX + place;
  try {
    // The server could not read the old one.
    if (form.hasAttribute("data-key-renewed")) localStorage.removeItem(stored);
    else if (localStorage.getItem(DRAFT_PREFIX + place)) form.elements.key.value = localStorage.getItem(stored) ?? fresh;
    else localStorage.removeItem(stored);
    form.addEventListener("submit", () => localStorage.setItem(stored, form.elements.key.value));
    form.addEventListener("reset", () => {
      localStorage.removeItem(stored);
      form.elements.key.value = fresh;
      setTimeout(() => (showChosen(form), go(form, 1)));
    });
  } catch {
    // Storage is closed to us: as without a draft.
  }
}

/** Photos of a form that came back with errors are put in again. */
function keepFiles(form) {
  const input = form.elements.photos;
  if (keptFiles?.length) {
    input.files = keptFiles;
    form.querySelector("[data-photos-lost]")?.remove();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.addEventListener("submit", () => (keptFiles = input.files), true);
}

/** The proposed kind is checked as long as the person has not chosen one. */
function proposeKind(form) {
  let own = Boolean(form.querySelector("[name=kind]:checked")?.value);
  form.addEventListener("change", (event) => (own ||= event.isTrusted && event.target.name === "kind"));
  form.addEventListener("htmx:afterSwap", () => {
    const kind = form.querySelector("[data-hints] [data-kind]")?.dataset.kind;
    const option = kind && form.querySelector(`[name=kind][value="${kind}"]`);
    if (option && !own) option.checked = true;
  });
}

function enhance(form) {
  if (form.hasAttribute("data-ready")) return;
  form.setAttribute("data-ready", "");
  const nav = form.querySelector("[data-report-nav]");
  nav.hidden = false;
  keepKey(form);
  keepFiles(form);
  searchItems(form);
  proposeKind(form);
  form.addEventListener("change", () => showChosen(form));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) go(form, Number(button.dataset.go));
    else goOnByTap(form, event);
  });
  for (const step of steps(form).slice(0, -1)) addNext(form, step);
  showChosen(form);
  go(form, firstStep(form), { focus: false });
}

/** For the keyboard: a button after the tiles. */
function addNext(form, step) {
  const next = form.querySelector("[data-next-step]").content.firstElementChild.cloneNode(true);
  next.addEventListener("click", () => go(form, Number(step.dataset.step) + 1));
  step.append(next);
}

all(document, "form[data-report]").forEach(enhance);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id === "main") all(event.detail.elt, "form[data-report]").forEach(enhance);
});
