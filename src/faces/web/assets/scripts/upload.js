// Files are on their way, and one sees how far they are: a picture of a post as soon as it is chosen, and with its form
// what does not get there this way; the files of other forms when these are sent. Without scripts all go so, unseen.
const sending = new WeakMap();
const pressed = new WeakMap();

/** Where it is said how it goes, and in which words. */
const said = (field) => field.closest(".pictures, [data-sends]").querySelector("[data-said]");

function say(field, key) {
  said(field).textContent = said(field).dataset[key] ?? "";
}

/** A bar beneath something. */
function bar(place) {
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", said(place).dataset.sending);
  place.after(progress);
  return progress;
}

/** Sends something while a bar shows how far it is; gives the answer, with status 0 if it did not get there. */
function post(to, data, progress, accept = "*/*") {
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => (progress.value = loaded / total));
  request.upload.addEventListener("load", () => progress.removeAttribute("value"));
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      progress.remove();
      resolve(request);
    });
    request.open("POST", to);
    request.setRequestHeader("Accept", accept);
    request.send(data);
  });
}

/** Sends a file that was chosen for a post. */
function send(input) {
  const { form, name, files } = input;
  const data = new FormData();
  data.append("csrf", form.elements.csrf.value);
  data.append("number", name.split("-")[1]);
  data.append("file", files[0]);
  return post("/pictures", data, bar(input));
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
  field.toggleAttribute("data-later", !wrong);
  if (!wrong) return;
  wrong.setAttribute("role", "alert");
  input.value = "";
  input.before(wrong);
}

async function take(input) {
  const { form } = input;
  input.parentElement.querySelector(".wrong")?.remove();
  if (!input.files.length || !form.elements.csrf) return;
  say(input, "sending");
  sending.set(form, (sending.get(form) ?? 0) + 1);
  input.disabled = true;
  const answer = await send(input);
  input.disabled = false;
  show(input, answer);
  sending.set(form, sending.get(form) - 1);
  if (sending.get(form) || !pressed.has(form)) return;
  const button = pressed.get(form);
  pressed.delete(form);
  form.requestSubmit(button);
}

/** Puts a file into a field, alone. */
function put(input, file) {
  const alone = new DataTransfer();
  alone.items.add(file);
  input.files = alone.files;
  take(input);
}

/** Puts files into the places of a form that are free, one in each; says if there are too many. */
function hand(form, files) {
  const pictures = form.querySelector(".pictures");
  const places = [...pictures.querySelectorAll("input[type=file]")].filter((one) => !one.disabled && !one.files.length);
  pictures.open = true;
  pictures.querySelector(":scope > [role=alert]")?.remove();
  for (const [at, place] of places.slice(0, files.length).entries()) put(place, files[at]);
  if (files.length <= places.length) return;
  const line = said(pictures);
  const many = document.createElement("p");
  many.className = "wrong";
  many.setAttribute("role", "alert");
  many.textContent = line.dataset.many;
  line.after(many);
}

// One place at a time is shown, so several can be chosen in it.
document.addEventListener("click", ({ target }) => {
  if (target.matches?.(".pictures input[type=file]")) target.multiple = true;
}, true);

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".pictures input[type=file]") || !target.files.length) return;
  const [first, ...others] = target.files;
  put(target, first);
  hand(target.form, others);
});

/** The form with places for pictures above which files are held or were let go. */
function beneath({ target, dataTransfer }) {
  const form = target.closest?.("form");
  return dataTransfer?.types.includes("Files") && form?.querySelector(".pictures") ? form : undefined;
}

document.addEventListener("dragover", (event) => {
  const form = beneath(event);
  if (!form) return;
  event.preventDefault();
  form.dataset.over = "";
});

document.addEventListener("dragleave", (event) => {
  const form = beneath(event);
  if (form && !form.contains(event.relatedTarget)) delete form.dataset.over;
});

document.addEventListener("drop", (event) => {
  const form = beneath(event);
  if (!form) return;
  event.preventDefault();
  delete form.dataset.over;
  hand(form, [...event.dataTransfer.files]);
});

// Some programs put a picture of a text beside it; then the text is meant.
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  const form = event.target.closest?.("form");
  if (!files.length || types.includes("text/plain") || !form?.querySelector(".pictures")) return;
  event.preventDefault();
  hand(form, [...files]);
});

// A form that is sent meanwhile waits for its pictures.
document.addEventListener("submit", (event) => {
  if (!sending.get(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  pressed.set(event.target, event.submitter);
}, true);

/** The form as the page that answers has it, with what was wrong; else only says that. */
function refuse(form, text) {
  const made = new DOMParser().parseFromString(text, "text/html");
  const again = [...made.forms].find((one) => one.getAttribute("action") === form.getAttribute("action"));
  const wrong = made.querySelector("main .wrong:not(form *)");
  if (!again) {
    say(form, "failed");
    said(form).classList.add("wrong");
    const sentence = made.querySelector("main p");
    if (sentence) said(form).textContent = sentence.textContent;
    return;
  }
  if (wrong) again.prepend(wrong);
  form.replaceWith(again);
  again.querySelector("input[type=file][aria-invalid], input[type=file]").focus();
}

/** Sends a form with the files in it, and goes where that leads. */
async function sendWhole(form, button) {
  const line = said(form);
  line.classList.remove("wrong");
  say(form, "sending");
  const data = new FormData(form, button);
  const answer = await post(form.getAttribute("action"), data, bar(line), "text/uri-list, text/html");
  say(form, "");
  if (answer.getResponseHeader("Content-Type")?.startsWith("text/uri-list")) return location.assign(answer.responseText);
  delete form.dataset.sent;
  document.documentElement.classList.remove("working");
  refuse(form, answer.responseText);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const chosen = [...form.elements].some((field) => field.files?.length);
  if (event.defaultPrevented || !form.matches("[data-sends]") || !chosen) return;
  event.preventDefault();
  sendWhole(form, event.submitter);
});
