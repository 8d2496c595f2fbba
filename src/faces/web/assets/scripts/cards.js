// The picture of a linked page that cannot be had makes room for the icon beside it.
const PICTURE = ".linked.about > img";
document.addEventListener("error", ({ target }) => target.matches?.(PICTURE) && target.remove(), true);
for (const picture of document.querySelectorAll(PICTURE)) {
  if (picture.complete && !picture.naturalWidth) picture.remove();
}
