// Joining a group of another hub that lets people in by hand: whoever asked sees the answer when it comes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { done, signIn } from "./steps.js";

let home;
let elsewhere;
let browser;
let group;

before(async () => {
  [home, elsewhere] = await Promise.all([Hub.start(), Hub.start()]);
  browser = await launch();
  group = `/c/den@localhost:${elsewhere.port}`;
});

after(async () => {
  await browser?.close();
  await Promise.all([home?.stop(), elsewhere?.stop()]);
});

/** Somebody of this hub asks the private group of the other one to let them in. */
async function ask(page, name) {
  await signIn(page, name);
  await page.goto(`/search?q=${encodeURIComponent(`!den@localhost:${elsewhere.port}`)}`);
  await page.goto(group);
  await done(page, `${group}/join`);
  assert.equal(await page.locator("[data-membership=asked] [data-awaits]").count(), 1);
}

/** The owner of the group lets in who asks, as soon as the question has come. */
async function letIn(name) {
  const { context, page, faults } = await open(browser, elsewhere);
  await signIn(page, "anna");
  const task = page.locator(".report", { hasText: name });
  for (const end = Date.now() + 30_000; (await task.count()) === 0; ) {
    assert.ok(Date.now() < end, `nobody asks: ${home.log()}${elsewhere.log()}`);
    await page.goto("/mod?kind=request");
    await page.waitForTimeout(200);
  }
  await done(page, "/c/den/requests", {}, "on");
  assert.deepEqual(faults, []);
  await context.close();
}

describe("a private group of another hub", () => {
  it("says that somebody is in without being asked again", async () => {
    const { context, page, faults } = await open(browser, home);
    await ask(page, "ben");
    await letIn("ben");
    await page.locator("[data-membership=joined]").waitFor({ timeout: 30_000 });
    assert.equal(await page.locator("[data-awaits]").count(), 0);
    assert.match(await page.locator("main > [role=status]").innerText(), /You are in/);
    // What the group showed nobody before is fetched now.
    for (const end = Date.now() + 30_000; (await page.locator("h1", { hasText: "The den" }).count()) === 0; ) {
      assert.ok(Date.now() < end, `the group is as unknown as before: ${home.log()}`);
      await page.waitForTimeout(200);
      await page.reload();
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("says so without JavaScript to who looks again", async () => {
    const { context, page, faults } = await open(browser, home, { javascript: false });
    await ask(page, "anna");
    await letIn("anna");
    for (const end = Date.now() + 30_000; (await page.locator("[data-membership=joined]").count()) === 0; ) {
      assert.ok(Date.now() < end, `no answer: ${home.log()}${elsewhere.log()}`);
      await page.locator("[data-awaits] a").click();
    }
    assert.equal(await page.locator("[data-awaits]").count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
