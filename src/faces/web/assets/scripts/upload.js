// A picture is on its way as soon as it is chosen, and one sees how far it is. What does not get there this way goes
// with its form, as it does where no script runs.
const sending = new WeakMap();
const pressed = new WeakMap();

/** Where it is said how it goes, and in which words. */
const said = (field) => field.closest(".pictures").querySelector("[data-said]");

function say(field, key) {
  said(field).textContent = said(field).dataset[key] ?? "";
}

/** A bar beneath the file that was chosen. */
function bar(input) {
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", said(input).dataset.sending);
  input.after(progress);
  return progress;
}

/** Sends a file; gives the answer, or nothing if it did not get there. */
function send(input, progress) {
  const { form, name, files } = input;
  const data = new FormData();
  data.append("csrf", form.elements.csrf.value);
  data.append("number", name.split("-")[1]);
  data.append("file", files[0]);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => (progress.value = loaded / total));
  request.upload.addEventListener("load", () => progress.removeAttribute("value"));
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => resolve(request));
    request.open("POST", "/pictures");
    request.send(data);
  });
}

/** Shows what came of it. */
function show(input, { status, responseURL, responseText }) {
  const field = input.closest("fieldset");
  const answered = new URL(responseURL || "/", location.href).pathname === "/pictures";
  const made = new DOMParser().parseFromString(answered ? responseText : "", "text/html").body;
  const wrong = made.querySelector(":scope > .wrong");
  if (status === 200 && made.querySelector(".kept")) {
    const inside = document.activeElement === input;
    input.closest(".field").replaceWith(...made.childNodes);
    if (inside) field.querySelector("textarea").focus();
    return say(field, "sent");
  }
  say(field, wrong ? "" : "failed");
  if (!wrong) return;
  wrong.setAttribute("role", "alert");
  input.value = "";
  input.before(wrong);
}

async function take(input) {
  const { form } = input;
  input.parentElement.querySelector(".wrong")?.remove();
  if (!input.files.length || !form.elements.csrf) return;
  const progress = bar(input);
  say(input, "sending");
  sending.set(form, (sending.get(form) ?? 0) + 1);
  input.disabled = true;
  const answer = await send(input, progress);
  input.disabled = false;
  progress.remove();
  show(input, answer);
  sending.set(form, sending.get(form) - 1);
  if (sending.get(form) || !pressed.has(form)) return;
  const button = pressed.get(form);
  pressed.delete(form);
  form.requestSubmit(button);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".pictures input[type=file]")) take(event.target);
});

// A form that is sent meanwhile waits for its pictures.
document.addEventListener("submit", (event) => {
  if (!sending.get(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pressed.set(event.target, event.submitter);
}, true);
