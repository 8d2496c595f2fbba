// What is marked in a post or comment can be put into an answer to it, as a quotation.
const button = document.querySelector("#quote-marked");
/** Milliseconds until a change of what is marked counts: a press on the button may change it. */
const PAUSE = 250;
let timer;
let marked;

const bodyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".prose");

/** Where an answer to a text is written, if the page has that. */
function formOf(body) {
  if (body.closest("section.accepted")) return null;
  const comment = body.closest(".comment");
  if (comment) return comment.querySelector("form[data-of]");
  return body.closest("article.thread") && document.querySelector("#answer[data-of]");
}

/** Whether nothing can be read between the end of a text and that of what is marked. */
function endsIn(body, range) {
  if (body.contains(range.endContainer)) return true;
  const rest = range.cloneRange();
  rest.setStartAfter(body.nextElementSibling === button ? button : body);
  return rest.toString().trim() === "";
}

/** What is marked: its text, where it stands, and the form for an answer. */
function look() {
  const selection = getSelection();
  const text = selection.toString().trim();
  if (selection.rangeCount === 0 || !text) return null;
  const range = selection.getRangeAt(0);
  const body = bodyOf(range.startContainer);
  const form = body && endsIn(body, range) && formOf(body);
  return form ? { text, body, form, range } : null;
}

/** Shows the button below the end of what is marked, within its text. */
function show({ body, range }) {
  body.after(button);
  button.hidden = false;
  const home = button.offsetParent.getBoundingClientRect();
  const [room, end] = [body.getBoundingClientRect(), [...range.getClientRects()].at(-1)];
  const right = Math.max(room.left, room.right - button.offsetWidth);
  button.style.left = `${Math.min(Math.max(end.right, room.left), right) - home.left}px`;
  button.style.top = `${Math.min(end.bottom, room.bottom) - home.top + 6}px`;
}

function change() {
  const found = look();
  if (!found && document.activeElement === button) return;
  marked = found;
  if (found) show(found);
  else button.hidden = true;
}

/** A text as Markdown that says just that. */
function plain(text) {
  const signs = text.replace(/[\\`*[\]<>]|\b_|_\b/g, "\\$&");
  return signs.replace(/^(\s*)([#+-]|\d+(?=[.)]))/gm, (whole, space, sign) =>
    /\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
  );
}

function quotation({ text, form }) {
  const { author, of } = form.dataset;
  const lines = plain(text).split(/\r?\n/).map((line) => `> ${line}`.trimEnd());
  return `[${plain(author)}](${location.origin}${of}) ${button.dataset.wrote}\n\n${lines.join("\n")}\n\n`;
}

function quote() {
  if (!marked) return;
  const { form } = marked;
  const area = form.elements.body;
  const before = area.value.trimEnd();
  area.setRangeText(`${before && "\n\n"}${quotation(marked)}`, before.length, area.value.length, "end");
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  getSelection().removeAllRanges();
  button.hidden = true;
  marked = null;
  area.focus();
  area.scrollTop = area.scrollHeight;
  // It is something typed, for whatever keeps drafts.
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

if (button) {
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(change, PAUSE);
  });
  // From what is marked Tab leads to the button, where nothing else has the focus.
  document.addEventListener("keydown", (event) => {
    const free = !button.hidden && document.activeElement === document.body;
    if (event.key !== "Tab" || event.shiftKey || !free) return;
    event.preventDefault();
    button.focus();
  });
  // A press leaves marked what is marked.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", quote);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    button.hidden = true;
    getSelection().removeAllRanges();
  });
}
