// Photos: those just chosen are shown small and can be taken back; those on the page open large.
import { all, element, icon } from "./dom.js";
import { showDialog } from "./dialogs.js";
import { word } from "./words.js";

/** The chosen files without the one at `index`. */
function without(files, index) {
  const kept = new DataTransfer();
  [...files].forEach((file, at) => at !== index && kept.items.add(file));
  return kept.files;
}

function preview(input, list) {
  list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  list.replaceChildren(
    ...[...input.files].map((file, index) => {
      const remove = element("button", { type: "button", class: "photo-remove", "aria-label": `${word("remove")} ${file.name}` }, icon("x"));
      remove.addEventListener("click", () => {
        input.files = without(input.files, index);
        preview(input, list);
        input.focus();
      });
      return element("li", {}, element("img", { src: URL.createObjectURL(file), alt: file.name, width: 96, height: 96 }), remove);
    }),
  );
  list.hidden = input.files.length === 0;
}

function openLarge(link) {
  const image = link.querySelector("img");
  showDialog(image.alt, element("img", { src: link.href, alt: image.alt }), "dialog photo-dialog");
}

export function once() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openLarge(link);
  });
}

export function enhance(root) {
  for (const input of all(root, "input[data-photo-input]")) {
    const list = input.parentElement.querySelector("[data-photo-preview]");
    input.addEventListener("change", () => preview(input, list));
    // After "back" the browser may still hold the files.
    if (input.files.length) preview(input, list);
  }
}
