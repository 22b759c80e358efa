// form[data-call]: how long the call has lasted, and Ctrl+Enter to send.
import { all } from "./dom.js";

const STALE_SECONDS = 120;
const shown = (seconds) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;

function time(form) {
  const loaded = Date.now();
  let base = Number(form.dataset.elapsed) || 0;
  let since = loaded;
  const elapsed = () => base + Math.floor((Date.now() - since) / 1000);
  const output = form.querySelector("[data-call-shown]");
  form.querySelector("[data-call-timer]").hidden = false;
  const tick = () => {
    if (!form.isConnected) return clearInterval(timer);
    output.textContent = shown(elapsed());
    form.elements.seconds.value = elapsed();
  };
  const timer = setInterval(tick, 1000);
  tick();
  // A form that lay open before anybody called: the call begins with the first key.
  form.addEventListener("input", () => {
    if (elapsed() < STALE_SECONDS || form.elements.text.value.length > 1) return;
    base = 0;
    since = Date.now();
    form.elements.started_at.value = new Date(since).toISOString();
  }, { once: true });
}

export function enhance(root) {
  for (const form of all(root, "form[data-call]")) {
    time(form);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
}
