// form[data-draft=KEY]: what was typed stays in this browser until the server has it. A failed network loses nothing.
import { all, element } from "./dom.js";
import { carry, toast } from "./toasts.js";
import { word } from "./words.js";

const PREFIX = "linsheng:draft:";
const KEPT_MS = 7 * 24 * 3600 * 1000;
const SKIPPED = "[type=hidden], [type=password], [type=file], [type=submit], [data-no-draft]";

const storageKey = (form) => `${PREFIX}${form.dataset.draft}`;

function fields(form) {
  return [...form.elements].filter((field) => field.name && !field.matches(SKIPPED));
}

/** What is filled in, as [name, value] pairs. */
function typed(form) {
  return fields(form)
    .filter((field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value))
    .map((field) => [field.name, field.value]);
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < KEPT_MS ? kept.values : null;
  } catch {
    return null; // storage is closed to us, or holds something else: as if there were no draft
  }
}

function write(key, values) {
  try {
    if (values.length) localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(key);
    return values.length > 0;
  } catch {
    return false; // private mode or full: the page still works, only without a draft
  }
}

export function clear(form) {
  write(storageKey(form), []);
}

function fill(form, values) {
  const left = [...values];
  for (const field of fields(form)) {
    const at = left.findIndex(([name, value]) => name === field.name && (!["checkbox", "radio"].includes(field.type) || value === field.value));
    if (at < 0) continue;
    const [[, value]] = left.splice(at, 1);
    if (["checkbox", "radio"].includes(field.type)) field.checked = true;
    else if (!field.value || field.tagName === "SELECT") field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** The line under the form that says what is kept, with a way to throw it away. */
function noteOf(form) {
  const text = element("span");
  const discard = element("button", { type: "button", class: "btn btn-quiet btn-small" }, word("draftDiscard"));
  const note = element("p", { class: "draft-note", role: "status", hidden: true }, text, discard);
  discard.addEventListener("click", () => {
    clear(form);
    form.reset();
    note.hidden = true;
  });
  form.append(note);
  return (message) => {
    text.textContent = message;
    note.hidden = false;
  };
}

/** Sends the form itself, so that a dead network leaves the page, with all photos, as it is. */
async function send(form, submitter) {
  const body = new FormData(form, submitter);
  submitter?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, { method: "POST", body });
    if (answer.status >= 500) return toast(word("server"), "late");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) clear(form);
    return answer.redirected ? goOn(page, answer.url) : showAnswer(page, answer.url);
  } catch {
    return toast(word("network"), "late"); // fetch fails only when no answer came
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

/** To the page that the server named; its toasts were said in the answer that we hold, and are carried over. */
function goOn(page, url) {
  carry([...page.querySelectorAll("#toasts [data-toast]")].map((shown) => [shown.querySelector("p").textContent, shown.className.match(/tone-(\w+)/)?.[1]]));
  window.location.assign(url);
}

/** Puts the answered page (usually the form with its errors) in place of this one; chosen files stay chosen. */
function showAnswer(page, url) {
  const main = page.getElementById("main");
  if (!main) return;
  const old = document.getElementById("main");
  for (const input of old.querySelectorAll("input[type=file]")) {
    const same = main.querySelector(`input[type=file][name="${CSS.escape(input.name)}"]`);
    if (same && input.files.length) same.files = input.files;
  }
  old.replaceWith(document.adoptNode(main));
  document.title = page.title;
  history.replaceState(null, "", url);
  window.htmx?.process(main);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
}

function keep(form) {
  const key = storageKey(form);
  const say = noteOf(form);
  const kept = read(key);
  // A form that came back with errors already holds what was typed.
  if (kept && !form.querySelector(".field-faulty")) {
    fill(form, kept);
    say(word("draftRestored"));
  }
  let timer;
  form.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    clearTimeout(timer);
    timer = setTimeout(() => write(key, typed(form)) && say(word("draftSaved")), 400);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer); // else it would keep once more what the server has by then
    write(key, typed(form));
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  form.addEventListener("htmx:afterRequest", (event) => event.detail.successful && event.target === form && clear(form));
}

export function enhance(root) {
  all(root, "form[data-draft]").forEach(keep);
}
