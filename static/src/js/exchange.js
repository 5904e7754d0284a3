// What htmx needs around it: the CSRF token, words for a failure, and focus after a swap that asks for it.
function say(words) {
  const region = document.getElementById("messages");
  if (!region || !words) return;
  const notice = document.createElement("div");
  notice.className = "notice tone-bad";
  const line = document.createElement("p");
  line.textContent = words;
  notice.append(line);
  region.replaceChildren(notice);
  region.scrollIntoView({ block: "nearest" });
}

export function exchange() {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf-token]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.wordUnreachable));
  document.addEventListener("htmx:responseError", () => say(document.body.dataset.wordFailed));
  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.detail.elt.matches?.("[data-focus]")
      ? event.detail.elt
      : event.detail.elt.querySelector?.("[data-focus]");
    if (wanted) wanted.focus();
  });
}
