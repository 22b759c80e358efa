// Answering a survey one card at a time. What was chosen stays in this browser until it is sent, and nowhere else: the server
// gets the whole answer once. Without this the page is one long form.
import { all } from "./dom.js";

const PREFIX = "linsheng:survey:";
const KEPT_MS = 60 * 24 * 3600 * 1000;
const RETRY_MS = 5000;
const MOVE_MS = 180;

const store = {
  read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(PREFIX + key));
      return kept && Date.now() - kept.at < KEPT_MS ? kept : null;
    } catch {
      return null;
    }
  },
  write(key, content) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), ...content }));
    } catch {
      // Private mode or full: the page works, only without resuming.
    }
  },
  clear(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // As above.
    }
  },
};

const inputs = (form) => [...form.elements].filter((field) => field.name?.startsWith("q-"));
const values = (form) => inputs(form).filter((f) => (f.type === "textarea" ? f.value : f.checked)).map((f) => [f.name, f.value]);

function fill(form, kept) {
  for (const field of inputs(form)) {
    const mine = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "textarea") field.value = mine[0] ?? field.value;
    else if (mine.includes(field.value)) field.checked = true;
  }
}

/** Whether a card is asked of this person: its gate was answered so. */
function asked(form, card) {
  if (!card.dataset.gate) return true;
  const chosen = form.querySelector(`[name="${card.dataset.gate}"]:checked`);
  return Boolean(chosen) && card.dataset.gateValues.split(",").includes(chosen.value);
}

const answered = (card) => Boolean(card.querySelector("input:checked")) || Boolean(card.querySelector("textarea")?.value);

class Survey {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.survey;
    this.preview = form.hasAttribute("data-preview");
    this.cards = all(form, "[data-card]");
    this.stops = [form.querySelector("[data-intro]"), ...this.cards, form.querySelector("[data-end]")];
    this.at = 0;
    this.resume();
    all(form, "[data-go], [data-start], [data-progress]").forEach((part) => (part.hidden = false));
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("input", () => this.keep());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("online", () => this.waiting && this.send());
    this.show(false);
  }

  resume() {
    const kept = this.preview ? null : store.read(this.key);
    if (!kept) return;
    fill(this.form, kept.values);
    // The same key as before: sent twice, it is still one answer.
    this.form.elements.key.value = kept.key;
    if (kept.values.length) this.form.querySelector("[data-resumed]").hidden = false;
    this.resumeAt = Math.max(1, this.stops.findIndex((stop) => stop.dataset.card !== undefined && asked(this.form, stop) && !answered(stop) && !(kept.skipped ?? []).includes(stop.dataset.key)));
    if (!kept.values.length) this.resumeAt = 0;
    this.skipped = new Set(kept.skipped ?? []);
  }

  keep() {
    if (this.preview) return;
    store.write(this.key, { values: values(this.form), key: this.form.elements.key.value, skipped: [...(this.skipped ?? [])] });
  }

  shown(stop) {
    return stop.dataset.card === undefined || asked(this.form, stop);
  }

  show(move = true) {
    this.stops.forEach((stop, place) => (stop.hidden = place !== this.at));
    const stop = this.stops[this.at];
    const open = this.cards.filter((card) => asked(this.form, card));
    const number = open.indexOf(stop) + 1;
    const progress = this.form.querySelector("[data-progress]");
    progress.hidden = this.at === 0;
    progress.querySelector("[data-count]").textContent = number ? `${number} / ${open.length}` : "";
    const bar = progress.querySelector("progress");
    bar.max = open.length;
    bar.value = this.at === this.stops.length - 1 ? open.length : Math.max(0, number - 1);
    for (const go of all(stop, "[data-go] button")) go.textContent = answered(stop) ? this.form.dataset.next : (go.dataset.usual ??= go.textContent);
    if (!move) return;
    window.scrollTo({ top: 0 });
    const target = stop.querySelector("input:checked, textarea, legend, h2");
    if (target.tagName === "LEGEND" || target.tagName === "H2") target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  go(step) {
    let next = this.at + step;
    while (this.stops[next] && !this.shown(this.stops[next])) next += step;
    if (!this.stops[next]) return;
    this.at = next;
    this.show();
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (button?.matches("[data-back]")) this.go(-1);
    if (!button?.matches("[data-next]")) return;
    if (this.at === 0 && this.resumeAt) {
      this.at = this.resumeAt;
      this.resumeAt = 0;
      this.show();
      return;
    }
    const key = this.stops[this.at].dataset.key;
    if (key && !answered(this.stops[this.at])) (this.skipped ??= new Set()).add(key);
    this.keep();
    this.go(1);
  }

  /** A tap goes on by itself; arrow keys only choose, so that the keyboard can walk through the choices. */
  changed(event) {
    this.keep();
    const card = event.target.closest("[data-card]");
    if (!card || event.target.type !== "radio") return;
    const go = card.querySelector("[data-go] button");
    go.dataset.usual ??= go.textContent;
    go.textContent = this.form.dataset.next;
    if (this.tapped === event.target) setTimeout(() => this.stops[this.at] === card && this.go(1), MOVE_MS);
  }

  async submit(event) {
    event.preventDefault();
    if (this.preview || this.sending) return;
    this.keep();
    await this.send();
  }

  async send() {
    this.sending = true;
    this.waiting = false;
    let answer = null;
    try {
      answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(new FormData(this.form)), credentials: "same-origin" });
    } catch {
      // No network: below.
    }
    this.sending = false;
    if (answer && answer.status < 500) {
      if (answer.ok) {
        store.clear(this.key);
        location.assign(answer.url);
      } else {
        this.form.submit();
      }
      return;
    }
    this.waiting = true;
    this.form.querySelector("[data-offline]").hidden = false;
    setTimeout(() => this.waiting && this.send(), RETRY_MS);
  }
}

for (const form of all(document, "form[data-survey]")) {
  const survey = new Survey(form);
  // A tap on a label clicks its radio; keys change it without one that has a place.
  form.addEventListener("pointerup", (event) => (survey.tapped = event.target.closest("label")?.querySelector("input") ?? null));
  form.addEventListener("keydown", () => (survey.tapped = null));
}
