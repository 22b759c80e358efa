// Native dialogs: opened by links that lead to the plain page otherwise; and a question before what cannot be undone.
import { element } from "./dom.js";
import { word } from "./words.js";

/** Shows a dialog built from nodes; it is removed when closed. */
export function showDialog(title, body, className = "dialog") {
  const close = element("button", { type: "button", class: "btn btn-quiet", "data-dialog-close": true, "aria-label": word("close") }, "×");
  const head = element("div", { class: "dialog-head" }, element("h2", { id: "shown-dialog-title" }, title), close);
  const dialog = element("dialog", { class: className, "aria-labelledby": "shown-dialog-title" }, head, element("div", { class: "dialog-body" }, body));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function ask(form, submitter) {
  const yes = element("button", { type: "button", class: "btn btn-primary" }, submitter?.textContent.trim() || word("confirm"));
  const no = element("button", { type: "button", class: "btn btn-plain", "data-dialog-close": true }, word("cancel"));
  const body = element("div", {}, element("p", {}, form.dataset.confirm), element("div", { class: "form-actions" }, no, yes));
  const dialog = showDialog(word("confirm"), body);
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "yes";
    dialog.close();
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  });
}

export function once() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
    if (dialog?.showModal && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
    // A click beside the dialog lands on the dialog element itself.
    if (event.target.matches("dialog.dialog")) event.target.close();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    ask(form, event.submitter);
  }, true);
}
