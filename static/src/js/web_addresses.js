// Where a web address begins and ends in a text: the same rules as networks/web_addresses.py, where they are told.
const LETTER = "[\\p{L}\\p{M}\\p{N}]";
const LABEL = `${LETTER}(?:[\\p{L}\\p{M}\\p{N}_\\-]*${LETTER})?`;
const IN_PATH = "[^\\s<>()?]";
const BEYOND = "\\u00a0-\\u{10fffd}";
const START = new RegExp(
  `(?<![A-Za-z0-9@\\uff20$#\\uff03\\ufffe\\ufeff\\uffff])[hH][tT][tT][pP][sS]?://(?:${LABEL}\\.)+\\p{L}(?:[\\p{L}\\p{M}\\p{N}\\-]*${LETTER})?` +
    "(?::[0-9]+)?",
  "ug",
);
const PATH = new RegExp(`/(?:${IN_PATH}|\\(${IN_PATH}+\\)|\\(${IN_PATH}*\\(${IN_PATH}+\\)${IN_PATH}*\\))*`, "uy");
const QUERY = new RegExp(`\\?[a-zA-Z0-9!?*'();:&=+$/%#\\[\\]\\-_.,~\\|@\\^${BEYOND}]*`, "uy");
const AFTER_PATH = /[?!*"'「」<>;:=,.$%[\]~&|@]+$/u;
const AFTER_QUERY = new RegExp(`[^a-zA-Z0-9_&=#/\\-${BEYOND}]+$`, "u");

function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function endOf(text, at) {
  const path = at + match(PATH, text, at).replace(AFTER_PATH, "").length;
  return path + match(QUERY, text, path).replace(AFTER_QUERY, "").length;
}

// Pairs of begin and end, in order.
export function webAddresses(text) {
  const found = [];
  START.lastIndex = 0;
  for (let start = START.exec(text); start; start = START.exec(text)) {
    const end = endOf(text, START.lastIndex);
    found.push([start.index, end]);
    START.lastIndex = end;
  }
  return found;
}

function meant(address) {
  const parts = /^([a-z][a-z0-9+.\-]*):\/\/([^/?#]*)(.*)$/isu.exec(address);
  if (!parts) return address;
  const rest = /^[?#]|^$/u.test(parts[3]) ? `/${parts[3]}` : parts[3];
  return `${parts[1].toLowerCase()}://${parts[2].toLowerCase()}${rest.replace(AFTER_PATH, "")}`;
}

// Whether the text says the address as a whole, not as the beginning of a longer one.
export function standsIn(address, text) {
  return webAddresses(text).some(([begin, end]) => meant(text.slice(begin, end)) === meant(address));
}
