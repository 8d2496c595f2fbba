// Names are offered while somebody writes them; what shows them is fetched when the first field for it is entered.
const { library, thread } = document.querySelector("#names").dataset;
/** What may be the beginning of a name. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;
/** Milliseconds without a key after which the hub is asked. */
const PAUSE = 150;
let asked;
let later;

async function list(typed, signal) {
  const wanted = new URLSearchParams(thread ? { q: typed, post: thread } : { q: typed });
  const answer = await fetch(`/names?${wanted}`, { signal });
  const holder = document.createElement("template");
  holder.innerHTML = answer.ok && !answer.redirected ? await answer.text() : "";
  return holder.content.querySelector("ul.names");
}

/** Who may be meant. What was asked before more was typed is never answered, or it would hide what is. */
function offer(key, start) {
  clearTimeout(later);
  asked?.abort();
  if (!NAME.test(start)) return { matched: false };
  const { signal } = (asked = new AbortController());
  return new Promise((resolve) => {
    later = setTimeout(async () => {
      const fragment = await list(key + start, signal).catch(() => null);
      if (!signal.aborted) resolve({ matched: fragment !== null, fragment });
    }, PAUSE);
  });
}

/** Fetches what shows names, once; it then looks at what was typed meanwhile. */
async function load(field) {
  if (!field?.closest?.("text-expander") || customElements.get("text-expander")) return;
  await import(library);
  field.dispatchEvent(new Event("input"));
}

document.addEventListener("focusin", (event) => load(event.target));
load(document.activeElement);

// The library's events do not rise, but they are seen on their way down.
document.addEventListener("text-expander-change", ({ detail }) => detail.provide(offer(detail.key, detail.text)), true);
document.addEventListener("text-expander-value", ({ detail }) => (detail.value = detail.item.dataset.written), true);
// A name that was taken is something typed, for whatever keeps drafts.
const typed = () => new Event("input", { bubbles: true });
document.addEventListener("text-expander-committed", ({ detail }) => detail.input.dispatchEvent(typed()), true);
