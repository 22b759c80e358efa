// [data-ringing]: asks the server which calls ring, and shows their cards. Rests while the page is hidden.
const EVERY = 1200;
const SLOWEST = 30000;

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html").body.childNodes;
}

function listen(place) {
  let seen = "";
  let first = true;
  let wait = EVERY;
  let timer = 0;
  let asking = false;

  async function ask() {
    if (document.hidden || asking) return;
    asking = true;
    try {
      const address = `${place.dataset.ringing}?seen=${encodeURIComponent(seen)}${first ? "&first=1" : ""}`;
      const response = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (response.type === "opaqueredirect" || response.status === 403 || response.headers.has("X-Ringing-Stop")) return void stop();
      if (response.status === 200) {
        seen = response.headers.get("X-Ringing") ?? "";
        place.replaceChildren(...parsed(await response.text()));
      }
      if (response.ok) first = false;
      wait = response.ok ? EVERY : Math.min(wait * 2, SLOWEST);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    } finally {
      asking = false;
    }
    timer = setTimeout(ask, wait);
  }
  const wake = () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  };
  const stop = () => document.removeEventListener("visibilitychange", wake);
  document.addEventListener("visibilitychange", wake);
  // Putting a card away leaves the page, and what was typed there, as it is.
  place.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-put-away]");
    if (!form) return;
    event.preventDefault();
    form.closest("[data-card]").remove();
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    wake();
  });
  ask();
}

export function enhance(root) {
  for (const place of root.querySelectorAll?.("[data-ringing]") ?? []) listen(place);
}
