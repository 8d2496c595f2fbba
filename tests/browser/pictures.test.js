// Pictures and links of a post: looked at one after the other, sent while one still writes, and what a page that is
// linked to says of itself; files that are sent with a form; and how far the archive is that somebody takes along.
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
/** What of a bar and the words beside it can be wrong; how a page lies beneath its bars is not asked while it scrolls. */
const SPOKEN = { type: "rule", values: ["aria-progressbar-name", "color-contrast", "label"] };
const NO_PICTURE = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
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
  const about = (picture) => `<title>Tea</title><meta name="description" content="All about tea"><meta property="og:site_name" content="Brand"><meta property="og:image" content="${picture}">`;
  site = http.createServer((asked, answer) => {
    const dot = asked.url === "/dot.png";
    answer.statusCode = asked.url === "/gone.png" ? 404 : 200;
    answer.setHeader("content-type", dot ? "image/png" : "text/html");
    answer.end(dot ? DOT.buffer : about(asked.url === "/lost" ? "/gone.png" : "/dot.png"));
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

/** Keeps what is sent to addresses with this ending back, until it is let go. */
async function hold(page, ending) {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route(`**${ending}`, async (route) => {
    await held;
    await route.continue();
  });
  return go;
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

  it("makes room for the next one, and all have their place where no script runs", async () => {
    const places = (target) => target.locator(".pictures fieldset").evaluateAll((all) => all.map((one) => one.offsetHeight > 0));
    await alone({}, async (page) => {
      const target = await choose(page, []);
      assert.deepEqual(await places(target), [true, false, false, false]);
      await target.locator("[name=picture-1]").setInputFiles(DOT);
      await target.locator("[name=kept-1]").waitFor({ state: "attached" });
      assert.deepEqual(await places(target), [true, true, false, false]);
    });
    await alone({ javascript: false }, async (page) => {
      assert.deepEqual(await places(await choose(page, [])), [true, true, true, true]);
    });
    const { context, page } = await open(browser, hub, { state });
    await page.route("**/pictures", (route) => route.abort());
    const target = await choose(page, [DOT]);
    await target.getByText("it goes with the form").waitFor();
    assert.deepEqual(await places(target), [true, true, false, false]);
    await context.close();
  });

  /** Hands files over as a browser does when they are dropped or pasted. */
  const handed = (target, kind, names, words = "") =>
    target.evaluate(
      (place, [kind, names, words, dot]) => {
        const files = new DataTransfer();
        const bytes = Uint8Array.from(atob(dot), (one) => one.charCodeAt(0));
        for (const name of names) files.items.add(new File([bytes], name, { type: "image/png" }));
        if (words) files.items.add(words, "text/plain");
        const about = { bubbles: true, cancelable: true };
        const event =
          kind === "paste"
            ? new ClipboardEvent(kind, { ...about, clipboardData: files })
            : new DragEvent(kind, { ...about, dataTransfer: files });
        place.dispatchEvent(event);
        return event.defaultPrevented;
      },
      [kind, names, words, DOT.buffer.toString("base64")],
    );

  it("may be one of several: chosen at once, dropped or pasted, and no more than there is room for", () =>
    alone({}, async (page) => {
      const target = await choose(page, []);
      const kept = (count) => target.locator(`[name=kept-${count}]`).waitFor({ state: "attached" });
      const chooser = page.waitForEvent("filechooser");
      await target.locator("[name=picture-1]").click();
      await (await chooser).setFiles([DOT, { ...DOT, name: "second.png" }]);
      await kept(1);
      await kept(2);
      const text = target.locator("[name=body]");
      assert.equal(await handed(text, "paste", ["table.png"], "A table"), false, "the text is meant");
      assert.equal(await handed(text, "paste", ["shot.png"]), true);
      await kept(3);
      assert.equal(await handed(text, "dragover", ["a.png"]), true);
      assert.equal(await target.getAttribute("data-over"), "");
      assert.equal(await handed(text, "drop", ["a.png", "b.png"]), true);
      await kept(4);
      assert.equal(await target.getAttribute("data-over"), null);
      assert.match(await target.getByRole("alert").innerText(), /no room/);
      assert.deepEqual(await complaints(page, ALL), []);
      for (const at of [1, 2, 3, 4]) await target.locator(`[name=alt-${at}]`).fill(`Dot ${at}`);
      await done(page, "/c/drivers/new", { title: "Four dots", body: "Look." });
      assert.equal(await page.locator(".gallery img").count(), 4);
    }));

  it("is waited for where the form is sent meanwhile", () =>
    alone({}, async (page) => {
      const go = await hold(page, "/pictures");
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
    const target = await choose(page, [NO_PICTURE]);
    const wrong = target.locator("[role=alert]");
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /picture/);
    assert.equal(await target.locator("[name=picture-1]").inputValue(), "");
    await context.close();
  });
});

describe("files that are sent with a form", () => {
  const FORMS = [
    ["/settings", "/settings/pictures", "icon"],
    ["/c/drivers/moderation", "/c/drivers/moderation/pictures", "image"],
    ["/admin/appearance", "/admin/appearance/pictures", "logo"],
  ];
  const WORDS = {
    en: ["This is on its way.", "Saved.", /^This did not get there\./],
    de: ["Das ist unterwegs.", "Gespeichert.", /^Das kam nicht an\./],
  };
  const press = (target) => target.locator("button[type=submit]").first().click();

  for (const [language, [sending, saved, failed]] of Object.entries(WORDS)) {
    for (const [at, to, field] of FORMS) {
      it(`show how far they are, ${to} in ${language}`, () =>
        alone({ language, width: 360 }, async (page) => {
          await page.goto(at);
          const go = await hold(page, to);
          const target = form(page, to);
          await target.locator(`[name=${field}]`).setInputFiles(DOT);
          await press(target);
          await target.getByRole("progressbar", { name: sending }).waitFor();
          assert.equal(await target.locator("[data-said]").innerText(), sending);
          assert.deepEqual(await complaints(page, SPOKEN), []);
          go();
          await page.locator(".note.good").getByText(saved, { exact: true }).waitFor();
          assert.equal(new URL(page.url()).pathname, at);
          assert.equal(await page.getByRole("progressbar").count(), 0);
          assert.ok((await form(page, to).locator(`.picture img[src], [name=drop-${field}]`).count()) > 0, "it is there");
        }));
    }

    it(`are still chosen where they do not get there, in ${language}`, async () => {
      const { context, page } = await open(browser, hub, { state, language });
      await page.goto("/settings");
      const target = form(page, "/settings/pictures");
      await page.route("**/settings/pictures", (route) => route.abort());
      await target.locator("[name=icon]").setInputFiles(DOT);
      await press(target);
      await target.locator("[data-said].wrong").waitFor();
      assert.match(await target.locator("[data-said]").innerText(), failed);
      assert.equal(await target.locator("[name=icon]").evaluate((one) => one.files.length), 1);
      assert.deepEqual(await complaints(page, SPOKEN), []);
      await page.unroute("**/settings/pictures");
      await press(target);
      await page.locator(".note.good").getByText(saved, { exact: true }).waitFor();
      await context.close();
    });
  }

  for (const [at, to, field] of [FORMS[0], ["/admin/appearance", "/admin/appearance/font", "font"]]) {
    it(`are refused where they were chosen, ${to}`, async () => {
      const { context, page } = await open(browser, hub, { state });
      await page.goto(at);
      const target = form(page, to);
      await target.locator(`[name=${field}]`).setInputFiles(NO_PICTURE);
      await press(target);
      const wrong = target.locator("[role=alert]");
      await wrong.waitFor();
      assert.notEqual(await wrong.innerText(), "");
      assert.equal(await target.getByRole("progressbar").count(), 0);
      assert.equal(await target.locator(`[name=${field}]`).evaluate((one) => one === document.activeElement), true);
      assert.deepEqual(await complaints(page, SPOKEN), []);
      if (field !== "font") {
        await target.locator(`[name=${field}]`).setInputFiles(DOT);
        await press(target);
        await page.locator(".note.good").getByText("Saved.", { exact: true }).waitFor();
      }
      await context.close();
    });
  }
});

/** Posts a link, and waits until its card is there. */
async function card(page, title, url) {
  await page.goto("/c/drivers/new?form=link");
  await done(page, "/c/drivers/new", { title, url });
  const card = page.locator(".linked.about");
  for (let tries = 0; tries < 20 && !(await card.count()); tries++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  return card;
}

describe("a link", () => {
  it("shows what its page says, and readers ask nobody but the hub", () =>
    alone({}, async (page) => {
      const shown = await card(page, "Have a look", link);
      assert.match(await shown.innerText(), /Tea\s+All about tea\s+Brand/);
      const picture = shown.locator("img");
      assert.ok(await picture.evaluate((one) => one.decode().then(() => one.naturalWidth > 0)));
      assert.equal(await shown.locator(".glyph").isVisible(), false);
      assert.deepEqual(await complaints(page, ALL), []);
      await page.goto("/c/drivers");
      const post = page.locator(".post", { hasText: "Have a look" });
      assert.match(await post.locator(".excerpt").innerText(), /Tea\s+All about tea/);
      assert.equal(await post.locator(".thumb").count(), 1);
    }));

  it("shows a sign where the picture of its page cannot be had", async () => {
    let thread;
    const looking = async (javascript, steps) => {
      const { context, page, faults } = await open(browser, hub, { state, javascript });
      // The hub reads the page at its leisure.
      const lost = (answer) => answer.url().includes("/media/proxy/") && answer.status() >= 400;
      const missing = page.waitForResponse(lost, { timeout: 30_000 });
      await steps(page);
      await missing;
      const other = faults.filter((fault) => !/^(\d+ for .*\/media\/proxy\/|console: Failed to load resource)/.test(fault));
      assert.deepEqual(other, []);
      await context.close();
    };
    await looking(true, async (page) => {
      const shown = await card(page, "Lost", link.replace("/tea", "/lost"));
      thread = new URL(page.url()).pathname;
      await shown.locator("img").waitFor({ state: "detached" });
      assert.equal(await shown.locator(".glyph").isVisible(), true);
      assert.deepEqual(await complaints(page, ALL), []);
    });
    await looking(true, async (page) => {
      await page.goto("/c/drivers");
      const post = page.locator(".post", { hasText: "Lost" });
      await post.locator(".thumb").waitFor({ state: "detached" });
      assert.match(await post.locator(".excerpt").innerText(), /Tea/);
    });
    await looking(false, async (page) => {
      await page.goto(thread);
      const frame = page.locator(".linked.about img");
      while (!(await frame.evaluate((one) => one.complete)));
      const seen = await frame.screenshot();
      await frame.evaluate((one) => (one.style.color = "transparent"));
      assert.notDeepEqual(await frame.screenshot(), seen, "something is painted in the frame");
    });
  });
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
