// Small helps in forms: the first error in view, characters left, copying, printing, submitting on change, no double send.
import { all, element } from "./dom.js";
import { toast } from "./toasts.js";
import { word } from "./words.js";

const AGAIN_MS = 8000;

/** The sent button rests for a while, so that a slow network does not make two of one. */
function rest(event) {
  const button = event.submitter;
  if (event.defaultPrevented || event.target.method === "get" || !button) return;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => button.removeAttribute("aria-busy"), AGAIN_MS);
}

function countLeft(field) {
  const limit = field.maxLength;
  if (limit < 1) return;
  const note = element("p", { class: "count-left", "aria-live": "polite" });
  const show = () => {
    note.textContent = word("left", { n: limit - field.value.length });
    note.hidden = field.value.length < limit * 0.8;
  };
  field.after(note);
  field.addEventListener("input", show);
  show();
}

/** What is chosen here is not offered there again: ``data-taken-from`` names the other field's boxes. */
function takeOut(select) {
  const boxes = all(select.form, `[type="checkbox"][name="${select.dataset.takenFrom}"]`);
  const show = () =>
    boxes.forEach((box) => {
      const same = box.value === select.value;
      if (same) box.checked = false;
      (box.closest("label") ?? box).hidden = same;
    });
  select.addEventListener("change", show);
  show();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(word("copied"));
}

export function once() {
  document.addEventListener("submit", rest);
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit-on-change]")) event.target.form?.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const copied = event.target.closest("[data-copy]");
    if (copied) copy(copied);
    if (event.target.closest("[data-print]")) window.print();
  });
}

export function enhance(root) {
  all(root, "textarea[maxlength]").forEach(countLeft);
  all(root, "select[data-taken-from]").forEach(takeOut);
  all(root, "[data-copy]").forEach((button) => button.removeAttribute("hidden"));
  all(root, "[data-autofocus]").at(0)?.focus();
}
