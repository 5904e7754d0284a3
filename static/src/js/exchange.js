// What htmx needs around it: the CSRF token, words for a failure, and focus after a swap that asks for it.
// A part that looks after itself ([data-live]) is quiet: it never takes the eye, and never takes a page away.
function say(words, { quietly = false } = {}) {
  const region = document.getElementById("messages");
  if (!region || !words || region.textContent.includes(words)) return;
  const notice = document.createElement("div");
  notice.className = "notice tone-bad";
  const line = document.createElement("p");
  line.textContent = words;
  notice.append(line);
  region.replaceChildren(notice);
  if (!quietly) region.scrollIntoView({ block: "nearest" });
}

const isLive = (event) => event.detail.elt.matches("[data-live]");

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const usual = [...field.options].filter((option) => option.defaultSelected);
  if (!usual.length && !field.multiple) return field.selectedIndex > 0;
  return [...field.options].some((option) => option.selected !== option.defaultSelected);
}

const isTyped = () => [...document.querySelectorAll("main textarea, main input, main select")].some(isChanged);

// No way back by itself: the session is over, or the thing is out of sight. A server that stumbles is asked again.
function stop(part, words) {
  part.dataset.live = "off";
  say(words, { quietly: true });
}

function live() {
  const words = document.body.dataset;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isLive(event) && (document.hidden || event.detail.elt.dataset.live === "off")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isLive(event) || !event.detail.xhr.getResponseHeader("HX-Redirect") || !isTyped()) return;
    event.preventDefault();
    stop(event.detail.elt, words.wordSignedOut);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, xhr } = event.detail;
    if (!isLive(event) || xhr.status < 400) return;
    event.detail.shouldSwap = false;
    if (xhr.status < 500) stop(elt, words.wordStill);
  });
}

export function exchange() {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf-token]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:sendError", (event) => isLive(event) || say(document.body.dataset.wordUnreachable));
  document.addEventListener("htmx:responseError", (event) => isLive(event) || say(document.body.dataset.wordFailed));
  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.detail.elt.matches?.("[data-focus]")
      ? event.detail.elt
      : event.detail.elt.querySelector?.("[data-focus]");
    if (wanted) wanted.focus();
  });
  live();
}
