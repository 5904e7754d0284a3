// After a refused form the eye and the focus go to the summary; its links go into the field, opening what hides it.
export function errors(root) {
  const summary = root.querySelector(".error-summary");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const named = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!named) return;
    const field = named.matches("input, select, textarea")
      ? named
      : named.querySelector("input, select, textarea") || named;
    const panel = field.closest("[role=tabpanel][hidden]");
    if (panel) document.getElementById(panel.getAttribute("aria-labelledby")).click();
    const closed = field.closest("details:not([open])");
    if (closed) closed.open = true;
    event.preventDefault();
    field.focus();
  });
}
