// What of a page cannot be reached: links, buttons and fields beneath something else, which gets the click.

/** Runs in the page, scripts or not: each of them that is covered where it is seen, and by what. */
function findCovered() {
  const CONTROLS = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const described = (one) => {
    const words = (one.innerText || one.getAttribute("aria-label") || one.getAttribute("name") || "").trim();
    const name = [one.localName, ...one.classList].join(".");
    return `${name} “${words.replace(/\s+/g, " ").slice(0, 40)}”`;
  };
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  /** The middle of the first piece of it; of what is there for screen readers alone there is none. */
  const middle = (one) => {
    const piece = [...one.getClientRects()].find(({ width, height }) => width > 2 && height > 2);
    return piece && [piece.x + piece.width / 2, piece.y + piece.height / 2];
  };
  /** Whether it ends before its middle, as the last line of an excerpt does. */
  const clipped = (one, [x, y]) => {
    for (let box = one.parentElement; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (/hidden|clip/.test(style.overflowX) && (x < edge.left || x > edge.right)) return true;
      if (/hidden|clip/.test(style.overflowY) && (y < edge.top || y > edge.bottom)) return true;
      if (style.clipPath !== "none") return true;
    }
    return false;
  };
  const standsFor = (hit, one) => one.contains(hit) || hit?.closest("label")?.control === one;
  const hitAt = (point) => document.elementFromPoint(...point);
  const covered = [];
  for (const one of document.querySelectorAll(`main :is(${CONTROLS})`)) {
    const point = !one.matches(":disabled") && seen(one) && middle(one);
    if (!point || standsFor(hitAt(point), one) || clipped(one, point)) continue;
    // What is out of sight, or beneath a bar that stays, comes into the middle of the window.
    one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const hit = hitAt(middle(one));
    if (!standsFor(hit, one)) covered.push(`${described(one)} lies beneath ${hit ? described(hit) : "nothing"}`);
  }
  scrollTo({ top: 0, left: 0, behavior: "instant" });
  return covered;
}

/** Those that are covered in a page as it stands. */
export const covered = (page) => page.evaluate(findCovered);
