// News that come while no page is open: a browser is subscribed, the hub sends, and the service worker shows
// what came and opens what it is about.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import vm from "node:vm";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { PushService } from "./push_service.js";
import { form, signIn } from "./steps.js";

const AT = "/settings/notifications";

let hub;
let browser;
let service;

before(async () => {
  hub = await Hub.start();
  browser = await launch();
  service = await PushService.start();
});

after(async () => {
  await browser?.close();
  await service?.stop();
  await hub?.stop();
});

/** A signed-in page of anna's in a browser that would get its news from this push service. */
async function begin(permissions) {
  const { context, page, faults } = await open(browser, hub);
  await context.grantPermissions(permissions, { origin: hub.base });
  await page.addInitScript((subscription) => {
    PushManager.prototype.subscribe = async function (options) {
      if (!options.userVisibleOnly) throw new Error("unseen news are not allowed");
      return { toJSON: () => subscription };
    };
  }, service.subscription());
  await signIn(page, "anna");
  return { context, page, faults };
}

/**
 * The hub's service worker as a browser runs it: what it shows for a message, and what it opens for a click on that.
 * It runs here and not in Chromium, which hands what is shown to the desktop it runs on, and waits for one.
 */
async function worker() {
  const script = await hub.call("GET", "/service-worker.js");
  const handlers = new Map();
  const shown = [];
  const opened = [];
  vm.runInNewContext(script.body, {
    URL,
    location: { origin: hub.base },
    addEventListener: (name, handler) => handlers.set(name, handler),
    registration: { showNotification: async (title, options) => shown.push({ title, ...options }) },
    clients: { openWindow: async (url) => opened.push(url) },
  });
  const fire = async (name, event) => {
    const lasting = [];
    handlers.get(name)({ ...event, waitUntil: (promise) => lasting.push(promise) });
    await Promise.all(lasting);
  };
  return {
    show: async (text) => {
      await fire("push", { data: { json: () => JSON.parse(text) } });
      const { title, body, data } = shown.at(-1);
      return { title, body, path: data.path };
    },
    click: async (path) => {
      let closed = false;
      await fire("notificationclick", { notification: { data: { path }, close: () => (closed = true) } });
      assert.ok(closed, path);
      return opened.splice(0);
    },
  };
}

describe("news in a browser", () => {
  it("are switched on, sent, shown, opened and switched off", { timeout: 180_000 }, async () => {
    const { context, page, faults } = await begin(["notifications"]);
    await page.goto(AT);
    const key = await page.getAttribute("form[data-push-key]", "data-push-key");
    const asked = page.waitForRequest((request) => request.url().endsWith(`${AT}/push`));
    await form(page, `${AT}/push`).locator("button").click();
    assert.match((await asked).postData(), /endpoint=http/);
    await form(page, `${AT}/push/end`).waitFor();

    const api = "/api/hub/v1";
    const made = await hub.call("POST", `${api}/groups/drivers/posts`, { title: "Which bit?" }, "anna");
    const said = await hub.call("POST", `${api}/posts/${made.body.id}/comments`, { body: "PH2." }, "ben");
    assert.equal(said.status, 201, JSON.stringify(said.body));
    const message = await service.first();
    assert.equal(message.path, "/browsers/one");
    service.verify(message, key);
    const data = service.open(message);
    assert.deepEqual(JSON.parse(data), {
      title: "ben answered you",
      body: "PH2.",
      path: `/post/${made.body.id}?comment=${said.body.id}#comment-${said.body.id}`,
    });

    // The browser runs the hub's worker, which shows what came.
    const running = await page.evaluate(async () => (await navigator.serviceWorker.ready).active.scriptURL);
    assert.equal(running, `${hub.base}/service-worker.js`);
    const { show, click } = await worker();
    const news = JSON.parse(data);
    assert.deepEqual(await show(data), news);
    // A click leads to the place on this hub, and to no other host, whatever came.
    assert.deepEqual(await click(news.path), [hub.base + news.path]);
    assert.deepEqual(await click("https://evil.example/"), []);

    await form(page, `${AT}/push/end`).locator("button").click();
    await form(page, `${AT}/push`).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it("stay off where the browser does not allow them, and the page says so", async () => {
    const { context, page, faults } = await begin([]);
    await page.goto(AT);
    const asking = form(page, `${AT}/push`);
    await asking.locator("button").click();
    await asking.getByRole("status").waitFor();
    assert.equal(await form(page, `${AT}/push/end`).count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
