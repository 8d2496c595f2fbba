// What people come for, from the first page to the last, in a browser: with JavaScript and without it the
// same forms do the same.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, open } from "./browser.js";
import { Hub, PASSWORD } from "./hub.js";
import { compose, done, form, send, signIn, signUp } from "./steps.js";

/** A picture of two by two red dots, as it is chosen in a form. */
const DOT = {
  name: "dot.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGM8IWfDwMDAxMDAwMDAAAAOTgEmR2hJIgAAAABJRU5ErkJggg==",
    "base64",
  ),
};

let hub;
let browser;

before(async () => {
  hub = await Hub.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

/** Runs a journey in a page of its own; nothing may have gone wrong in it unseen. */
async function alone(javascript, journey) {
  const { context, page, faults } = await open(browser, hub, { javascript });
  try {
    await journey(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

async function post(path) {
  const answer = await hub.call("GET", `/api/hub/v1/posts/${path.split("/").at(-1)}`, undefined, "anna");
  return answer.body;
}

for (const javascript of [false, true]) {
  describe(javascript ? "with JavaScript" : "without JavaScript", () => {
    const suffix = javascript ? "js" : "plain";

    it("a newcomer signs up, writes, answers, votes, edits and deletes", () =>
      alone(javascript, async (page) => {
        await signUp(page, `newcomer_${suffix}`);
        const path = await compose(page, "drivers", "A first question", "Which **one**?");
        assert.equal(await page.locator("h1").innerText(), "A first question");

        await done(page, "/comments", { body: "Answering myself." });
        assert.equal(await page.getByText("Answering myself.").count(), 1);
        assert.equal((await post(path)).comment_count, 1);

        const words = { title: "Vote on me", body: "Yes or no?" };
        const made = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", words, "anna");
        const other = `/post/${made.body.id}`;
        await page.goto(other);
        await done(page, `${other}/vote`, {}, "1");
        assert.equal((await post(other)).upvotes, 1);
        await page.goto(other);
        await done(page, `${other}/vote`, {}, "0");
        assert.equal((await post(other)).upvotes, 0);
        await page.goto(path);
        assert.equal(await page.locator(`form[action="${path}/vote"]`).count(), 0);

        await page.goto(`${path}/edit`);
        await done(page, `${path}/edit`, { title: "A better question", body: "Which **size**?" });
        assert.equal(await page.locator("h1").innerText(), "A better question");
        assert.equal((await post(path)).body, "Which **size**?");

        await page.goto(path);
        await send(page, `${path}/delete`);
        await page.goto("/c/drivers");
        assert.equal(await page.getByText("A better question").count(), 0);
      }));

    it("a draft is kept, gone on with on another device, and asked as a question that is answered", async () => {
      const title = `Which glue ${suffix}?`;
      await alone(javascript, async (page) => {
        await signIn(page, "ben");
        await page.goto("/new");
        await form(page, "/new").locator("[name=title]").fill(title);
        await Promise.all([page.waitForURL(/draft=/), page.locator('button[name="keep"]').click()]);
      });
      let path;
      await alone(javascript, async (page) => {
        await signIn(page, "ben");
        await page.goto("/drafts");
        await page.getByRole("link", { name: title }).first().click();
        await page.locator("#form-question").check({ force: true });
        await page.locator("[name=group]").selectOption("drivers");
        await done(page, "/new", { body: "For wood." });
        path = new URL(page.url()).pathname;
        await done(page, `${path}/comments`, { body: "Bone glue." });
        await done(page, "/accept", {});
        await page.goto(path);
        assert.equal(await page.locator(".accepted", { hasText: "Bone glue." }).first().isVisible(), true);
        await done(page, `${path}/save`);
        await page.goto("/saved");
        assert.equal(await page.getByText(title).count(), 1);
      });
      assert.notEqual((await post(path)).question.answer_id, null);
    });

    it("somebody posts two pictures, each described, and shows one of themselves", () =>
      alone(javascript, async (page) => {
        await signUp(page, `painter_${suffix}`);
        await page.goto("/c/drivers/new");
        const target = form(page, "/c/drivers/new");
        await target.locator("details.pictures summary").click();
        for (const [number, alt] of [[1, "A red dot"], [2, "The same dot"]]) {
          await target.locator(`[name="picture-${number}"]`).setInputFiles(DOT);
          await target.locator(`[name="alt-${number}"]`).fill(alt);
        }
        await done(page, "/c/drivers/new", { title: "Two dots", body: "Look." });
        for (const alt of ["A red dot", "The same dot"]) {
          const shown = page.getByAltText(alt, { exact: true });
          assert.ok(await shown.evaluate((one) => one.decode().then(() => one.naturalWidth > 0)), alt);
          assert.match(await shown.getAttribute("src"), /^\/media\/[0-9a-f]{64}/);
        }
        await page.goto("/settings");
        await form(page, "/settings/pictures").locator('[name="icon"]').setInputFiles(DOT);
        await done(page, "/settings/pictures");
        await page.goto(`/u/painter_${suffix}`);
        assert.ok((await page.locator("img[src^='/media/']").count()) > 0);
      }));

    it("somebody signed in joins a group, leaves it and signs out", () =>
      alone(javascript, async (page) => {
        await signIn(page, "ben");
        await page.goto("/c/drivers");
        await done(page, "/c/drivers/join");
        await done(page, "/c/drivers/leave");
        assert.equal(await form(page, "/c/drivers/join").count(), 1);
        await done(page, "/sign-out");
        assert.equal(await form(page, "/c/drivers/join").count(), 0);
      }));

    it("a moderator locks, features and removes a member's post", async () => {
      let path;
      await alone(javascript, async (page) => {
        await signIn(page, "ben");
        path = await compose(page, "drivers", `Buy now ${suffix}`, "Cheap.");
      });
      await alone(javascript, async (page) => {
        await signIn(page, "anna");
        await page.goto(path);
        await done(page, `${path}/lock`);
        assert.equal((await post(path)).locked, true);
        await page.goto(path);
        await done(page, `${path}/feature`);
        assert.equal((await post(path)).featured, true);
        await page.goto(path);
        await page.goto(`${path}/remove`);
        await send(page, `${path}/remove`, { reason: "Advertising" }, "");
        await page.goto("/c/drivers");
        assert.equal(await page.getByText(`Buy now ${suffix}`).count(), 0);
      });
    });

    it("somebody asks in a poll, and somebody else chooses once", () =>
      alone(javascript, async (page) => {
        await signIn(page, "anna");
        await page.goto("/c/drivers/new?form=poll");
        await done(page, "/c/drivers/new", { title: `Which bit ${suffix}?`, options: "PH2\nTorx" });
        const path = new URL(page.url()).pathname;
        await done(page, "/sign-out");
        await page.goto(path);
        assert.equal(await page.locator(`.poll a[href="/intent/vote?of=${path}"]`).count(), 1);

        await signIn(page, "ben");
        await page.goto(path);
        await page.getByRole("radio", { name: "Torx" }).check();
        await done(page, `${path}/poll`);
        assert.equal(await form(page, `${path}/poll`).count(), 0);
        assert.equal(await page.locator(".results li", { hasText: "Torx" }).locator(".chip").count(), 1);
        assert.equal(await page.locator(".results .chip").count(), 1);
        const { poll } = await post(path);
        assert.deepEqual(poll.options.map((option) => option.votes), [0, 1]);
        assert.equal(poll.voters, 1);
      }));

    it("somebody asks to come to an event, is let in by who invites, and does not come after all", () =>
      alone(javascript, async (guest) => {
        let path;
        await signIn(guest, "ben");
        await alone(javascript, async (page) => {
          await signIn(page, "anna");
          await page.goto("/c/drivers/new?form=event");
          await page.locator("#restricted").check();
          const starts_at = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString().slice(0, 16);
          const event = { title: `A meeting ${suffix}`, starts_at, timezone: "Europe/Berlin", place: "The workshop" };
          await done(page, "/c/drivers/new", event);
          path = new URL(page.url()).pathname;

          await guest.goto("/events");
          await guest.getByRole("link", { name: `A meeting ${suffix}` }).first().click();
          await guest.waitForURL(`**${path}`);
          await done(guest, `${path}/attend`);
          assert.equal((await post(path)).event.attendees, 0);

          await page.goto(`${path}/guests`);
          await done(page, `${path}/guests`);
          assert.equal((await post(path)).event.attendees, 1);
        });
        await guest.goto(path);
        assert.equal(await form(guest, `${path}/attend`).count(), 0);
        await done(guest, `${path}/unattend`);
        assert.equal(await form(guest, `${path}/attend`).count(), 1);
        assert.equal((await post(path)).event.attendees, 0);
      }));

    it("somebody reports a post, and a moderator takes it up and is done with it by removing the post", async () => {
      let path;
      const title = `Sell now ${suffix}`;
      await alone(javascript, async (page) => {
        await signIn(page, "ben");
        path = await compose(page, "drivers", title, "Dear.");
      });
      await alone(javascript, async (page) => {
        await signUp(page, `watcher_${suffix}`);
        await page.goto(path);
        await page.locator(".thread .tools details.rest > summary").click();
        await page.locator(`a[href="${path}/report"]`).click();
        await page.waitForURL(`**${path}/report`);
        await done(page, `${path}/report`, { reason: `An advert ${suffix}` });
        assert.equal(new URL(page.url()).pathname, path);
        assert.equal(await page.getByRole("status").filter({ hasText: /\S/ }).count(), 1);
      });
      await alone(javascript, async (page) => {
        await signIn(page, "anna");
        await page.goto("/mod?kind=report");
        const task = page.locator("article.report", { hasText: `An advert ${suffix}` });
        assert.equal(await task.count(), 1);
        await done(page, "/mod/claim");
        assert.equal(await form(page, "/mod/release").count(), 1);
        await task.locator('a[href*="/remove?next="]').click();
        await page.waitForURL(`**${path}/remove?**`);
        await done(page, `${path}/remove`, { reason: `Adverts ${suffix}`, message: "Please do not." }, "");
        assert.equal(new URL(page.url()).pathname, "/mod");
        assert.equal(await task.count(), 0);
        await page.goto("/log");
        assert.equal(await page.getByText(`Adverts ${suffix}`).count(), 1);
        await page.goto("/c/drivers");
        assert.equal(await page.getByText(title).count(), 0);
      });
    });

    it("an admin tells the members something, then everybody; who has read it puts it away", () =>
      alone(javascript, async (admin) => {
        const words = `Closed on Monday ${suffix}.`;
        const told = (page) => page.locator("section.note", { hasText: words }).count();
        await signIn(admin, "anna");
        await admin.goto("/admin/announcements");
        await admin.locator("#audience").selectOption("members");
        await done(admin, "/admin/announcements", { body: words });
        await alone(javascript, async (visitor) => {
          await visitor.goto("/");
          assert.equal(await told(visitor), 0);

          await admin.locator('a[href*="/admin/announcements?edit="]').first().click();
          await admin.waitForURL("**/admin/announcements?edit=*");
          await admin.locator("#audience").selectOption("everybody");
          await done(admin, "/admin/announcements");
          await visitor.goto("/groups");
          assert.equal(await told(visitor), 1);
          await done(visitor, "/dismiss");
          assert.equal(new URL(visitor.url()).pathname, "/groups");
          assert.equal(await told(visitor), 0);

          // Put away by a browser, not by the member who uses it next.
          await signIn(visitor, "ben");
          assert.equal(await told(visitor), 1);
          await done(visitor, "/dismiss");
          await visitor.goto("/groups");
          assert.equal(await told(visitor), 0);
        });
        await admin.goto("/admin/announcements");
        await done(admin, "/end");
        await admin.goto("/");
        assert.equal(await told(admin), 0);
      }));

    it("a moderator says what the group is about, and a missing title is answered on the form", async () => {
      const { context, page } = await open(browser, hub, { javascript });
      await signIn(page, "anna");
      await page.goto("/c/drivers/moderation");
      await done(page, "/moderation/settings", { title: "Drivers", summary: `All **bits** ${suffix}.` });
      await page.goto("/c/drivers");
      assert.equal(await page.getByText(`All bits ${suffix}.`).count(), 1);
      await page.goto("/c/drivers/moderation");
      await form(page, "/moderation/settings").evaluate((f) => (f.noValidate = true));
      assert.equal(await send(page, "/moderation/settings", { title: "", summary: "Else." }), 422);
      assert.equal(await form(page, "/moderation/settings").locator("[name=summary]").inputValue(), "Else.");
      await context.close();
    });

    it("somebody asks for their account to be deleted, is signed out, and thinks better of it", async () => {
      const { context, page } = await open(browser, hub, { javascript });
      await signUp(page, `leaver_${suffix}`);
      await page.goto("/settings/account");
      assert.equal(await send(page, "/settings/delete", { leave_password: "wrong wrong wrong" }), 422);
      await done(page, "/settings/delete", { leave_password: PASSWORD });
      assert.equal(new URL(page.url()).pathname, "/");
      assert.equal(await page.getByRole("status").count(), 1);
      assert.equal(await form(page, "/sign-out").count(), 0);
      await signIn(page, `leaver_${suffix}`);
      assert.equal(new URL(page.url()).pathname, "/settings/leaving");
      await done(page, "/settings/leaving/keep");
      assert.equal(new URL(page.url()).pathname, "/");
      assert.equal((await page.goto(`/u/leaver_${suffix}`)).status(), 200);
      await context.close();
    });

    it("a wrong password and an empty title are answered on the form, which keeps what was typed", async () => {
      const { context, page } = await open(browser, hub, { javascript });
      await page.goto("/sign-in");
      assert.equal(await send(page, "/sign-in", { name: "ben", password: "wrong wrong wrong" }), 422);
      assert.equal(await form(page, "/sign-in").locator("[name=name]").inputValue(), "ben");
      await signIn(page, "ben");
      await page.goto("/c/drivers/new");
      await form(page, "/new").evaluate((f) => (f.noValidate = true));
      assert.equal(await send(page, "/c/drivers/new", { title: "", body: "Text." }), 422);
      assert.equal(await form(page, "/new").locator("[name=body]").inputValue(), "Text.");
      await context.close();
    });
  });
}

describe("doors", () => {
  it("a page for members leads a visitor through sign-in and back", () =>
    alone(false, async (page) => {
      await page.goto("/c/drivers/new");
      assert.match(page.url(), /\/sign-in/);
      await done(page, "/sign-in", { name: "ben", password: "correct horse battery staple" });
      assert.equal(new URL(page.url()).pathname, "/c/drivers/new");
    }));

  it("a member finds no moderation and cannot reach it", async () => {
    const { context, page } = await open(browser, hub, { javascript: false });
    await signIn(page, "ben");
    const answer = await page.goto("/c/drivers/moderation");
    assert.equal(answer.status(), 403);
    await context.close();
  });

  it("an address that nothing lives at is a page that says so", async () => {
    const { context, page } = await open(browser, hub, { javascript: false });
    const answer = await page.goto("/c/nobody_here");
    assert.equal(answer.status(), 404);
    assert.equal(await page.locator("h1").count(), 1);
    await context.close();
  });
});
