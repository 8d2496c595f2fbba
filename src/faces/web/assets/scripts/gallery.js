// Pictures of a post or comment are looked at above the page, one after the other; where no script runs, each
// opens on its own.
const box = document.querySelector("#gallery");
const image = document.createElement("img");
const word = box?.querySelector("[role=status]");
let pictures = [];
let at = 0;
box?.querySelector("figure").prepend(image);

/** Those that stand beside this one, itself among them. */
function beside(link) {
  const all = link.closest(".gallery")?.querySelectorAll(".picture > a");
  return all ? [...all] : [link];
}

function show(to) {
  at = (to + pictures.length) % pictures.length;
  const link = pictures[at];
  const small = link.querySelector("img");
  const place = box.dataset.place.replace("%n", at + 1).replace("%c", pictures.length);
  box.querySelector("h2").textContent = place;
  image.src = small.currentSrc || small.src;
  image.alt = small.alt;
  box.querySelector("figcaption").textContent = small.alt;
  box.querySelector(".actions a").href = link.href;
  word.textContent = `${place}: ${small.alt}`;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".picture > a");
  if (!box || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  pictures = beside(link);
  for (const button of box.querySelectorAll("[data-step]")) button.hidden = pictures.length < 2;
  show(pictures.indexOf(link));
  box.showModal();
  box.addEventListener("close", () => link.focus(), { once: true });
});

box?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) show(at + Number(button.dataset.step));
});

box?.addEventListener("keydown", (event) => {
  const onward = getComputedStyle(box).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const steps = { ArrowLeft: at - 1, ArrowRight: at - 1, Home: 0, End: -1, [onward]: at + 1 };
  if (!(event.key in steps) || pictures.length < 2) return;
  event.preventDefault();
  show(steps[event.key]);
});
