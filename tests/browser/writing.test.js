// Answers that survive the closing of the page, with JavaScript and without it; and what is marked in a thread,
// quoted in an answer to it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ALL, complaints } from "./axe.js";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { done, form, signIn } from "./steps.js";

const API = "/api/hub/v1";
let hub;
let browser;
let state;

before(async () => {
  hub = await Hub.start();
  browser = await launch();
  const { context, page } = await open(browser, hub);
  await signIn(page, "ben");
  state = await context.storageState();
  await context.close();
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

/** Runs steps in a page of ben's own; nothing may have gone wrong in it unseen. */
async function alone(options, steps) {
  const { context, page, faults } = await open(browser, hub, { state, ...options });
  try {
    await steps(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** A thread of anna's with a comment, as paths and the number of the comment. */
async function thread(title) {
  const body = "Torque **matters** here.\n\nMore than *2 * 3* things do.";
  const made = await hub.call("POST", `${API}/groups/drivers/posts`, { title, body }, "anna");
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const post = `/post/${made.body.id}`;
  const said = await hub.call("POST", `${API}/posts/${made.body.id}/comments`, { body: "PH2, *always*." }, "anna");
  return { post, comment: said.body.id };
}

const kept = (page) => page.waitForResponse((answer) => answer.url().endsWith("/keep"));

describe("an answer", () => {
  it("is kept while it is typed, and is there on another device", async () => {
    const { post, comment } = await thread("Kept while typing");
    await alone({}, async (page) => {
      await page.goto(post);
      const [answer] = await Promise.all([kept(page), page.locator("#body").pressSequentially("Half a tho")]);
      assert.equal(answer.status(), 200);
      const said = page.locator("#answer [data-kept]");
      await said.getByText("Saved").waitFor();
      assert.equal(await said.getAttribute("role"), "status");
      await page.locator(`#comment-${comment} .tools > details.open > summary`).click();
      await page.locator(`#body-${comment}`).fill("Always, ");
      // Who leaves at once loses nothing.
      await Promise.all([kept(page), page.goto("/groups")]);
    });
    await alone({}, async (page) => {
      await page.goto("/drafts");
      assert.equal(await page.locator(".draft", { hasText: "Half a tho" }).count(), 1);
      await page.locator(".draft", { hasText: "Always," }).getByRole("link").click();
      assert.equal(await page.locator(`#body-${comment}`).inputValue(), "Always, ");
      assert.ok(await page.locator(`#body-${comment}`).isVisible());
      assert.equal(await page.locator("#body").inputValue(), "Half a tho");
      assert.deepEqual(await complaints(page, ALL), []);
      await done(page, "/comments", { body: "A whole thought." });
      await page.goto(post);
      assert.equal(await page.locator("#body").inputValue(), "");
      const answers = page.locator(`form[action="/comment/${comment}/answers"]`);
      await answers.locator(".discard > summary").click();
      await Promise.all([page.waitForURL("**#comment-*"), answers.locator("[name=discard]").click()]);
      await page.goto("/drafts");
      assert.equal(await page.getByText("Answers begun").count(), 0);
    });
  });

  it("that is emptied is kept no longer", async () => {
    const { post } = await thread("Emptied");
    await alone({}, async (page) => {
      await page.goto(post);
      await Promise.all([kept(page), page.locator("#body").fill("Never mind")]);
      await page.locator("#answer .discard").waitFor();
      await page.locator("#body").fill("");
      await Promise.all([kept(page), page.goto("/groups")]);
      await page.goto(post);
      assert.equal(await page.locator("#body").inputValue(), "");
      assert.equal(await page.locator("#answer .discard").isVisible(), false);
    });
  });

  it("is kept by a button without JavaScript", async () => {
    const { post } = await thread("Kept by hand");
    await alone({ javascript: false, width: 360 }, async (page) => {
      await page.goto(post);
      await done(page, "/comments", { body: "Half a thought" }, "1");
      assert.equal(new URL(page.url()).hash, "#answer");
      assert.equal(await page.locator("#body").inputValue(), "Half a thought");
      await page.goto("/drafts");
      await page.getByRole("link", { name: "Kept by hand" }).click();
      await form(page, "/comments").locator(".discard > summary").click();
      await form(page, "/comments").locator("[name=discard]").click();
      await page.waitForURL("**#answer");
      assert.equal(await page.locator("#body").inputValue(), "");
    });
  });
});

describe("what is marked", () => {
  const button = "#quote-marked";

  /** Marks what an element says, as a mouse or the keyboard does. */
  const mark = (page, selector) =>
    page.locator(selector).evaluate((element) => getSelection().selectAllChildren(element));

  it("in a post is quoted in the answer to it", async () => {
    const { post } = await thread("Quoted post");
    await alone({ width: 360 }, async (page) => {
      await page.goto(post);
      assert.equal(await page.locator(button).isVisible(), false);
      await page.locator("#body").fill("First of all:");
      await mark(page, ".thread > .prose");
      await page.locator(button).waitFor();
      const box = await page.locator(button).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
      assert.deepEqual(await complaints(page, ALL), []);
      await page.locator(button).click();
      const quote = [
        "First of all:",
        "",
        `[anna](${hub.base}${post}) wrote:`,
        "",
        "> Torque matters here.",
        ">",
        "> More than 2 \\* 3 things do.",
        "",
        "",
      ];
      assert.equal(await page.locator("#body").inputValue(), quote.join("\n"));
      assert.equal(await page.evaluate(() => document.activeElement.id), "body");
      assert.equal(await page.locator(button).isVisible(), false);
      await page.keyboard.type("So it is.");
      await page.keyboard.press("Control+Enter");
      await page.waitForURL("**#comment-*");
      const said = page.locator(".comment", { hasText: "So it is." });
      assert.match(await said.locator("blockquote").innerText(), /More than 2 \* 3 things do\./);
    });
  });

  it("in a comment is quoted by the keyboard alone, and kept", async () => {
    const { post, comment } = await thread("Quoted comment");
    await alone({}, async (page) => {
      await page.goto(post);
      for (const key of ["Tab", "q"]) {
        await mark(page, `#comment-${comment} > .prose`);
        await page.locator(button).waitFor();
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press(key);
        if (key === "Tab") {
          assert.equal(await page.evaluate(() => document.activeElement.id), "quote-marked");
          await page.keyboard.press("Enter");
        }
        const area = page.locator(`#body-${comment}`);
        await area.waitFor();
        const quote = `[anna](${hub.base}/comment/${comment}) wrote:\n\n> PH2, always.\n\n`;
        assert.equal(await area.inputValue(), quote);
        assert.equal(await page.evaluate(() => document.activeElement.name), "body");
        await area.fill("");
      }
      await mark(page, `#comment-${comment} > .meta`);
      await page.waitForTimeout(500);
      assert.equal(await page.locator(button).isVisible(), false, "that is no text of anybody");
    });
  });

  it("is nothing to visitors, and needs no JavaScript", async () => {
    const { post } = await thread("Not quoted");
    await alone({ state: undefined }, async (page) => {
      await page.goto(post);
      assert.equal(await page.locator(button).count(), 0);
    });
    await alone({ javascript: false }, async (page) => {
      await page.goto(post);
      assert.equal(await page.locator(button).isVisible(), false);
    });
  });
});

describe("the best posts", () => {
  for (const javascript of [false, true]) {
    it(`are those of a chosen time ${javascript ? "with" : "without"} JavaScript`, async () => {
      await thread("Of today");
      await alone({ javascript, width: 360 }, async (page) => {
        await page.goto("/c/drivers");
        await page.getByRole("link", { name: "Top", exact: true }).click();
        await page.waitForURL("**sort=top");
        await page.getByRole("link", { name: "Week", exact: true }).click();
        await page.waitForURL("**range=week");
        assert.ok((await page.getByText("Of today").count()) > 0);
        assert.equal(await page.locator("nav[aria-label='Time range'] [aria-current]").innerText(), "Week");
      });
    });
  }
});
