// What every page gets where scripts run. Nothing here is needed to read, write or decide anything.
const root = document.documentElement;
root.classList.add("scripted");

const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

/** Says something for a moment, to eyes and to screen readers. */
function toast(text) {
  // Beneath an open dialog nobody would see or hear it.
  const place = [...document.querySelectorAll(".toasts")].at(-1);
  if (!place || !text) return;
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 5000);
}

// Buttons that copy what their data says.
on("click", "[data-copy]", async (button) => {
  const copied = navigator.clipboard?.writeText(button.dataset.copy).then(() => true, () => false);
  // Where the browser does not let it be copied, it is marked for whoever copies it.
  if (await copied) toast(button.dataset.copied);
  else getSelection().selectAllChildren(button.parentElement.querySelector("code, .address"));
});

// What is done from one's own server is asked above the page; where that cannot be, its own page asks.
on("click", 'a[href^="/intent/"]', async (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null);
  const text = answer?.ok && !answer.redirected ? await answer.text() : "";
  const asked = new DOMParser().parseFromString(text, "text/html").querySelector("main > .narrow");
  if (!asked) return location.assign(link.href);
  const heading = document.createElement("h2");
  heading.id = "dialog-heading";
  heading.append(...asked.querySelector("h1").childNodes);
  asked.querySelector("h1").replaceWith(heading);
  asked.querySelector("[data-close]").hidden = false;
  asked.querySelector("#home").autofocus = true;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.setAttribute("closedby", "any");
  const toasts = document.querySelector(".toasts").cloneNode();
  dialog.append(...asked.childNodes, toasts);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});
on("click", "[data-close]", (button) => button.closest("dialog").close());

// Menus close by Escape, by a click elsewhere, and when the focus leaves them.
const menus = () => document.querySelectorAll("details:is(.me, .rest, .react)[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  root.classList.add("working");
});
addEventListener("pageshow", () => {
  root.classList.remove("working");
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
for (const [name, working] of [["htmx:before:request", true], ["htmx:finally:request", false]]) {
  document.addEventListener(name, () => root.classList.toggle("working", working));
}
document.addEventListener("htmx:finally:request", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The title stays in sight while a thread is read.
const mini = document.querySelector(".mini");
const title = document.querySelector(".thread h1");
if (mini && title) {
  const bar = document.querySelector(".top").offsetHeight;
  new IntersectionObserver(([entry]) => {
    mini.hidden = entry.isIntersecting || entry.boundingClientRect.top > bar;
  }, { rootMargin: `-${bar}px 0px 0px` }).observe(title);
}

// Keys for those who read a lot: j and k go through a list, / searches, q quotes, ? says so.
const items = () => [...document.querySelectorAll(".post h3 a, .comments .comment .when a")];
function step(by) {
  const list = items();
  const at = list.indexOf(document.activeElement);
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}
const keys = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.querySelector("#find")?.focus(),
  n: () => document.querySelector("[data-key=n]")?.click(),
  q: () => document.querySelector("#quote-marked:not([hidden])")?.click(),
  "?": () => toast(document.body.dataset.keys),
};
document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input, textarea, select, [contenteditable]");
  if (writes || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

// The shown theme follows the form as it is filled in.
on("input", "[data-preview] input", (input) => {
  const form = input.form;
  clearTimeout(form.later);
  form.later = setTimeout(() => form.querySelector("[data-preview-button]")?.click(), 250);
});

// Moments are told in the reader's own zone; an event's beside that of its place, where they differ.
const clock = new Intl.DateTimeFormat(root.lang, { dateStyle: "long", timeStyle: "short" });
function tellTimes() {
  for (const time of document.querySelectorAll("time[data-own]")) {
    time.textContent = clock.format(new Date(time.dateTime));
    delete time.dataset.own;
  }
  for (const own of document.querySelectorAll("[data-ahead]")) {
    const here = new Date(own.querySelector("time").dateTime).getTimezoneOffset();
    own.hidden = here === -own.dataset.ahead;
  }
}
tellTimes();
document.addEventListener("htmx:finally:request", tellTimes);

// Control and Enter send, as people expect of a field of several lines.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("textarea")?.form.requestSubmit();
  }
});

// How much is new is brought up to date while a page stays open and is looked at; its title says so, too.
const NEWS = 60_000;
const words = document.title;
let heard = Date.now();

const counts = () => [...document.querySelectorAll("[data-unread]")];

/** How much is new altogether; a number stands in several places. */
function tellNews() {
  const places = new Map(counts().map((one) => [one.dataset.unread, Number(one.dataset.count)]));
  const sum = (places.get("/notices") ?? 0) + (places.get("/messages") ?? 0);
  document.title = sum ? `(${sum}) ${words}` : words;
}

async function hear() {
  if (document.hidden || Date.now() - heard < NEWS) return;
  heard = Date.now();
  const answer = await fetch("/news").catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of made.querySelectorAll("[data-unread]")) {
    for (const old of counts()) if (old.dataset.unread === fresh.dataset.unread) old.replaceWith(fresh.cloneNode(true));
  }
  tellNews();
}

if (counts().length) {
  tellNews();
  setInterval(hear, NEWS / 4);
  document.addEventListener("visibilitychange", hear);
}

// A picture beside a title that cannot be had leaves no empty frame; in a link's card it makes room for the sign there.
const BESIDE = ".linked.about > img, .thumb";
const clear = (picture) => (picture.closest(".glimpse") ?? picture).remove();
document.addEventListener("error", ({ target }) => target.matches?.(BESIDE) && clear(target), true);
for (const picture of document.querySelectorAll(BESIDE)) {
  if (picture.complete && !picture.naturalWidth) clear(picture);
}
