// Asking back: a number key chooses that answer of the question at hand and goes on to the next; Enter logs. Without this Tab and arrows do.
import { all } from "./dom.js";

for (const form of all(document, "form[data-asking]")) {
  const names = ["outcome", "contacted", "solved", "satisfied"];
  const radios = (name) => [...form.querySelectorAll(`input[name="${name}"]`)].filter((radio) => radio.getClientRects().length || name === "outcome");
  const open = () => names.find((name) => radios(name).length && !radios(name).some((radio) => radio.checked));
  const goOn = () => (radios(open() ?? "")[0] ?? form.querySelector("button[type=submit], button:not([type])"))?.focus();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const at = event.target;
    if (at.matches("textarea, select, input:not([type=radio])")) return;
    const name = form.contains(at) && names.includes(at.name) ? at.name : open();
    const radio = name && radios(name)[Number(event.key) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.click();
    goOn();
  });
  goOn();
}
