// Everything here makes a working page nicer; no page depends on it.
import { counters } from "./counters.js";
import { dialogs } from "./dialogs.js";
import { errors } from "./errors.js";
import { exchange } from "./exchange.js";
import { inbox } from "./inbox.js";
import { menus } from "./menus.js";
import { previews } from "./previews.js";
import { prices } from "./prices.js";
import { searching } from "./searching.js";
import { securityKeys } from "./security_keys.js";
import { selection } from "./selection.js";
import { tabs } from "./tabs.js";
import { theme } from "./theme.js";
import { unsaved } from "./unsaved.js";

document.documentElement.classList.add("scripted");

// Run over the page, and over each part that htmx brings in later.
const parts = [counters, previews, prices, tabs, errors, selection, inbox, unsaved];
const enliven = (root) => parts.forEach((part) => part(root));

theme();
menus();
dialogs();
exchange();
searching();
securityKeys();
enliven(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enliven(event.detail.elt);
});
