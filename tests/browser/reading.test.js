// How it is to read and to choose a look: what a page weighs and how soon it is there, the keyboard alone,
// light and dark, and the colours of the brand.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, open } from "./browser.js";
import { Hub, PASSWORD } from "./hub.js";
import { form, send, signIn } from "./steps.js";

let hub;
let browser;
let thread;
const states = {};

before(async () => {
  hub = await Hub.start();
  const api = "/api/hub/v1";
  for (let n = 20; n >= 0; n--) {
    const post = { title: n ? `A talk, number ${n}` : "A long talk", body: "What do you think?\n\n".repeat(5) };
    const made = await hub.call("POST", `${api}/groups/drivers/posts`, post, n % 2 ? "ben" : "anna");
    assert.equal(made.status, 201, JSON.stringify(made.body));
    thread = made.body.id;
  }
  let parent;
  for (let n = 0; n < 30; n++) {
    const comment = { body: `Thought number ${n}, which is as long as thoughts usually are.`, parent_id: parent };
    const said = await hub.call("POST", `${api}/posts/${thread}/comments`, comment, n % 2 ? "ben" : "anna");
    assert.equal(said.status, 201, JSON.stringify(said.body));
    parent = n % 5 ? said.body.id : undefined;
  }
  browser = await launch();
  for (const name of ["anna", "ben"]) {
    const { context, page } = await open(browser, hub);
    await signIn(page, name);
    states[name] = await context.storageState();
    await context.close();
  }
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

/** Runs steps in a page of their own; nothing may have gone wrong in it unseen. */
async function alone(options, steps) {
  const { context, page, faults } = await open(browser, hub, options);
  try {
    await steps(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** What is read most. */
const READ = [
  ["the home page", () => "/"],
  ["a group", () => "/c/drivers"],
  ["a thread of thirty comments", () => `/post/${thread}`],
];

for (const [name, where] of READ) {
  describe(name, () => {
    it("weighs less than 60 KB and asks for little", () =>
      alone({}, async (page, context) => {
        const wire = await context.newCDPSession(page);
        await wire.send("Network.enable");
        const kinds = new Map();
        const bytes = {};
        let requests = 0;
        wire.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
        wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
          const kind = kinds.get(requestId) ?? "Other";
          bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
          requests += 1;
        });
        await page.goto(where());
        await page.waitForLoadState("load");
        const total = Object.values(bytes).reduce((sum, one) => sum + one, 0);
        const said = JSON.stringify({ bytes, requests });
        assert.ok(bytes.Stylesheet > 0 && bytes.Script > 0, said);
        assert.ok(bytes.Document <= 25 * 1024, said);
        assert.ok(bytes.Stylesheet <= 14 * 1024, said);
        assert.ok(bytes.Script <= 26 * 1024, said);
        assert.ok(total < 60 * 1024, said);
        assert.ok(requests <= 12, said);
      }));

    it("is there within 1.8 seconds on a slow line, and does not jump", () =>
      alone({ width: 360 }, async (page, context) => {
        const wire = await context.newCDPSession(page);
        await wire.send("Network.enable");
        const line = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 };
        await wire.send("Network.emulateNetworkConditions", line);
        await page.addInitScript(() => {
          window.seen = { paint: 0, shift: 0 };
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.seen.paint = entry.startTime;
          }).observe({ type: "largest-contentful-paint", buffered: true });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.seen.shift += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(where());
        await page.waitForFunction(() => window.seen.paint > 0);
        const { paint, shift } = await page.evaluate(() => window.seen);
        assert.ok(paint <= 1800, `painted after ${paint} ms`);
        assert.ok(shift <= 0.05, `jumped by ${shift}`);
      }));
  });
}

describe("the keyboard alone", () => {
  /** Goes on by Tab until this is in focus, and sees that it shows. */
  async function tabTo(page, selector) {
    for (let steps = 0; steps < 80; steps++) {
      await page.keyboard.press("Tab");
      const there = await page.evaluate((wanted) => {
        const focused = document.activeElement;
        return focused.matches(wanted) && getComputedStyle(focused).outlineStyle !== "none";
      }, selector);
      if (there) return;
    }
    assert.fail(`Tab does not lead to ${selector}`);
  }

  it("skips to the content, signs in, opens a thread, votes and answers", () =>
    alone({}, async (page) => {
      await page.goto("/sign-in");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
      await page.keyboard.press("Enter");
      await tabTo(page, "main #name");
      await page.keyboard.type("ben");
      await tabTo(page, "main #password");
      await page.keyboard.type(PASSWORD);
      await Promise.all([page.waitForURL(`${hub.base}/`), page.keyboard.press("Enter")]);

      await page.keyboard.press("j");
      await Promise.all([page.waitForURL(`**/post/${thread}`), page.keyboard.press("Enter")]);

      await tabTo(page, ".thread .vote button[value='1']");
      const fetched = page.waitForResponse((answer) => answer.status() === 200);
      await page.keyboard.press("Enter");
      await fetched;
      await page.locator(".thread .vote button[aria-pressed=true]").waitFor();
      const focused = await page.evaluate(() => document.activeElement.getAttribute("aria-pressed"));
      assert.equal(focused, "true", "the button that was pressed keeps the focus");
      const stored = await hub.call("GET", `/api/hub/v1/posts/${thread}`, undefined, "ben");
      assert.equal(stored.body.upvotes, 1);

      await tabTo(page, "#body");
      await page.keyboard.type("Said without a mouse.");
      await Promise.all([page.waitForURL("**#comment-*"), page.keyboard.press("Control+Enter")]);
      assert.equal(await page.getByText("Said without a mouse.").count(), 1);
    }));
});

describe("the look", () => {
  for (const javascript of [false, true]) {
    it(`is chosen ${javascript ? "with" : "without"} JavaScript and written into every page`, () =>
      alone({ javascript }, async (page) => {
        await page.goto("/groups");
        await send(page, "/look", {}, "dark");
        await send(page, "/look", {}, "compact");
        assert.equal(new URL(page.url()).pathname, "/groups");
        await page.goto("/");
        assert.equal(await page.getAttribute("html", "data-theme"), "dark");
        assert.equal(await page.getAttribute("html", "data-density"), "compact");
      }));
  }

  const paint = (page, where) => page.locator(where).first().evaluate((it) => getComputedStyle(it).backgroundColor);

  it("shows an admin the colours of a brand before they are chosen", async () => {
    const { context, page } = await open(browser, hub, { state: states.anna });
    await page.goto("/admin/appearance");
    const before = await paint(page, ".sample .strong");
    await page.locator("#colour").fill("#b3123f");
    await page.waitForFunction(
      (old) => getComputedStyle(document.querySelector(".sample .strong")).backgroundColor !== old,
      before,
    );
    assert.notEqual(await paint(page, "main form .strong"), await paint(page, ".sample .strong"), "not chosen yet");
    await page.locator(".fold summary").click();
    assert.equal(await send(page, "/admin/appearance", { light: "#ffee00" }), 422);
    assert.match(await page.locator("#wrong-light").innerText(), /contrast/);
    assert.equal(await send(page, "/admin/appearance", { light: "" }), 200);
    assert.equal(await page.locator("#colour").inputValue(), "#b3123f");
    const visitor = await open(browser, hub);
    await visitor.page.goto("/");
    assert.notEqual(await paint(visitor.page, ".top .strong"), before);
    assert.deepEqual(visitor.faults, []);
    await visitor.context.close();
    await form(page, "/admin/appearance").locator("[name=reset]").click();
    await page.waitForLoadState("load");
    assert.equal(await page.locator("[name=reset]").count(), 0);
    await context.close();
  });

  it("is no matter of members", async () => {
    const { context, page } = await open(browser, hub, { state: states.ben });
    assert.equal((await page.goto("/admin/appearance")).status(), 403);
    await context.close();
  });
});
