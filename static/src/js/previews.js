// <p class="preview-text" data-preview-of="id_text"> follows the field, with links, mentions and tags marked as the
// network marks them. Built from text nodes: what somebody typed is never read as HTML.
const MARKED = /(https?:\/\/[^\s<>"]+|(?<![\w/])[@#][\p{L}\p{N}_][\p{L}\p{N}_.@-]*)/gu;

function render(place, text) {
  const pieces = text.split(MARKED).map((piece, at) => {
    if (at % 2 === 0) return document.createTextNode(piece);
    const mark = document.createElement("span");
    mark.className = "preview-link";
    mark.textContent = piece.replace(/^https?:\/\/(www\.)?/, "");
    return mark;
  });
  place.replaceChildren(...pieces);
}

export function previews(root) {
  root.querySelectorAll("[data-preview-of]").forEach((place) => {
    const field = document.getElementById(place.dataset.previewOf);
    if (!field) return;
    // An empty field may stand for another one: a variant that says the core text.
    const other = document.getElementById(place.dataset.previewElse || "");
    const show = () => render(place, field.value || (other ? other.value : ""));
    [field, other].filter(Boolean).forEach((source) => source.addEventListener("input", show));
    show();
  });
}
