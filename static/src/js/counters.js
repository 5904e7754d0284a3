// Counts a text the way its network does (the ways of networks/kinds.py): <textarea data-counting="mastodon"
// data-limit="500" data-address-length="23" data-byte-limit="3000">. Counted is what is sent of it (sent.js). The server counts again; this only
// tells sooner.
import { follow, sent } from "./sent.js";
import { webAddresses } from "./web_addresses.js";
import { weightedLength } from "./weighing.js";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const USUAL_ADDRESS = 23; // what an address counts where the server says nothing else
const WORD = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}";
// Those whom a text names, as Mastodon's server finds them, and what they may not be followed by.
const MENTION = new RegExp(
  `(?<![=/${WORD}])(@[a-zA-Z0-9_]+(?:[.\\-]+[a-zA-Z0-9_]+)*)(?:@[${WORD}]+(?:[.\\-]+[${WORD}]+)*)?`,
  "gu",
);
const NO_MENTION = /^(?:[@\uff20\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff]|:\/\/)/u;

const graphemes = (text) => [...segmenter.segment(text)].length;

function asMastodon(text, addressLength = USUAL_ADDRESS) {
  const priced = webAddresses(text).map(([begin, end]) => [begin, end, "x".repeat(addressLength)]);
  const mentions = [...text.matchAll(MENTION)]
    .map((found) => [found.index, found.index + found[0].length, found[1]])
    .filter(([, end]) => !NO_MENTION.test(text.slice(end, end + 3)));
  let [counted, at] = ["", 0];
  for (const [begin, end, words] of [...priced, ...mentions].sort((one, other) => one[0] - other[0])) {
    if (begin < at) continue;
    counted += text.slice(at, begin) + words;
    at = end;
  }
  return graphemes(counted + text.slice(at));
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
  const remaining =
    Number(field.dataset.limit) - WAYS[field.dataset.counting](text, Number(field.dataset.addressLength) || undefined);
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
