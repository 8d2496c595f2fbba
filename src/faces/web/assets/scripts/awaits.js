// Whoever asked to join a group is shown its answer when it comes: the page looks for it, ever more seldom.
/** Milliseconds until the first look, and between two at most. */
const SOON = 2000;
const SELDOM = 60_000;
let pause = SOON;
let next;

const noteOf = (page) => page.querySelector("[data-awaits]");

function later() {
  clearTimeout(next);
  next = setTimeout(() => look().catch(later), pause);
  pause = Math.min(pause * 1.5, SELDOM);
}

/** Says what became of the question where the page says what was done, for eyes and for screen readers. */
function say(group) {
  const { membership } = group.dataset;
  const own = group.querySelector(".main > .note");
  const text = noteOf(document).dataset[membership] ?? own?.textContent;
  if (own?.textContent === text) own.remove();
  let line = document.querySelector("main > [role=status]");
  if (!line) {
    line = document.createElement("p");
    line.setAttribute("role", "status");
    document.querySelector("main").prepend(line);
  }
  line.className = `note ${membership === "joined" ? "good" : "bad"}`;
  line.textContent = text;
}

/** Puts the group as it is now in the place of what was shown. */
function show(group) {
  const old = document.querySelector("main > .columns");
  const inside = old.contains(document.activeElement);
  if (!noteOf(group)) say(group);
  old.replaceWith(group);
  globalThis.htmx?.process(group);
  if (inside) document.querySelector("#main").focus();
}

async function look() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  const group = page.querySelector("main > .columns");
  const { membership } = document.querySelector("main > .columns").dataset;
  if (group?.dataset.membership && group.dataset.membership !== membership) show(document.importNode(group, true));
  if (noteOf(document)) later();
}

later();
document.addEventListener("visibilitychange", () => {
  clearTimeout(next);
  pause = SOON;
  if (!document.hidden && noteOf(document)) later();
});
