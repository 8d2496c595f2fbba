// Pictures and links of a post: looked at one after the other, sent while one still writes, and what a page that is
// linked to says of itself; and how far the archive is that somebody takes along.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { ALL, complaints } from "./axe.js";
import { launch, open } from "./browser.js";
import { Hub, PASSWORD } from "./hub.js";
import { done, form, signIn } from "./steps.js";

/** A picture of two by two red dots. */
const DOT = {
  name: "dot.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGM8IWfDwMDAxMDAwMDAAAAOTgEmR2hJIgAAAABJRU5ErkJggg==",
    "base64",
  ),
};
const ALTS = ["A red dot", "The same dot", "A dot again"];

let hub;
let browser;
let state;
let site;
let link;

before(async () => {
  [hub, browser] = await Promise.all([Hub.start(), launch()]);
  const { context, page } = await open(browser, hub);
  await signIn(page, "anna");
  state = await context.storageState();
  await context.close();
  const tea = `<title>Tea</title><meta name="description" content="All about tea"><meta property="og:site_name" content="Brand"><meta property="og:image" content="/dot.png">`;
  site = http.createServer((asked, answer) => {
    const dot = asked.url === "/dot.png";
    answer.setHeader("content-type", dot ? "image/png" : "text/html");
    answer.end(dot ? DOT.buffer : tea);
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  link = `http://127.0.0.1:${site.address().port}/tea`;
});

after(async () => {
  await browser?.close();
  await hub?.stop();
  site?.close();
});

/** Steps of anna in a page of their own; nothing may have gone wrong in it unseen. */
async function alone(options, steps) {
  const { context, page, faults } = await open(browser, hub, { state, ...options });
  try {
    await steps(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** Begins a post and chooses a picture in each field. */
async function choose(page, files) {
  await page.goto("/c/drivers/new");
  const target = form(page, "/c/drivers/new");
  await target.locator("details.pictures summary").click();
  for (const [at, file] of files.entries()) {
    await target.locator(`[name="picture-${at + 1}"]`).setInputFiles(file);
    await target.locator(`[name="alt-${at + 1}"]`).fill(ALTS[at]);
  }
  return target;
}

describe("several pictures", () => {
  let thread;
  before(() =>
    alone({ javascript: false }, async (page) => {
      await choose(page, [DOT, DOT, DOT]);
      await done(page, "/c/drivers/new", { title: "Three dots", body: "Look." });
      thread = new URL(page.url()).pathname;
    }));

  it("stand side by side and open on their own where no script runs", () =>
    alone({ javascript: false, width: 360 }, async (page) => {
      await page.goto(thread);
      const boxes = await page.locator(".gallery img").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
      assert.equal(boxes.length, 3);
      assert.ok(boxes[0].width > boxes[1].width && Math.abs(boxes[1].y - boxes[2].y) < 1, JSON.stringify(boxes));
      assert.equal(await page.locator("#gallery").isVisible(), false);
      const answer = await page.request.get(await page.locator(".gallery a").first().getAttribute("href"));
      assert.equal(answer.headers()["content-type"], "image/png");
    }));

  for (const width of [360, 1280]) {
    it(`are looked at one after the other by keyboard, ${width} wide`, () =>
      alone({ width }, async (page) => {
        await page.goto(thread);
        await page.locator(".gallery a").nth(1).focus();
        await page.keyboard.press("Enter");
        const box = page.locator("#gallery");
        await box.waitFor();
        const place = async () => [await box.locator("h2").innerText(), await box.locator("img").getAttribute("alt")];
        assert.deepEqual(await place(), ["Picture 2 of 3", ALTS[1]]);
        assert.equal(await box.locator("figcaption").innerText(), ALTS[1]);
        assert.deepEqual(await complaints(page, ALL), []);
        for (const [key, at] of [["ArrowRight", 3], ["ArrowRight", 1], ["ArrowLeft", 3], ["Home", 1], ["End", 3]]) {
          await page.keyboard.press(key);
          assert.deepEqual(await place(), [`Picture ${at} of 3`, ALTS[at - 1]], key);
        }
        assert.match(await box.locator("[role=status]").innerText(), /Picture 3 of 3: A dot again/);
        await box.locator("[data-step='-1']").click();
        assert.deepEqual(await place(), ["Picture 2 of 3", ALTS[1]]);
        await page.keyboard.press("Escape");
        await box.waitFor({ state: "hidden" });
        const back = await page.locator(".gallery a").nth(1).evaluate((one) => one === document.activeElement);
        assert.ok(back, "the focus is where it was");
      }));
  }
});

describe("a picture that is chosen", () => {
  it("is on its way at once, and stays when the form comes back", () =>
    alone({}, async (page) => {
      const target = await choose(page, [DOT]);
      await target.locator("[name=kept-1]").waitFor({ state: "attached" });
      assert.equal(await target.locator("[data-said]").innerText(), "The picture is there. Please say what it shows.");
      assert.equal(await target.locator("progress").count(), 0);
      assert.deepEqual(await complaints(page, ALL), []);
      await done(page, "/c/drivers/new", { title: "One dot", body: "Look." });
      assert.equal(await page.getByAltText(ALTS[0]).count(), 1);
    }));

  it("is waited for where the form is sent meanwhile", () =>
    alone({}, async (page) => {
      let go;
      const held = new Promise((resolve) => (go = resolve));
      await page.route("**/pictures", async (route) => {
        await held;
        await route.continue();
      });
      const target = await choose(page, [DOT]);
      await target.locator("progress").waitFor();
      await target.locator("[name=title]").fill("A slow dot");
      await target.locator("button.strong").first().click();
      assert.match(page.url(), /\/new$/);
      await Promise.all([page.waitForURL("**/post/*"), go()]);
      assert.equal(await page.getByAltText(ALTS[0]).count(), 1);
    }));

  it("is refused beside its field", async () => {
    const { context, page } = await open(browser, hub, { state });
    const target = await choose(page, [{ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") }]);
    const wrong = target.locator("[role=alert]");
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /picture/);
    assert.equal(await target.locator("[name=picture-1]").inputValue(), "");
    await context.close();
  });
});

describe("a link", () => {
  it("shows what its page says, and readers ask nobody but the hub", () =>
    alone({}, async (page) => {
      await page.goto("/c/drivers/new?form=link");
      await done(page, "/c/drivers/new", { title: "Have a look", url: link });
      const card = page.locator(".linked.about");
      for (let tries = 0; tries < 20 && !(await card.count()); tries++) {
        await page.waitForTimeout(500);
        await page.reload();
      }
      assert.match(await card.innerText(), /Tea\s+All about tea\s+Brand/);
      const picture = card.locator("img");
      assert.ok(await picture.evaluate((one) => one.decode().then(() => one.naturalWidth > 0)));
      assert.deepEqual(await complaints(page, ALL), []);
      await page.goto("/c/drivers");
      const post = page.locator(".post", { hasText: "Have a look" });
      assert.match(await post.locator(".excerpt").innerText(), /Tea\s+All about tea/);
      assert.equal(await post.locator(".thumb").count(), 1);
    }));
});

describe("an archive", () => {
  it("says how far it is", () =>
    alone({}, async (page) => {
      await page.goto("/settings/export");
      await page.locator("#export_password").fill(PASSWORD);
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("main form button").click()]);
      assert.match(download.suggestedFilename(), /^anna-.*\.zip$/);
      const progress = page.locator("#export-progress");
      await progress.getByText("It is complete.").waitFor();
      assert.equal(await page.locator("#export-said").innerText(), "It is complete.");
      assert.deepEqual(await complaints(page, ALL), []);
      assert.equal(await page.locator("form[data-sent]").count(), 0);
    }));
});
