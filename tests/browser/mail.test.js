// What begins with a letter: it lies in the data directory, since the hub of these tests has no mail
// server. All of it works without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, open } from "./browser.js";
import { Hub, PASSWORD } from "./hub.js";
import { done, signIn } from "./steps.js";

let hub;
let browser;

before(async () => {
  hub = await Hub.start('confirmation = "always"');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function alone(journey) {
  const { context, page, faults } = await open(browser, hub, { javascript: false });
  try {
    await journey(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** The first link of a letter that leads to this page. */
function link(letter, where) {
  return letter.match(new RegExp(`${hub.base}${where}\\?[^\\s"<>]+`))[0].replaceAll("&amp;", "&");
}

describe("letters", () => {
  it("a newcomer signs up, opens the link in the letter and signs in", () =>
    alone(async (page) => {
      await page.goto("/sign-up");
      await done(page, "/sign-up", { name: "carla", email: "carla@example.test", password: PASSWORD });
      assert.equal(new URL(page.url()).pathname, "/sign-in");
      await page.goto(link(await hub.letter("carla@example.test", "/confirm?"), "/confirm"));
      await done(page, "/confirm");
      await signIn(page, "carla");
      assert.equal(new URL(page.url()).pathname, "/");
    }));

  it("somebody who forgot the password sets another", () =>
    alone(async (page) => {
      await page.goto("/sign-in");
      await page.locator('a[href="/forgot"]').click();
      await done(page, "/forgot", { email: "ben@example.test" });
      await page.goto(link(await hub.letter("ben@example.test", "/reset?"), "/reset"));
      await done(page, "/reset", { password: "another good battery" });
      await done(page, "/sign-in", { name: "ben", password: "another good battery" });
      assert.equal(new URL(page.url()).pathname, "/");
    }));

  it("somebody ends letters of a sort by the link in one, signed out", { timeout: 180_000 }, async () => {
    const made = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", { title: "Which bit?" }, "anna");
    const comments = `/api/hub/v1/posts/${made.body.id}/comments`;
    // Setting another password ended what ben had open.
    hub.tokens.ben = hub.token("ben");
    assert.equal((await hub.call("POST", comments, { body: "PH2, always." }, "ben")).status, 201);
    const letter = await hub.letter("anna@example.test", "PH2, always.");
    await alone(async (page) => {
      await page.goto(link(letter, "/unsubscribe"));
      await page.locator('form[action^="/unsubscribe"] button').click();
      await page.waitForLoadState("load");
      assert.equal(await page.getByRole("status").count(), 1);
    });
    const settings = await hub.call("GET", "/api/hub/v1/notifications/settings", undefined, "anna");
    assert.equal(settings.body.topics.find((one) => one.topic === "answers").mail, "off");
  });
});
