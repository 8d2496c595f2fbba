// What people do on the pages, step by step. Forms are found by where they send, fields by their name, so
// that a step works in every language and with or without JavaScript.
import assert from "node:assert/strict";
import { PASSWORD } from "./hub.js";

/** The form of the page that sends to an address with this ending. */
export function form(page, ending) {
  return page.locator(`form[method=post i][action$="${ending}"]`).first();
}

/** Fills the fields, presses the form's button (or the one with this value) and waits for the page that answers. */
export async function send(page, ending, fields = {}, value = undefined) {
  const target = form(page, ending);
  for (const folded of await target.locator("xpath=ancestor::details[not(@open)]").all()) {
    await folded.locator("> summary").click();
  }
  for (const [name, text] of Object.entries(fields)) {
    await target.locator(`[name="${name}"]`).fill(text);
  }
  const button = value === undefined ? "button:not([type=button])" : `button[value="${value}"]`;
  const [answer] = await Promise.all([
    page.waitForResponse((r) => isAnswer(r.request()) && r.status() !== 303),
    target.locator(button).first().click(),
  ]);
  await page.waitForLoadState("load");
  return answer.status();
}

/** A page of its own, or what htmx fetched to change this one; where a redirect leads, too. */
function isAnswer(request) {
  for (let asked = request; asked; asked = asked.redirectedFrom()) {
    if (asked.isNavigationRequest() || asked.headers()["hx-request"] === "true") return true;
  }
  return false;
}

/** The same, where the page must answer with success. */
export async function done(page, ending, fields, value) {
  const status = await send(page, ending, fields, value);
  assert.equal(status, 200, `${ending}: ${await page.locator("body").innerText()}`);
}

export async function signUp(page, name) {
  await page.goto("/sign-up");
  await done(page, "/sign-up", { name, email: `${name}@example.test`, password: PASSWORD });
}

export async function signIn(page, name) {
  await page.goto("/sign-in");
  await done(page, "/sign-in", { name, password: PASSWORD });
}

/** Writes a post and returns the path of its page. */
export async function compose(page, group, title, body) {
  await page.goto(`/c/${group}/new`);
  await done(page, `/c/${group}/new`, { title, body });
  return new URL(page.url()).pathname;
}
