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

/** Hands a message to the service worker of this hub, as the push service of a browser would. */
async function deliverer(context, page) {
  const wire = await context.newCDPSession(page);
  const registered = new Promise((resolve) => {
    wire.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      if (registrations.length > 0) resolve(registrations[0].registrationId);
    });
  });
  await wire.send("ServiceWorker.enable");
  const registrationId = await registered;
  return (data) => wire.send("ServiceWorker.deliverPushMessage", { origin: hub.base, registrationId, data });
}

/** What is shown under a title, as soon as it is; asked for again and again, since nothing tells of it. */
async function shown(page, title) {
  const look = async (wanted) => {
    const registration = await navigator.serviceWorker.ready;
    const notification = (await registration.getNotifications()).find(({ title }) => title === wanted);
    return notification && { title: wanted, body: notification.body, path: notification.data.path };
  };
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await page.evaluate(look, title);
    if (found) return found;
    assert.ok(Date.now() < end, `nothing is shown under "${title}"`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The pages that the service worker opens for clicks on what it showed, each about one path. */
async function opened(paths) {
  const script = await hub.call("GET", "/service-worker.js");
  const opened = [];
  const clients = { openWindow: async (url) => opened.push(url) };
  const handlers = new Map();
  const addEventListener = (name, handler) => handlers.set(name, handler);
  vm.runInNewContext(script.body, { URL, addEventListener, clients, location: { origin: hub.base } });
  for (const path of paths) {
    let closed = false;
    const notification = { data: { path }, close: () => (closed = true) };
    handlers.get("notificationclick")({ notification, waitUntil: () => {} });
    assert.ok(closed, path);
  }
  return opened;
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

    const deliver = await deliverer(context, page);
    const news = JSON.parse(data);
    await deliver(data);
    assert.deepEqual(await shown(page, news.title), news);
    // A click leads to the place on this hub, and to no other host, whatever came.
    assert.deepEqual(await opened([news.path, "https://evil.example/"]), [hub.base + news.path]);

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
