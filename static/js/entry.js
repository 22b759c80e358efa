// Keying in forms: a figure goes on to the next field by itself, Enter goes on, the arrow up goes back; what the gate question rules
// out is passed over, a figure that is no choice stays to be typed again. Without this Tab does.
import { all } from "./dom.js";

const DIGIT = /^[0-9]$/;
const RATING = /^(?:[02-9]|10)$/;

for (const form of all(document, "form[data-entry]")) {
  const fields = all(form, "input[data-kind], textarea");
  const rows = all(form, "[data-gate]");

  /** Passes over what is only asked of others. An empty gate question rules nothing out. */
  const close = () => {
    for (const row of rows) {
      const gate = form.elements[row.dataset.gate]?.value.trim() ?? "";
      const closed = gate !== "" && !row.dataset.gateKeys.split(",").includes(gate);
      row.classList.toggle("is-closed", closed);
      row.querySelector("input, textarea").disabled = closed;
    }
  };

  const go = (from, step) => {
    // From the button back into the form: to its last field.
    let place = (from ? fields.indexOf(from) : fields.length) + step;
    while (fields[place]?.disabled) place += step;
    const next = fields[place];
    if (next) {
      next.focus();
      next.select?.();
    } else if (step > 0) {
      form.querySelector("[type=submit]").focus();
    }
  };

  /** Whether the field holds a key that is on offer; one that is not is marked, and the next key takes its place. */
  const fits = (field) => {
    const fine = field.dataset.keys.split(",").includes(field.value);
    field.classList.toggle("is-invalid", !fine && field.value !== "");
    field.setAttribute("aria-invalid", String(!fine && field.value !== ""));
    if (!fine) field.select();
    return fine;
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    close();
    if (field.dataset.keys && (DIGIT.test(field.value) || field.value === "") && fits(field)) go(field, 1);
    // 10 is the only rating of two figures: after a 1 the next key says whether it is.
    if (field.dataset.kind === "ten" && RATING.test(field.value)) go(field, 1);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.key === "ArrowUp" && event.target.type === "submit") {
      event.preventDefault();
      go(null, -1);
    }
    if (!fields.includes(event.target)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go(event.target, 1);
    }
    if (event.key === "ArrowUp" && event.target.tagName === "INPUT") {
      event.preventDefault();
      go(event.target, -1);
    }
  });
  close();
  // What was typed before all this was loaded is not lost: it goes on now, or is marked. What the page came with stays.
  const here = document.activeElement;
  if (fields.includes(here) && here.value !== here.defaultValue) here.dispatchEvent(new Event("input", { bubbles: true }));
  form.dataset.ready = "";
}
