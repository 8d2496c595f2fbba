// A thread that is read along: says how much came since the page was made, and puts it in place when that is wanted.
const line = document.querySelector("[data-live]");
const link = line?.querySelector("a");
const away = link?.getAttribute("href");
let events;
/** Whether something came that is not in place. */
let waits = false;

function say(count, one, more) {
  link.textContent = count === 1 ? one : more.replace("#", count);
  line.hidden = false;
}

function listen() {
  events = new EventSource(line.dataset.live);
  events.addEventListener("thread", (event) => {
    say(JSON.parse(event.data).count, line.dataset.one, line.dataset.more);
    link.href = away;
    waits = true;
  });
}

const idOf = (item) => item.querySelector(":scope > article").id;
/** Where this page has the comment of an item of another copy of it. */
const here = (item) => document.getElementById(idOf(item))?.closest("li");

/** Puts an item of a newer copy of the page in the place that it has there: behind the one before it. */
function put(item) {
  const list = item.parentElement;
  const before = item.previousElementSibling;
  const above = list.closest("li");
  const home = above ? here(above) : document.querySelector("#comments");
  const lists = ":scope > .replies, :scope > .fold > .replies";
  if (before && here(before)) here(before).after(document.importNode(item, true));
  else if (home?.querySelector(lists)) home.querySelector(lists).prepend(document.importNode(item, true));
  else home?.append(document.importNode(list.closest("#comments > .replies, li > .replies, .fold"), true));
}

/** Puts what came where it belongs, as far as it is on this page; gives the comments. */
function merge(page) {
  const isNew = (item) => !document.getElementById(idOf(item));
  const fresh = [...page.querySelectorAll("#comments li:has(> article)")].filter(isNew);
  // Those below another that is new come with it.
  for (const item of fresh) if (isNew(item)) put(item);
  document.querySelector("#comments > .empty")?.remove();
  const found = fresh.map(here).filter(Boolean);
  for (const item of found) {
    globalThis.htmx?.process(item);
    for (let fold = item.closest(".fold"); fold; fold = fold.parentElement.closest(".fold")) fold.open = true;
  }
  return found;
}

async function fetched() {
  const answer = await fetch(location.pathname + location.search);
  return new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
}

async function fill() {
  const page = await fetched();
  const news = page.querySelector("[data-live]");
  const top = link.getBoundingClientRect().top;
  const found = news ? merge(page) : [];
  // What came is on another page of the thread.
  if (found.length === 0) return location.assign(away);
  for (const place of ["#comments-heading", ".mini a[href='#comments']"]) {
    document.querySelector(place).textContent = page.querySelector(place).textContent;
  }
  // One comment needs no order.
  const orders = page.querySelector("#comments > .tabs");
  if (orders && !document.querySelector("#comments > .tabs")) line.after(document.importNode(orders, true));
  say(found.length, line.dataset.putOne, line.dataset.putMore);
  link.href = `#${idOf(found[0])}`;
  scrollBy(0, link.getBoundingClientRect().top - top);
  line.dataset.live = news.dataset.live;
  events.close();
  listen();
}

if (line) {
  listen();
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    // What is in place is led to as by any link.
    if (waits || link.getAttribute("href") === away) event.preventDefault();
    if (!waits) return;
    waits = false;
    fill().catch(() => location.assign(away));
  });
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}
