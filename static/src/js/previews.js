// <p class="preview-text" data-preview-of="id_text"> follows what is sent of the field, with links, mentions and tags
// marked as the network marks them, and its .preview-card the link that stands below. Built from text nodes: what
// somebody typed is never read as HTML.
import { follow, sent } from "./sent.js";

const MARKED = /(https?:\/\/[^\s<>"]+|(?<![\w/])[@#][\p{L}\p{N}_][\p{L}\p{N}_.@-]*)/gu;

function render(place, text) {
  const pieces = text.split(MARKED).map((piece, at) => {
    if (at % 2 === 0) return document.createTextNode(piece);
    const mark = document.createElement("span");
    mark.className = "preview-link";
    mark.textContent = piece;
    return mark;
  });
  place.replaceChildren(...pieces);
}

// What was read of the page behind a link (data-of) stands there as long as the link is that one: a stranger's words, as
// the server wrote them, with the signs marked that one does not see.
function renderCard(card, title, link) {
  card.hidden = !link;
  const host = URL.canParse(link) ? new URL(link).hostname : link;
  const isRead = link === card.dataset.of;
  card.querySelector(".preview-card-title").replaceChildren(...(isRead ? title : [host || link]));
  card.querySelector(".preview-card-address").textContent = link;
  const isBare = Boolean(document.querySelector("[data-bare-cards]")?.checked);
  card.querySelectorAll(".preview-card-description").forEach((one) => (one.hidden = !isRead));
  card.querySelectorAll(".preview-card-picture").forEach((one) => (one.hidden = !isRead || isBare));
}

export function previews(root) {
  root.querySelectorAll("[data-preview-of]").forEach((place) => {
    const field = document.getElementById(place.dataset.previewOf);
    if (!field) return;
    const card = place.closest(".preview").querySelector(".preview-card");
    const title = card ? [...card.querySelector(".preview-card-title").childNodes] : [];
    const show = () => {
      const now = sent(field);
      render(place, now.text);
      if (card) renderCard(card, title, now.card);
    };
    follow(field, show);
    root.querySelector("[data-bare-cards]")?.addEventListener("change", show);
  });
}
