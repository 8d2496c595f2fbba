// What scripts add to reading and writing: names are offered, answers are put in place, menus and dialogs open
// above the page. Without scripts the same is to be had by links and forms.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WCAG, complaints } from "./axe.js";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { done, form, signIn } from "./steps.js";

const api = "/api/hub/v1";

let hub;
let browser;
let ben;

before(async () => {
  hub = await Hub.start();
  browser = await launch();
  const { context, page } = await open(browser, hub);
  await signIn(page, "ben");
  ben = await context.storageState();
  await context.close();
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

/** Runs steps in a page of their own; nothing may have gone wrong in it unseen. */
async function alone(options, steps) {
  const { context, page, faults } = await open(browser, hub, options);
  try {
    await steps(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

async function made(where, body, as) {
  const answer = await hub.call("POST", `${api}${where}`, body, as);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

/** A thread of anna's with a comment of hers. */
async function thread(title) {
  const post = await made("/groups/drivers/posts", { title, body: "What do you think?" }, "anna");
  const comment = await made(`/posts/${post}/comments`, { body: "This, for one." }, "anna");
  return { post, comment };
}

async function sound(page) {
  // The element that offers names makes a combobox of a text area, which is good practice nowhere else.
  assert.deepEqual(await complaints(page, WCAG), []);
  const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  assert.ok((await page.evaluate(overflow)) <= 0, "nothing sticks out sideways");
}

describe("names", () => {
  for (const width of [360, 1280]) {
    it(`are offered while somebody writes an answer, ${width} wide`, () =>
      alone({ state: ben, width }, async (page) => {
        const { post, comment } = await thread("Whom to ask?");
        await page.goto(`/post/${post}`);
        const field = page.locator("#body");
        await field.focus();
        await page.keyboard.type("Ask @an");
        const offered = page.locator(".names [role=option]");
        await offered.first().waitFor();
        assert.deepEqual(await offered.evaluateAll((all) => all.map((one) => one.dataset.written)), ["@anna"]);
        assert.equal(await field.getAttribute("aria-expanded"), "true");
        assert.equal(await field.getAttribute("aria-activedescendant"), await offered.first().getAttribute("id"));
        await sound(page);
        await page.keyboard.press("Enter");
        assert.equal(await field.inputValue(), "Ask @anna ");
        assert.equal(await page.locator(".names").count(), 0);
        await page.keyboard.type("or !driv");
        await offered.first().waitFor();
        await page.keyboard.press("Escape");
        assert.equal(await page.locator(".names").count(), 0);
        assert.equal(await field.inputValue(), "Ask @anna or !driv");
        await page.keyboard.type("\n@nobody-here");
        await page.waitForResponse((answer) => answer.url().includes("nobody-here"));
        assert.equal(await page.locator(".names").count(), 0);

        await page.locator(`#comment-${comment} details.open`, { hasText: "Answer" }).locator("> summary").click();
        await page.locator(`#body-${comment}`).focus();
        await page.keyboard.type("!DRI");
        await offered.first().click();
        assert.equal(await page.locator(`#body-${comment}`).inputValue(), `!drivers@localhost:${hub.port} `);
      }));
  }

  it("are offered to somebody who types faster than the line", () =>
    alone({ state: ben }, async (page) => {
      let letThrough;
      const held = new Promise((resolve) => (letThrough = resolve));
      await page.route("**/expander.js", (route) => held.then(() => route.continue()));
      const { post } = await thread("In a hurry");
      await page.goto(`/post/${post}`);
      await page.locator("#body").focus();
      await page.keyboard.type("Ask @an");
      letThrough();
      await page.locator(".names [role=option]").first().waitFor();
    }));

  it("are offered where somebody writes to others", () =>
    alone({ state: ben }, async (page) => {
      await page.goto("/messages/new");
      await page.locator("#to").focus();
      await page.keyboard.type("@ann");
      await page.locator(".names [role=option]").first().waitFor();
      await page.keyboard.press("Tab");
      assert.equal(await page.locator("#to").inputValue(), "@anna ");
      await page.locator("#body").fill("Hello.");
      await Promise.all([page.waitForURL("**/messages/*"), form(page, "/messages/new").locator("button.strong").click()]);
      assert.equal(await page.getByText("Hello.").count() > 0, true);
    }));
});

describe("answers that come while somebody reads", () => {
  it("are put in their places where they are wanted, and nothing that is typed is lost", () =>
    alone({ state: ben }, async (page) => {
      const { post, comment } = await thread("What now?");
      await page.goto(`/post/${post}`);
      await page.evaluate("globalThis.same = true");
      await page.locator("#body").fill("Half a thought");
      const comments = `/posts/${post}/comments`;
      const below = await made(comments, { body: "Below that.", parent_id: comment }, "anna");
      const deeper = await made(comments, { body: "And below this.", parent_id: below }, "anna");
      const beside = await made(comments, { body: "Beside it." }, "anna");
      const line = page.locator(".live");
      await line.getByText("3 new answers: show them").waitFor();
      await line.locator("a").focus();
      await page.keyboard.press("Enter");
      await line.getByText("3 new answers are in their places").waitFor();
      assert.equal(await page.evaluate("globalThis.same"), true, "the page is the same");
      const above = (id) => page.locator(`#comment-${id}`).evaluate((it) => it.closest("li").parentElement.closest("li")?.querySelector("article").id);
      assert.equal(await above(below), `comment-${comment}`);
      assert.equal(await above(deeper), `comment-${below}`);
      assert.equal(await above(beside), undefined);
      assert.equal(await page.locator("#body").inputValue(), "Half a thought");
      assert.equal(await page.evaluate("document.activeElement.matches('.live a')"), true);
      assert.match(await page.locator("#comments-heading").innerText(), /4/);
      await sound(page);

      const later = await made(comments, { body: "And one more." }, "anna");
      await line.getByText("One new answer: show it").waitFor();
      await line.locator("a").click();
      await page.locator(`#comment-${later}`).waitFor();
      const vote = page.locator(`#comment-${later} .vote button`).first();
      await vote.click();
      await page.locator(`#comment-${later} .vote button[aria-pressed=true]`).waitFor();
      await line.locator("a").click();
      assert.equal(new URL(page.url()).hash, `#comment-${later}`);
      assert.equal(await page.evaluate("globalThis.same"), true, "the page is still the same");
    }));

  it("come to a thread that had none", () =>
    alone({}, async (page) => {
      const post = await made("/groups/drivers/posts", { title: "Nobody yet" }, "anna");
      await page.goto(`/post/${post}`);
      const first = await made(`/posts/${post}/comments`, { body: "Me." }, "anna");
      await page.locator(".live").getByText("One new answer").waitFor();
      await page.locator(".live a").click();
      await page.locator(`#comment-${first}`).waitFor();
      assert.equal(await page.locator("#comments > .empty").count(), 0);
      assert.equal(await page.locator("#comments > .tabs").count(), 0, "one needs no order");
      await made(`/posts/${post}/comments`, { body: "Me, too." }, "anna");
      await page.locator(".live").getByText("One new answer: show it").waitFor();
      await page.locator(".live a").click();
      await page.locator("#comments > .tabs").getByRole("link", { name: "New", exact: true }).waitFor();
    }));
});

describe("what is new", () => {
  it("is counted while a page stays open and is looked at, and its title says so", () =>
    alone({ state: ben }, async (page) => {
      await page.clock.install();
      const { post } = await thread("What is new?");
      await page.goto("/groups");
      const counts = page.locator("[data-unread='/notices']");
      const before = Number(await counts.first().getAttribute("data-count"));
      await made(`/posts/${post}/comments`, { body: "Look at this, @ben." }, "anna");
      await Promise.all([page.waitForResponse("**/news"), page.clock.fastForward(60_000)]);
      await page.locator(`.doors [data-unread='/notices'][data-count='${before + 1}']`).waitFor({ state: "attached" });
      const all = await counts.evaluateAll((places) => places.map((place) => place.textContent));
      assert.ok(all.length > 2 && all.every((text) => text === `${before + 1}${before + 1} new`), String(all));
      assert.match(await page.title(), new RegExp(`^\\(${before + 1}\\) Groups`));
      await sound(page);
    }));
});

describe("the menu of a comment", () => {
  for (const width of [360, 1280]) {
    it(`holds what is seldom done, ${width} wide`, () =>
      alone({ state: ben, width }, async (page) => {
        const { post, comment } = await thread("Keep this");
        await page.goto(`/post/${post}`);
        const menu = page.locator(`#comment-${comment} details.rest`);
        assert.equal(await menu.locator("a, button").first().isVisible(), false);
        await menu.locator("summary").focus();
        await page.keyboard.press("Enter");
        for (const item of await menu.locator("a, button").all()) {
          const { x, width: size } = await item.boundingBox();
          assert.ok(x >= 0 && x + size <= width, "all of it is in sight");
        }
        await sound(page);
        await page.keyboard.press("Escape");
        assert.equal(await menu.getAttribute("open"), null);
        assert.equal(await page.evaluate("document.activeElement.matches('.rest > summary')"), true);
        await menu.locator("summary").click();
        await Promise.all([page.waitForURL("**#comment-*"), menu.locator("form[action$='/save'] button").click()]);
        await page.goto("/saved");
        assert.ok((await page.getByText("This, for one.").count()) > 0);
      }));
  }
});

describe("the row below a comment", () => {
  for (const language of ["en", "de"]) {
    it(`does not break on a small telephone in ${language}`, () =>
      alone({ state: ben, width: 360, language }, async (page) => {
        const asked = { title: "How deep?", body: "Tell me.", question: true };
        const post = await made("/groups/drivers/posts", asked, "ben");
        let parent;
        for (let depth = 1; depth <= 5; depth += 1) {
          parent = await made(`/posts/${post}/comments`, { body: "Deeper.", parent_id: parent }, "anna");
        }
        await page.goto(`/post/${post}`);
        const rows = await page.locator(".comment > .tools").evaluateAll((all) =>
          all.map((row) => [row.offsetHeight, Math.max(...[...row.children].map((item) => item.offsetHeight))]),
        );
        assert.equal(rows.length, 5);
        for (const [row, item] of rows) assert.ok(row < 1.5 * item, JSON.stringify(rows));
        await page.locator(`#comment-${parent} .react > summary`).click();
        await sound(page);
        await page.locator(`#comment-${parent} .react button`).first().click();
        await page.locator(`#comment-${parent} button[aria-pressed=true][name=on]`).waitFor();
      }));
  }
});

describe("who has an account elsewhere", () => {
  for (const javascript of [false, true]) {
    it(`is asked for it ${javascript ? "above the page" : "on a page of its own"}`, () =>
      alone({ javascript }, async (page) => {
        await page.goto("/c/drivers");
        const join = page.locator('.banner a[href^="/intent/follow"]');
        await join.click();
        await page.locator("#home").waitFor();
        assert.equal(new URL(page.url()).pathname, javascript ? "/c/drivers" : "/intent/follow");
        if (javascript) {
          assert.equal(await page.getByRole("dialog").count(), 1);
          assert.equal(await page.evaluate("document.activeElement.id"), "home");
          await sound(page);
          await page.keyboard.press("Escape");
          await page.locator("dialog").waitFor({ state: "detached" });
          assert.equal(await join.evaluate((it) => it === document.activeElement), true, "the focus is back");
          await join.click();
          await page.locator("[data-close]").click();
          await page.locator("dialog").waitFor({ state: "detached" });
          await join.click();
        }
        await page.locator("#home").fill(`localhost:${hub.port}`);
        await Promise.all([page.waitForURL("**/sign-in?*"), form(page, "/intent/follow").locator("button.strong").click()]);
        assert.equal(new URL(page.url()).searchParams.get("next"), "/c/drivers");
      }));
  }
});

describe("who asked to join", () => {
  /** A member of their own with the page of a group that was asked. */
  async function asks(name, javascript, steps) {
    hub.user(name, "member");
    await alone({ javascript }, async (page) => {
      await signIn(page, name);
      await page.goto("/c/den");
      await done(page, "/c/den/join");
      await page.getByText("The moderators know").waitFor();
      await steps(page, (accept) => hub.call("POST", `${api}/groups/den/requests/${name}`, { accept }, "anna"));
    });
  }

  it("is shown the answer when it comes", () =>
    asks("carla", true, async (page, answer) => {
      await page.evaluate("globalThis.same = true");
      await page.locator("[data-awaits] a").focus();
      assert.equal((await answer(true)).status, 200);
      await page.locator("main > .note.good").getByText("You are in").waitFor();
      await form(page, "/c/den/leave").waitFor();
      assert.equal(await page.locator("[data-awaits]").count(), 0);
      assert.equal(await page.evaluate("globalThis.same"), true, "the page is the same");
      assert.equal(await page.evaluate("document.activeElement.id"), "main");
    }));

  it("is shown a refusal, too", () =>
    asks("dora", true, async (page, answer) => {
      assert.equal((await answer(false)).status, 200);
      await page.locator("main > .note.bad").getByText("turned down").waitFor();
      assert.equal(await page.locator("[data-awaits]").count(), 0);
      await sound(page);
    }));

  it("looks again by a link without JavaScript", () =>
    asks("emil", false, async (page, answer) => {
      await page.locator("[data-awaits] a").click();
      await page.locator("[data-awaits]").waitFor();
      assert.equal((await answer(true)).status, 200);
      await page.locator("[data-awaits] a").click();
      await page.locator("[data-awaits]").waitFor({ state: "detached" });
    }));
});

describe("the home page", () => {
  for (const javascript of [false, true]) {
    it(`leads to what is unanswered ${javascript ? "with" : "without"} JavaScript`, () =>
      alone({ state: ben, javascript }, async (page) => {
        const title = `Which glue ${javascript}?`;
        await made("/groups/drivers/posts", { title, body: "For wood.", question: true }, "anna");
        await page.goto("/");
        await Promise.all([page.waitForURL("**/?in=unanswered"), page.getByRole("link", { name: "Unanswered" }).click()]);
        assert.equal(await page.getByRole("link", { name: title, exact: true }).count(), 1);
        assert.equal(await page.locator(".tabs [aria-current=page]").innerText(), "Unanswered");
      }));
  }
});
