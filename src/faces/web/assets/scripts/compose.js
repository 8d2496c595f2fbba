// The composer: what is written is kept on the hub, and what is like it shows up while a title is typed.
const form = document.querySelector("form.compose");
const state = form?.querySelector("#draft-state");
const similar = form?.querySelector("#similar");
/** Milliseconds without a key after which a draft is kept, and between two times at least. */
const PAUSE = 3000;
const EVERY = 15_000;
const timers = {};
let keeping = Promise.resolve();
let kept = 0;
let changed = false;
let asked;

function later(name, time, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, time);
}

/** What is filled in, but for files. */
function filled() {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(texts);
}

// What is planned is changed by its button alone, or it would be planned no more.
const keeps = () => changed && !form.dataset.sent && !form.elements.publish_at?.value;

async function keep() {
  if (!keeps()) return;
  changed = false;
  kept = Date.now();
  const answer = await fetch("/drafts/keep", { method: "POST", body: filled(), keepalive: true });
  if (answer.ok) state.innerHTML = await answer.text();
}

async function look(title) {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`/new/similar?title=${encodeURIComponent(title)}`, { signal: asked.signal });
    if (answer.ok) similar.innerHTML = await answer.text();
  } catch (fault) {
    if (fault.name !== "AbortError") throw fault;
  }
}

if (form) {
  const queue = () => (keeping = keeping.then(keep, keep));
  form.addEventListener("input", (event) => {
    changed = true;
    later("keep", Math.max(PAUSE, kept + EVERY - Date.now()), queue);
    if (event.target.name === "title") later("look", 400, () => look(event.target.value));
  });
  form.addEventListener("submit", () => clearTimeout(timers.keep));
  document.addEventListener("visibilitychange", () => document.hidden && queue());
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const zone of form.querySelectorAll("[data-guess]")) if (own) zone.value = own;
}
