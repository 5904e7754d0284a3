// Counts a text the way its network does: <textarea data-counting="mastodon|graphemes_and_bytes" data-limit="500"
// data-byte-limit="3000">. The server counts again; this only tells sooner.
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const URL_LENGTH = 23;
const LINK = /https?:\/\/[^\s<>"]+/gu;
const REMOTE_MENTION = /(^|[^\w/])@(\w+(?:[.-]+\w+)*)@[\w.-]+\w/giu;

const graphemes = (text) => [...segmenter.segment(text)].length;

const WAYS = {
  mastodon: (text) => graphemes(text.replace(LINK, "x".repeat(URL_LENGTH)).replace(REMOTE_MENTION, "$1@$2")),
  graphemes_and_bytes: graphemes,
};

function sentence(field, left) {
  const words = left < 0 ? document.body.dataset.wordOver : document.body.dataset.wordLeft;
  return words.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
}

function output(field) {
  const known = document.querySelector(`[data-counter-for="${CSS.escape(field.id)}"]`);
  if (known) return known;
  const made = document.createElement("output");
  made.className = "counter";
  made.dataset.counterFor = field.id;
  made.setAttribute("for", field.id);
  // Spoken only near and over the limit: a count at each letter would drown the typing.
  made.setAttribute("aria-live", "off");
  field.after(made);
  return made;
}

function left(field) {
  const text = field.value.normalize("NFC").replace(/\r\n/g, "\n");
  const remaining = Number(field.dataset.limit) - WAYS[field.dataset.counting](text);
  const bytes = Number(field.dataset.byteLimit || Infinity) - new TextEncoder().encode(text).length;
  return bytes < 0 ? Math.min(remaining, bytes) : remaining;
}

export function counters(root) {
  root.querySelectorAll("[data-counting][data-limit]").forEach((field) => {
    if (!(field.dataset.counting in WAYS)) return;
    const place = output(field);
    const show = () => {
      const remaining = left(field);
      const close = remaining <= Number(field.dataset.limit) / 10;
      place.textContent = sentence(field, remaining);
      place.dataset.state = remaining < 0 ? "over" : close ? "close" : "";
      place.setAttribute("aria-live", close ? "polite" : "off");
    };
    field.addEventListener("input", show);
    show();
  });
}
