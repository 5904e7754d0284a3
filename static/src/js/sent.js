// What the network gets of a text field and its link, as networks/composition.py puts them together: the counter and
// the preview ask here, so that both tell what is sent. On the <textarea>: data-text-else (id of the field whose text
// goes out while this one is empty), data-link and data-link-else (ids of the fields of its link), data-link-card where
// a link becomes a card unless the message has media: a file chosen in, or a kept image of, [data-medium].
import { standsIn } from "./web_addresses.js";

const named = (id) => document.getElementById(id || "");
const words = (field) => (field ? field.value.replace(/\r\n/g, "\n").trim() : "");

function address(field) {
  const typed = words(field);
  return !typed || /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed.replace(/^\/\//, "")}`;
}

function media(field) {
  return field.form ? [...field.form.querySelectorAll("[data-medium]")] : [];
}

const isSent = (medium) => (medium.type === "file" ? medium.files.length > 0 : !medium.checked);

export function sent(field) {
  const { textElse, link: own, linkElse, linkCard } = field.dataset;
  const text = words(field) || words(named(textElse));
  const link = address(named(own)) || address(named(linkElse));
  if (link && linkCard !== undefined && !media(field).some(isSent)) return { text, card: link };
  if (!link || standsIn(link, text)) return { text, card: "" };
  return { text: text ? `${text}\n\n${link}` : link, card: "" };
}

// Calls `show` now and whenever something changes of what is sent: a file may also come in later, once it is looked at.
export function follow(field, show) {
  const { textElse, link, linkElse } = field.dataset;
  [field, ...[textElse, link, linkElse].map(named)].forEach((one) => one?.addEventListener("input", show));
  const isMedium = (one) => one.matches("[data-medium]") || one.querySelector("[data-medium]");
  ["change", "htmx:load"].forEach((name) =>
    field.form?.addEventListener(name, (event) => isMedium(event.target) && show()),
  );
  show();
}
