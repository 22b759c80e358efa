// Toasts: short messages that say what happened, and what to do when a request failed. Nothing on the page is lost.
import { all, element, icon } from "./dom.js";
import { word } from "./words.js";

const LOOKS = { late: "alert-triangle", soon: "alert-circle", done: "circle-check", waiting: "info-circle" };
const STAYS_MS = 6000;

/** Shows a toast; those that report trouble stay until they are closed. */
export function toast(text, tone = "done") {
  const box = document.getElementById("toasts");
  if (!box || [...box.children].some((other) => other.textContent.trim() === text)) return;
  const close = element("button", { type: "button", class: "btn btn-quiet btn-small", "data-toast-close": true, "aria-label": word("close") }, icon("x"));
  const made = element("div", { class: `toast tone-${tone}`, "data-toast": true }, icon(LOOKS[tone] ?? LOOKS.waiting), element("p", {}, text), close);
  box.append(made);
  enhance(made);
}

const STATUS_WORDS = { 401: "forbidden", 403: "forbidden", 404: "gone", 409: "conflict", 413: "large", 429: "often" };

/** The word for an answer with this HTTP status. */
export function wordOfStatus(status) {
  return STATUS_WORDS[status] ?? (status >= 500 ? "server" : "refused");
}

/** What the server said itself, if its answer is a problem or carries a reason. */
function reasonOf(xhr) {
  try {
    return JSON.parse(xhr.responseText).detail;
  } catch {
    return new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-reason]")?.textContent.trim();
  }
}

const CARRIED = "linsheng:toasts";

/** Keeps toasts ([text, tone] pairs) for the next page. */
export function carry(toasts) {
  if (toasts.length) sessionStorage.setItem(CARRIED, JSON.stringify(toasts));
}

function showCarried() {
  const kept = JSON.parse(sessionStorage.getItem(CARRIED) ?? "[]");
  sessionStorage.removeItem(CARRIED);
  for (const [text, tone] of kept) toast(text, tone);
}

export function once() {
  showCarried();
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    toast(reasonOf(xhr) || word(wordOfStatus(xhr.status)), "late");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => toast(word("network"), "late"));
  }
  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
  });
}

export function enhance(root) {
  for (const shown of all(root, "[data-toast]")) {
    shown.querySelector("[data-toast-close]")?.removeAttribute("hidden");
    if (!shown.matches(".tone-late, .tone-soon")) setTimeout(() => shown.matches(":hover, :focus-within") || shown.remove(), STAYS_MS);
  }
}
