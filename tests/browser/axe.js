// What axe finds wrong with a page.
import { AxeBuilder } from "@axe-core/playwright";

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
export const WCAG = { type: "tag", values: LEVELS };
export const ALL = { type: "tag", values: [...LEVELS, "best-practice"] };
/** What depends on the colours of a page, and on nothing else. */
export const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Its complaints about a page as it stands, each with the places. */
export async function complaints(page, runOnly) {
  // Our pages hold no frames, so that nothing is to be put together in another page, and what is good needs no
  // description: this takes a quarter of the time.
  const options = { runOnly, resultTypes: ["violations"] };
  const { violations } = await new AxeBuilder({ page }).options(options).setLegacyMode().analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`);
}
