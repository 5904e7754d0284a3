// Counts a text the way its network does (the ways of networks/kinds.py): <textarea data-counting="mastodon"
// data-limit="500" data-address-length="23" data-byte-limit="3000">. Counted is what is sent of it (sent.js). The server counts again; this only
// tells sooner.
import { follow, sent } from "./sent.js";
import { weightedLength } from "./weighing.js";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const USUAL_ADDRESS = 23; // what an address counts where the server says nothing else
const LINK = /https?:\/\/[^\s<>"]+/giu;
const LINK_END = /[.,;:!?'"»”’]+$/u;
const W = "[\\p{L}\\p{N}_]";
const SERVER = `(?:${W}|-)+`;
const REMOTE_MENTION = new RegExp(
  `(?<!${W}|[/@])(@${W}+(?:(?:${W}|[.-])*${W})?)@${SERVER}(?:\\.${SERVER})*(?::\\d+)?`,
  "gu",
);

const graphemes = (text) => [...segmenter.segment(text)].length;

// Without the sentence's own punctuation, and without a bracket that was opened before the link.
function link(found) {
  const url = found.replace(LINK_END, "");
  if (!url.endsWith(")") || url.includes("(")) return url;
  return url.replace(/\)+$/, "").replace(LINK_END, "");
}

function asMastodon(text, addressLength = USUAL_ADDRESS) {
  let links = 0;
  const rest = text.replace(LINK, (found) => {
    links += 1;
    return found.slice(link(found).length);
  });
  return graphemes(rest.replace(REMOTE_MENTION, "$1")) + links * addressLength;
}

export const WAYS = {
  characters: (text) => [...text].length,
  utf8_bytes: (text) => new TextEncoder().encode(text).length,
  graphemes_and_bytes: graphemes,
  mastodon: asMastodon,
  weighted: weightedLength,
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
  const { text } = sent(field);
  const remaining = Number(field.dataset.limit) - WAYS[field.dataset.counting](text, Number(field.dataset.addressLength) || undefined);
  const bytes = Number(field.dataset.byteLimit || Infinity) - new TextEncoder().encode(text).length;
  return bytes < 0 ? Math.min(remaining, bytes) : remaining;
}

export function counters(root) {
  root.querySelectorAll("[data-counting][data-limit]").forEach((field) => {
    if (!(field.dataset.counting in WAYS)) return;
    const place = output(field);
    follow(field, () => {
      const remaining = left(field);
      const close = remaining <= Number(field.dataset.limit) / 10;
      place.textContent = sentence(field, remaining);
      place.dataset.state = remaining < 0 ? "over" : close ? "close" : "";
      place.setAttribute("aria-live", close ? "polite" : "off");
    });
  });
}
