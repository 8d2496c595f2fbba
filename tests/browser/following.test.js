// Following people: a button on their page, what they write on the home page, the list of whom one follows, and
// the notice; with and without JavaScript, in both languages, and from one hub to another.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ALL, complaints } from "./axe.js";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { compose, done, signIn, signUp } from "./steps.js";

let home;
let elsewhere;
let browser;

before(async () => {
  [home, elsewhere] = await Promise.all([Hub.start(), Hub.start()]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await Promise.all([home?.stop(), elsewhere?.stop()]);
});

const WORDS = {
  en: { tab: "Following", told: "follows you", nobody: "You follow nobody yet." },
  de: { tab: "Ich folge", told: "folgt dir", nobody: "Du folgst noch niemandem." },
};

for (const language of ["en", "de"]) {
  for (const javascript of [true, false]) {
    const how = javascript ? "with" : "without";
    describe(`following somebody in ${language} ${how} JavaScript`, () => {
      const words = WORDS[language];
      const options = { language, javascript, width: 360 };
      const suffix = `${language}_${javascript ? "js" : "plain"}`;

      it("shows what they write until one follows them no more", async () => {
        const author = await open(browser, home, options);
        await signUp(author.page, `writer_${suffix}`);
        const title = `Written by ${suffix}`;
        await compose(author.page, "drivers", title, "A text.");

        const { context, page, faults } = await open(browser, home, options);
        const sound = async () => {
          if (javascript) assert.deepEqual(await complaints(page, ALL), [], page.url());
          const wide = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => 0);
          assert.ok(wide <= 360, `${page.url()} is ${wide} wide`);
        };
        await signUp(page, `reader_${suffix}`);
        await page.goto("/following");
        assert.match(await page.locator("main").innerText(), new RegExp(words.nobody));
        await sound();

        await page.goto(`/u/writer_${suffix}`);
        await done(page, `/u/writer_${suffix}/follow`);
        assert.equal(await page.locator(`form[action="/u/writer_${suffix}/unfollow"]`).count(), 1);
        await sound();
        await page.goto("/");
        await page.locator(".tabs .scope a", { hasText: words.tab }).click();
        await page.locator("main", { hasText: title }).waitFor();
        await sound();

        await author.page.goto("/notices?show=followers");
        assert.match(await author.page.locator("main").innerText(), new RegExp(words.told));

        await page.goto("/following");
        await sound();
        await done(page, `/u/writer_${suffix}/unfollow`);
        assert.match(new URL(page.url()).pathname, /^\/following$/);
        assert.match(await page.locator("main").innerText(), new RegExp(words.nobody));
        await page.goto("/?in=following");
        assert.equal(await page.locator("main", { hasText: title }).count(), 0);
        assert.deepEqual([...faults, ...author.faults], []);
        await Promise.all([context.close(), author.context.close()]);
      });
    });
  }
}

describe("following somebody of another hub", () => {
  it("leads visitors to their own server", async () => {
    const { context, page, faults } = await open(browser, elsewhere, { javascript: false });
    await page.goto("/u/anna");
    await page.locator('a[href^="/intent/follow"]').click();
    assert.match(await page.locator("main").innerText(), /@anna@localhost/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("brings what they write in their groups", async () => {
    const person = `/u/anna@localhost:${elsewhere.port}`;
    const { context, page, faults } = await open(browser, home, { javascript: false });
    await signIn(page, "ben");
    await page.goto(`/search?q=${encodeURIComponent(`@anna@localhost:${elsewhere.port}`)}`);
    await page.goto(person);
    await done(page, `${person}/follow`);
    for (const end = Date.now() + 30_000; (await page.locator(".chip.good").count()) === 0; ) {
      assert.ok(Date.now() < end, `no answer: ${home.log()}${elsewhere.log()}`);
      await page.waitForTimeout(200);
      await page.goto(person);
    }
    const text = { title: "From over there", body: "Hello." };
    const posted = await elsewhere.call("POST", "/api/hub/v1/groups/drivers/posts", text, "anna");
    assert.equal(posted.status, 201);
    await page.goto("/?in=following");
    for (const end = Date.now() + 30_000; (await page.locator("main", { hasText: text.title }).count()) === 0; ) {
      assert.ok(Date.now() < end, `it does not come: ${home.log()}${elsewhere.log()}`);
      await page.waitForTimeout(200);
      await page.reload();
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
});
