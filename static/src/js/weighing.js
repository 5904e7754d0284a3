// How long a text is to X, in whole characters: the same sums as networks/x/weighing.py, where they are explained.
import { addresses } from "./addresses.js";

const SCALE = 100;
const HEAVY = 200;
const LIGHT = 100;
const URL_WEIGHT = 23 * SCALE;
const LIGHT_RANGES = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];
const PICTURE =
  "(?:(?![#*0-9])\\p{Emoji}\\p{Emoji_Modifier}|\\p{Emoji_Presentation}\\uFE0F?|(?![#*0-9])\\p{Emoji}\\uFE0F" +
  "|(?![#*0-9\\u00A9\\u00AE])\\p{Emoji}(?!\\uFE0E))";
const EMOJI = new RegExp(
  "[#*0-9]\\uFE0F?\\u20E3|\\p{Regional_Indicator}{2}|\\u{1F3F4}[\\u{E0020}-\\u{E007E}]+\\u{E007F}" +
    `|${PICTURE}(?:\\u200D${PICTURE})*`,
  "uy",
);

const weightOf = (code) => (LIGHT_RANGES.some(([first, last]) => first <= code && code <= last) ? LIGHT : HEAVY);

export function weightedLength(given) {
  const text = given.normalize("NFC");
  const urls = addresses(text);
  let weight = 0;
  for (let at = 0; at < text.length;) {
    EMOJI.lastIndex = at;
    const emoji = urls.has(at) ? null : EMOJI.exec(text);
    const sign = String.fromCodePoint(text.codePointAt(at));
    weight += urls.has(at) ? URL_WEIGHT : emoji ? HEAVY : weightOf(sign.codePointAt(0));
    at = urls.get(at) ?? at + (emoji?.[0] ?? sign).length;
  }
  return Math.floor(weight / SCALE);
}
