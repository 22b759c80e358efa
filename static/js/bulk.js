// form[data-bulk]: how many rows are checked, all at once, and a range with Shift.
import { all } from "./dom.js";

const ROW = "tbody input[type=checkbox][name]";

function refresh(form) {
  const rows = [...form.querySelectorAll(ROW)];
  const checked = rows.filter((row) => row.checked).length;
  const bar = form.querySelector("[data-bulkbar]");
  if (bar) {
    bar.toggleAttribute("data-some", checked > 0);
    const label = bar.querySelector("[data-bulk-label]");
    label.textContent = label.dataset.bulkLabel.replace("{n}", checked);
  }
  const everything = form.querySelector("[data-check-all]");
  if (everything) {
    everything.hidden = false;
    everything.checked = checked > 0 && checked === rows.length;
    everything.indeterminate = checked > 0 && checked < rows.length;
  }
}

function start(form) {
  let last = null;
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) {
      form.querySelectorAll(ROW).forEach((row) => { row.checked = event.target.checked; });
    }
    refresh(form);
  });
  form.addEventListener("click", (event) => {
    if (!event.target.matches(ROW)) return;
    const rows = [...form.querySelectorAll(ROW)];
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(event.target)].sort((a, b) => a - b);
      rows.slice(from, to + 1).forEach((row) => { row.checked = event.target.checked; });
    }
    last = event.target;
    refresh(form);
  });
  refresh(form);
}

export function enhance(root) {
  all(root, "form[data-bulk]").forEach(start);
  const within = root.closest?.("form[data-bulk]");
  if (within && within !== root) refresh(within);
}
