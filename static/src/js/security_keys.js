// A key that was not touched, or is not this person's, is told on the page: the library tells the console only.
export function securityKeys() {
  document.addEventListener("allauth.error", (event) => {
    const told = document.querySelector("[data-key-failed]");
    if (!told) return;
    event.preventDefault();
    told.hidden = false;
    told.focus();
  });
}
