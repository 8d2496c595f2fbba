// What is typed into an answer is kept on the hub while somebody writes, and when they leave.
/** Milliseconds without a key after which it is kept, and between two times at least. */
const PAUSE = 1500;
const EVERY = 10_000;
/** The most letters that a browser sends while the page goes away. */
const LAST = 60_000;
const states = new Map();

function stateOf(form) {
  if (!states.has(form)) states.set(form, { changed: false, kept: 0, timer: 0, sending: null });
  return states.get(form);
}

function say(form, text, kept) {
  form.querySelector("[data-kept]").textContent = text;
  form.querySelector(".discard").hidden = !kept;
}

async function send(form, signal) {
  const { csrf, body } = form.elements;
  const fields = new URLSearchParams({ csrf: csrf.value, body: body.value });
  const keepalive = fields.toString().length < LAST;
  const answer = await fetch(form.dataset.keep, { method: "POST", body: fields, keepalive, signal });
  // Whoever is not signed in any more is led away.
  if (!answer.ok || answer.redirected) throw new Error(`not kept: ${answer.status}`);
  return (await answer.text()).trim();
}

async function keep(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (!state.changed || form.dataset.sent) return;
  // What was on its way is older than what is typed now.
  state.sending?.abort();
  const sending = (state.sending = new AbortController());
  state.changed = false;
  state.kept = Date.now();
  try {
    const said = await send(form, sending.signal);
    if (!state.changed) say(form, said, said !== "");
  } catch (fault) {
    if (sending.signal.aborted) return;
    state.changed = true;
    form.querySelector("[data-kept]").textContent = form.dataset.failed;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.keep || event.target.name !== "body") return;
  const state = stateOf(form);
  state.changed = true;
  form.querySelector("[data-kept]").textContent = "";
  clearTimeout(state.timer);
  state.timer = setTimeout(keep, Math.max(PAUSE, state.kept + EVERY - Date.now()), form);
});

// What is sent, or thrown away, is not kept any more.
document.addEventListener("submit", ({ target }) => {
  const state = states.get(target);
  if (!state) return;
  clearTimeout(state.timer);
  state.changed = false;
  state.sending?.abort();
});

function keepAll() {
  for (const form of states.keys()) keep(form);
}
document.addEventListener("visibilitychange", () => document.hidden && keepAll());
addEventListener("pagehide", keepAll);
