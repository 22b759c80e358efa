// Large text: switched at once, kept in a cookie; the form still tells the server for people who are signed in.
import { all } from "./dom.js";

const YEAR_S = 365 * 24 * 3600;

function switchTo(large) {
  document.documentElement.dataset.text = large ? "large" : "usual";
  document.cookie = `text=${large ? "large" : "usual"}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

export function enhance(root) {
  for (const form of all(root, "form[data-text-size]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      switchTo(event.submitter?.value !== "0");
      if (form.getAttribute("action")) return;
      event.preventDefault();
      window.location.reload();
    });
  }
}
