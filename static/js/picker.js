// select[data-picker]: type to find one of many options. The select stays the field that is sent.
import { all, element } from "./dom.js";

const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

function optionsOf(select) {
  return [...select.options].filter((option) => option.value).map((option) => {
    const group = option.parentElement.label ?? "";
    return { option, group, label: option.textContent.trim(), found: plain(`${option.textContent}${group}${option.value}`) };
  });
}

class Picker {
  constructor(select) {
    this.select = select;
    this.options = optionsOf(select);
    this.at = -1;
    this.list = element("ul", { role: "listbox", class: "picker-list", id: `${select.id}_list`, hidden: true });
    this.input = element("input", {
      type: "text", class: `form-control${select.matches(".is-invalid") ? " is-invalid" : ""}`, id: `${select.id}_typed`, role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-describedby": select.getAttribute("aria-describedby"),
      "aria-invalid": select.getAttribute("aria-invalid"), placeholder: select.options[0]?.value ? null : select.options[0]?.textContent,
    });
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) label.htmlFor = this.input.id;
    select.hidden = true;
    const box = element("div", { class: "picker" }, this.input, this.list);
    select.after(box);
    this.showChosen();
    select.addEventListener("change", () => this.showChosen());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("input", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => this.open(true));
    this.input.addEventListener("blur", () => this.leave());
    // Before the field loses the focus to it.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.matches[[...this.rows()].indexOf(row)]);
    });
  }

  rows() {
    return this.list.querySelectorAll("[role=option]");
  }

  showChosen() {
    const chosen = this.options.find(({ option }) => option.selected);
    this.input.value = chosen?.label ?? "";
  }

  open(everything = false) {
    const typed = everything ? "" : plain(this.input.value);
    this.matches = this.options.filter(({ found }) => found.includes(typed));
    let group = "";
    const rows = [];
    this.matches.forEach((match, index) => {
      if (match.group !== group) rows.push(element("li", { role: "presentation", class: "picker-group" }, match.group));
      group = match.group;
      rows.push(element("li", { role: "option", id: `${this.list.id}_${index}`, "aria-selected": "false" }, match.label));
    });
    this.list.replaceChildren(...rows);
    this.list.hidden = rows.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.move(typed && this.matches.length ? 0 : -1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(to) {
    this.at = to;
    this.rows().forEach((row, index) => row.setAttribute("aria-selected", String(index === to)));
    const row = this.rows()[to];
    if (!row) return;
    this.input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  choose(match) {
    if (!match) return;
    match.option.selected = true;
    this.showChosen();
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Leaving with a word that fits exactly one option means that option; else the former choice comes back. */
  leave() {
    const typed = plain(this.input.value);
    const fitting = typed ? this.options.filter(({ found, label }) => found.includes(typed) || plain(label) === typed) : [];
    const exact = fitting.find(({ label }) => plain(label) === typed) ?? (fitting.length === 1 ? fitting[0] : null);
    if (exact && !exact.option.selected) this.choose(exact);
    else this.showChosen();
    this.close();
  }

  key(event) {
    if (event.isComposing) return;
    const closed = this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (closed) return this.open(true);
      const last = this.matches.length - 1;
      this.move(event.key === "ArrowDown" ? Math.min(this.at + 1, last) : Math.max(this.at - 1, 0));
    } else if (event.key === "Enter" && !closed && this.at >= 0 && !event.ctrlKey) {
      event.preventDefault();
      this.choose(this.matches[this.at]);
    } else if (event.key === "Escape" && !closed) {
      event.stopPropagation();
      this.showChosen();
      this.close();
    }
  }
}

export function enhance(root) {
  for (const select of all(root, "select[data-picker]")) {
    if (!select.nextElementSibling?.matches(".picker")) new Picker(select);
  }
}
