// <a href="#confirm" data-dialog>…</a> opens <dialog id="confirm">; the browser keeps the focus inside and gives it back.
// Without script the same link shows the dialog in place (:target).
export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.hash.slice(1)).showModal();
    }
    const closer = event.target.closest("[data-dialog-close]");
    const dialog = closer && closer.closest("dialog[open]");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  });
}
