// Dropdowns and the drawer are <details>; this closes them on Escape, on a click elsewhere, and when another opens.

const OPEN = "details[data-menu][open], details[data-drawer][open]";

export function once() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(OPEN)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(OPEN);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
