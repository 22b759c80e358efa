// Keys: data-shortcut="a" on any control; j k Enter move in [data-rows]; data-key-a="address" on a row for the current row; ? lists them all.
import { element, isTyping } from "./dom.js";
import { showDialog } from "./dialogs.js";
import { word } from "./words.js";

const visible = (control) => control.offsetParent !== null || control.getClientRects().length > 0;
const controls = () => [...document.querySelectorAll("[data-shortcut]")].filter((control) => visible(control) && !control.disabled);
const rows = () => [...document.querySelectorAll("[data-rows] [data-href]")].filter(visible);

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.findIndex((row) => row.hasAttribute("data-current"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all[now]?.removeAttribute("data-current");
  next.setAttribute("data-current", "");
  (next.querySelector("a[href]") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function open() {
  const row = rows().find((candidate) => candidate.hasAttribute("data-current"));
  if (!row || document.activeElement?.closest("[data-href]") !== row) return false;
  window.location.assign(row.dataset.href);
  return true;
}

/** The current row's own address for a key: data-key-a="…"; the table names it with data-label-a="…". */
function openByKey(key) {
  const current = rows().find((candidate) => candidate.hasAttribute("data-current"));
  const address = /^[a-z]$/.test(key) && current?.getAttribute(`data-key-${key}`);
  if (address) window.location.assign(address);
  return Boolean(address);
}

const rowKeys = () => [...document.querySelectorAll("[data-rows]")].filter(visible).flatMap((table) => [...table.attributes])
  .filter(({ name }) => /^data-label-[a-z]$/.test(name)).map(({ name, value }) => [name.at(-1), value]);

function press(key) {
  const control = controls().find((candidate) => candidate.dataset.shortcut === key);
  if (!control) return false;
  if (control.matches("input, textarea, select")) {
    control.focus();
    control.select?.();
  } else control.click();
  return true;
}

/** The list of keys that work on this page, now. */
function help() {
  const fixed = rows().length ? [["j", word("shortcutNext")], ["k", word("shortcutPrevious")], ["Enter", word("shortcutOpen")], ...rowKeys()] : [];
  const own = controls().map((control) => [control.dataset.shortcut, control.dataset.shortcutLabel ?? control.textContent.trim()]);
  const seen = new Map([...own, ...fixed, ["Esc", word("shortcutEscape")], ["?", word("shortcutHelp")]]);
  const lines = [...seen].map(([key, label]) => element("div", {}, element("dt", {}, label), element("dd", {}, element("kbd", {}, key))));
  showDialog(word("shortcuts"), element("dl", { class: "shortcut-list" }, ...lines));
  return true;
}

function act(key) {
  if (key === "?") return help();
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "Enter") return open();
  return openByKey(key) || press(key);
}

export function once() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // On a focused control Enter and Space are its own, but for the link of the current row.
    if (event.key === "Enter" && !event.target.closest("[data-href]") && event.target.closest("a, button, summary")) return;
    if (event.key === "Enter" && event.target.closest("input, button")) return;
    if (act(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcut-help]")) help();
    const row = event.target.closest("[data-rows] [data-href]");
    if (row && !event.target.closest("a, button, input, label, summary, select") && !String(window.getSelection())) window.location.assign(row.dataset.href);
  });
}

export function enhance(root) {
  root.querySelectorAll?.("[data-shortcut-help]").forEach((button) => button.removeAttribute("hidden"));
}
