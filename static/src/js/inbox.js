// The inbox by keys: J K next and previous, R answer, A assign, E close, / search, ? all keys. Links and forms do the work.
// Whoever works by voice can switch them off (in the list of keys); the choice stays in this browser.
const OFF = "keys-off";

// A browser may forbid it.
function isOff() {
  try {
    return Boolean(localStorage.getItem(OFF));
  } catch {
    return false;
  }
}

function choose(isOn) {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {}
}

export function inbox(root) {
  const place = root.querySelector("[data-inbox]");
  if (!place) return;
  const items = [...place.querySelectorAll("[data-inbox-item]")];
  const go = (step) => {
    const here = items.findIndex((item) => item.hasAttribute("aria-current") || item === document.activeElement);
    const next = items[here < 0 ? 0 : here + step];
    if (!next) return;
    // On a conversation's page the next one opens; in the list it takes the focus.
    if (place.querySelector("[aria-current]")) next.click();
    else next.focus();
  };
  const focus = (selector) => () => place.querySelector(selector)?.focus();
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    r: focus("[data-inbox-answer] textarea"),
    a: focus("[data-inbox-assign] select"),
    e: focus("[data-inbox-close] input"),
    "/": () => (place.querySelector(".filter-bar [name=q]") ?? document.querySelector("[type=search]"))?.focus(),
    "?": () => document.querySelector("[data-key-help]")?.click(),
  };
  const choice = place.querySelector("[data-keys-on]");
  if (choice) {
    choice.checked = !isOff();
    choice.closest("[hidden]")?.removeAttribute("hidden");
    choice.addEventListener("change", () => choose(choice.checked));
  }
  document.addEventListener("keydown", (event) => {
    if (isOff()) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
