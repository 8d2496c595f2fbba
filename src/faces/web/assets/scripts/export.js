// While an archive is made and sent, the page says how far it is.
/** Milliseconds between two looks, and looks until the archive has begun. */
const PAUSE = 1500;
const PATIENCE = 20;
const shown = () => document.querySelector("#export-progress");
const said = document.querySelector("#export-said");
let next;

/** Looks until the archive that began after another is there, or broke off. */
async function look(before, tries) {
  const answer = await fetch("/settings/export").catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  const now = page.querySelector("#export-progress");
  if (!now || now.dataset.began === before) return tries && later(before, tries - 1);
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  document.documentElement.classList.remove("working");
  const words = now.querySelector("[data-state]").textContent;
  if (said.textContent !== words) said.textContent = words;
  const old = shown();
  if (old) old.replaceWith(now);
  else document.querySelector("#what").closest("section").before(now);
  if (now.dataset.runs) later("", PATIENCE);
}

function later(before, tries) {
  clearTimeout(next);
  next = setTimeout(look, PAUSE, before, tries);
}

document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/settings/export") later(shown()?.dataset.began, PATIENCE);
});
if (shown()?.dataset.runs) later("", PATIENCE);
