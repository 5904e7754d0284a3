// Optional: shows new messages without a reload, when the reader ticks the box. The page works without it.
"use strict";

const box = document.getElementById("refresh");
const EVERY = 5000;

function remembered() {
  try { return sessionStorage.getItem("refresh") === "on"; } catch { return false; }
}

function remember(on) {
  try { sessionStorage.setItem("refresh", on ? "on" : "off"); } catch { /* private window: nothing to keep */ }
}

async function refresh() {
  const stream = document.getElementById("stream");
  // Whoever stands inside a message keeps their place.
  if (!box.checked || document.hidden || stream.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("stream");
  if (!fresh || fresh.innerHTML === stream.innerHTML) return;
  stream.replaceChildren(...fresh.childNodes);
  const news = document.getElementById("news");
  news.textContent = "";
  requestAnimationFrame(() => { news.textContent = news.dataset.news; });
}

if (box) {
  box.closest("label").hidden = false;
  box.checked = remembered();
  box.addEventListener("change", () => { remember(box.checked); refresh(); });
  setInterval(() => { refresh().catch(() => { /* the server is away: the next round tries again */ }); }, EVERY);
}
