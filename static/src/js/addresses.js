// What X takes for an address in a text, with or without https:// before it: the same rules as networks/x/addresses.py,
// where they are told. Which endings are real is IANA's list.
import tlds from "tlds";

const ENDINGS = new Set(tlds);
const LONGEST_URL = 4096;
const LONGEST_LABEL = 63;

const SPACES = "\\t-\\r \\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const DIRECTIONS = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
const UNFIT = "\\ufffe\\ufeff\\uffff";
const PUNCTUATION = "\\-!'#%&()*+,\\\\.\\/:;<=>?@\\[\\]\\^_\\{\\|\\}~$";
const LETTER = `[^${PUNCTUATION}${SPACES}${DIRECTIONS}${UNFIT}]`;
const ACCENTS =
  "\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0253\\u0254\\u0256\\u0257\\u0259\\u025b\\u0263\\u0268\\u026f\\u0272" +
  "\\u0289\\u028b\\u02bb\\u0300-\\u036f\\u1e00-\\u1eff";
const PLAIN = `[0-9a-zA-Z${ACCENTS}]`;

const LABEL = new RegExp(`${LETTER}(?:[_\\-]*${LETTER})*`, "uy");
const PLAIN_LABEL = new RegExp(`${PLAIN}(?:-*${PLAIN})*`, "uy");
const ENDING = /(?:[xX][nN]--[-0-9a-zA-Z]+|[a-zA-Z]+)(?![-0-9a-zA-Z@+])/uy;
const BEFORE = `(?<![A-Za-z0-9@\\uff20$#\\uff03${UNFIT}])`;
const START = new RegExp(
  `${BEFORE}(?<protocol>[hH][tT][tT][pP][sS]?://)(?=${LETTER})|${BEFORE}(?<![\\-_.\\/${ACCENTS}])(?=${PLAIN})`,
  "ug",
);
const IN_PATH = `[a-zA-Z0-9\\u0400-\\u04ff!*';:=+,.$\\/%#\\[\\]\\-\\u2013_~@\\|&${ACCENTS}]`;
const BRACKETS = `\\((?:${IN_PATH}+|${IN_PATH}*\\(${IN_PATH}+\\)${IN_PATH}*)\\)`;
const LAST = `[\\-+a-zA-Z0-9\\u0400-\\u04ff=_#\\/${ACCENTS}]`;
const PATH = `\\/(?:(?:${IN_PATH}|${BRACKETS})*(?:${LAST}|${BRACKETS}))?`;
const QUERY = "\\?[a-zA-Z0-9!?*'@();:&=+$\\/%#\\[\\]\\-_.,~\\|]*[\\-a-zA-Z0-9_&=#\\/]";
const REST = new RegExp(`(?::[0-9]+)?(?<path>${PATH})?(?:${QUERY})?`, "uy");

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function hostEnd(text, start, label) {
  let [at, end, before] = [start, null, ""];
  for (let found = match(label, text, at); found; found = match(label, text, at)) {
    const after = at + found[0].length;
    if (before && !before.includes("_")) {
      const ending = match(ENDING, text, at)?.[0].toLowerCase();
      if (ending && (ENDINGS.has(ending) || ending.startsWith("xn--"))) end = at + ending.length;
      else if (ENDINGS.has(found[0])) end = after;
    }
    if (text[after] !== ".") break;
    [before, at] = [found[0], after + 1];
  }
  return end;
}

// The browser knows how a name is written in the domain name system.
function fits(host) {
  try {
    return new URL(`http://${host}`).hostname.split(".").every((label) => label.length <= LONGEST_LABEL);
  } catch {
    return false;
  }
}

// Where each address begins and ends, in order: a Map from the one to the other.
export function addresses(text) {
  const found = new Map();
  for (let at = 0, start = match(START, text, at); start; start = match(START, text, at)) {
    const { protocol } = start.groups;
    const after = start.index + start[0].length;
    const host = hostEnd(text, after, protocol ? LABEL : PLAIN_LABEL);
    if (host === null) {
      at = protocol ? after : after + String.fromCodePoint(text.codePointAt(after)).length;
      continue;
    }
    const rest = match(REST, text, host);
    const end = host + (rest.groups.path || protocol ? rest[0].length : 0);
    if (fits(text.slice(after, host)) && end - start.index <= LONGEST_URL) found.set(start.index, end);
    at = end;
  }
  return found;
}
