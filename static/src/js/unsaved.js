// <p data-unsaved="post.12" data-unsaved-mark data-unsaved-person data-unsaved-url> in a form: what is typed into it is kept
// at the server a moment later, and this paragraph says when. data-unsaved-state: the page was `open`ed, answers to the form
// that was `refused`, or to another form `beside` it. Where the server cannot take it, because the session is over
// or the line is down, it stays in this tab alone, and is sent when the form is opened again by the same person.
const WAIT = 1500; // milliseconds after the last letter
const AGAIN = 10_000; // after a try that failed
const NAME = "unsaved:";
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "page_mark"]);

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";
const texts = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));

const same = (some, others) => JSON.stringify(some) === JSON.stringify(others);
const shared = (some, others) => some.filter(([name]) => others.some(([other]) => other === name));

// A browser may forbid it, or have no room.
function remember(place, told) {
  try {
    sessionStorage.setItem(NAME + place, JSON.stringify(told));
  } catch {}
}

function remembered(place) {
  try {
    return JSON.parse(sessionStorage.getItem(NAME + place));
  } catch {
    return null;
  }
}

function forget(place) {
  try {
    sessionStorage.removeItem(NAME + place);
  } catch {}
}

function forgetAll() {
  try {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(NAME))
      .forEach((name) => sessionStorage.removeItem(name));
  } catch {}
}

// What the server said: a status, and its sentence where it kept the texts. 0 where it cannot be reached; a redirect leads
// to the sign-in.
async function send(url, told, keepalive = false) {
  try {
    const answer = await fetch(url, {
      method: "PUT",
      body: JSON.stringify(told),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      redirect: "manual",
      keepalive,
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return { status: 401 };
    return { status: answer.status, told: answer.ok ? (await answer.json()).told : "" };
  } catch {
    return { status: 0 };
  }
}

class Keeper {
  constructor(line) {
    this.line = line;
    this.form = line.closest("form");
    const { unsaved: place, unsavedMark: mark, unsavedPerson: person, unsavedUrl: url } = line.dataset;
    const as = { timer: 0, isLeaving: false, isSending: false, isTyped: false };
    Object.assign(this, { place, mark, person, url, ...as });
    this.kept = texts(this.form);
  }

  begin() {
    // Who goes on typing is still here: the page was not sent after all, or its answer takes its time.
    const later = () => {
      Object.assign(this, { isTyped: true, isLeaving: false });
      this.wait(WAIT);
    };
    this.form.addEventListener("input", later);
    this.form.addEventListener("change", later);
    this.form.addEventListener("submit", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep(true));
    addEventListener("pagehide", () => this.keep(true));
    addEventListener("pageshow", (event) => event.persisted && (this.isLeaving = false));
    const { unsavedState: state } = this.line.dataset;
    if (state === "open") return this.takeBack();
    if (state !== "refused") return;
    forget(this.place);
    Object.assign(this, { kept: [], isTyped: true });
    this.keep();
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), milliseconds);
  }

  told() {
    return { place: this.place, mark: this.mark, person: this.person, texts: texts(this.form) };
  }

  // The page is sent. Whether it arrives is not known here: should it not, the next page finds it in this tab.
  leave() {
    this.isLeaving = true;
    clearTimeout(this.timer);
    remember(this.place, this.told());
  }

  // Where nobody typed, fields that came with a picture since or went with one are nothing that they wrote; a browser that
  // goes back may have filled in the others.
  isKept(now) {
    return this.isTyped ? same(now, this.kept) : same(shared(now, this.kept), shared(this.kept, now));
  }

  async keep(isOnTheWayOut = false) {
    clearTimeout(this.timer);
    const told = this.told();
    if (this.isLeaving || this.isKept(told.texts)) return;
    remember(this.place, told);
    // One after the other: what was typed first must not arrive last.
    if (this.isSending && !isOnTheWayOut) return this.wait(WAIT);
    this.isSending = true;
    const { status, told: sentence } = await send(this.url, told, isOnTheWayOut);
    this.isSending = false;
    const isNewest = same(texts(this.form), told.texts);
    if ((status === 200 && isNewest) || status === 410) forget(this.place);
    if (status === 200) this.kept = told.texts;
    this.say(status, sentence);
    if (status === 0 || status === 401 || status === 429 || status >= 500) this.wait(AGAIN);
  }

  say(status, sentence) {
    const words = this.line.dataset;
    const known = { 200: sentence, 401: words.wordSignedOut, 410: words.wordSent, 413: words.wordTooMuch };
    const told = known[status] ?? words.wordAway;
    if (this.line.textContent === told) return;
    this.line.textContent = told;
    this.line.dataset.state = status === 200 ? "" : "lost";
    if (status !== 401) return;
    const link = document.createElement("a");
    link.href = `/me/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = words.wordSignIn;
    this.line.append(" ", link);
  }

  // What this tab still has of the form: the server gets it, and the page opens with it.
  async takeBack() {
    const left = remembered(this.place);
    if (!left) return;
    if (left.person !== this.person) return forget(this.place);
    const { status } = await send(this.url, left);
    if (status === 200 || status === 410) forget(this.place);
    if (status !== 200 || !same(texts(this.form), this.kept)) return;
    const here = new URL(location.href);
    here.searchParams.set("unsaved", left.mark);
    location.replace(here);
  }
}

export function unsaved(root) {
  root.querySelectorAll("[data-unsaved]:not([data-unsaved-on])").forEach((line) => {
    line.dataset.unsavedOn = "";
    new Keeper(line).begin();
  });
}

// Whoever signs out leaves nothing behind in the tab.
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname === "/me/logout/") forgetAll();
});
