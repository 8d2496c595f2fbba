// What axe finds wrong with a page.
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What depends on the colours of a page, and on nothing else. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Its complaints about a page as it stands, each with the places. */
export function complaints(page) {
  return run(new AxeBuilder({ page }), { type: "tag", values: TAGS });
}

/** Those about colours alone. */
export function complaintsAboutColours(page) {
  return run(new AxeBuilder({ page }), { type: "rule", values: COLOURS });
}

async function run(axe, runOnly) {
  // Our pages hold no frames, so that nothing is to be put together in another page, and what is good needs no
  // description: this takes a quarter of the time.
  axe.options({ runOnly, resultTypes: ["violations"] }).setLegacyMode();
  const { violations } = await axe.analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
}
