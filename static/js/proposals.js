// button[data-take=ITEM], button[data-hurry]: one tap takes what was proposed. Without this they send the form, and it comes back filled in.
import { all } from "./dom.js";

function choose(field, value) {
  const target = field instanceof RadioNodeList ? [...field].find((radio) => radio.value === value) : field;
  if (!target) return false;
  if (target.type === "radio") {
    target.checked = true;
    target.closest("details")?.setAttribute("open", "");
  } else target.value = value;
  target.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// elements.item is a method of the list itself.
function take(button) {
  const { form } = button;
  if (!choose(form.elements.namedItem("item"), button.dataset.take)) return;
  if (form.elements.took) form.elements.took.value = button.dataset.take;
  for (const other of all(form, "[data-take]")) other.setAttribute("aria-pressed", String(other.dataset.take === button.dataset.take));
}

export function once() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-take], [data-hurry]");
    if (!button?.form) return;
    event.preventDefault();
    if (button.dataset.take) take(button);
    else if (choose(button.form.elements.urgency, "emergency")) button.replaceWith(button.dataset.done ?? "");
  });
}

// Hidden, it would still be what Enter presses.
export function enhance(root) {
  for (const button of all(root, "button.no-js[name=propose]")) button.remove();
}
