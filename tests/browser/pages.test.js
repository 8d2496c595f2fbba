// Every page, in every language of the hub, with and without JavaScript, light and dark, for those who may see
// it: it has a heading and the right language, asks nobody else for anything, forbids inline code, fits a small
// screen, nothing lies over its links and buttons, and axe finds nothing to complain about. GUILDHALL_SCREENSHOTS
// names a directory for pictures of all.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { ALL, COLOURS, complaints } from "./axe.js";
import { launch, open, policyOf } from "./browser.js";
import { Hub, PASSWORD } from "./hub.js";
import { Peer } from "./peer.js";
import { covered } from "./reach.js";
import { done, form, send, signIn } from "./steps.js";

/** `{post}` stands for a post of anna's with comments, `{poll}` and `{event}` for what they say, `{held}` for one of ben's that waits, `{server}` for another server; `as` for who looks, `status` for what a page answers that refuses. */
const PAGES = [
  { at: "/" },
  { at: "/c/drivers" },
  { at: "/c/drivers?sort=top" },
  { at: "/?sort=top&range=day", as: "anna" },
  { at: "/post/{post}" },
  { at: "/post/{post}", as: "ben" },
  { at: "/comment/{comment}" },
  { at: "/comment/{comment}/edit", as: "anna" },
  { at: "/comment/{comment}/remove", as: "anna" },
  { at: "/comment/{comment}/report", as: "ben" },
  { at: "/u/anna" },
  { at: "/u/anna?show=comments" },
  { at: "/u/anna", as: "ben" },
  { at: "/u/mallory@{server}", as: "anna" },
  { at: "/sign-in" },
  { at: "/sign-up" },
  { at: "/forgot" },
  { at: "/confirm?token=none" },
  { at: "/confirm-address?token=none" },
  { at: "/reset?token=none" },
  { at: "/settings/account", as: "anna" },
  { at: "/settings/notifications", as: "anna" },
  { at: "/unsubscribe?of=1&what=topics&seal=none" },
  { at: "/settings/export", as: "anna" },
  { at: "/settings/leaving", as: "leaver" },
  { at: "/notices?show=mentions", as: "anna" },
  { at: "/people?show=all&q=a", as: "anna" },
  { at: "/invitations", as: "anna" },
  { at: "/people", as: "anna" },
  { at: "/", as: "anna" },
  { at: "/?in=unanswered", as: "anna" },
  { at: "/?in=following", as: "anna" },
  { at: "/following", as: "anna" },
  { at: "/following?show=groups", as: "anna" },
  { at: "/c/drivers", as: "anna" },
  { at: "/post/{post}", as: "anna" },
  { at: "/post/{post}/edit", as: "anna" },
  { at: "/c/drivers/new", as: "anna" },
  { at: "/c/drivers/new?form=poll", as: "anna" },
  { at: "/c/drivers/new?form=event", as: "anna" },
  { at: "/post/{poll}" },
  { at: "/post/{poll}", as: "anna" },
  { at: "/post/{poll}", as: "ben" },
  { at: "/post/{event}" },
  { at: "/post/{event}", as: "anna" },
  { at: "/post/{event}", as: "ben" },
  { at: "/post/{event}/guests", as: "anna" },
  { at: "/messages", as: "anna" },
  { at: "/messages/new", as: "anna" },
  { at: "/messages/{conversation}", as: "anna" },
  { at: "/settings/profile", as: "anna" },
  { at: "/c/drivers/moderation", as: "anna" },
  { at: "/intent/follow?of=/c/drivers" },
  { at: "/intent/reply?of=/post/{post}" },
  { at: "/intent/vote?of=/post/{post}" },
  { at: "/sign-in/elsewhere" },
  { at: "/settings/linked", as: "anna" },
  { at: "/search?q=bit" },
  { at: "/search?q=nothing-like-it&tab=people&language=de" },
  { at: "/tags/bits" },
  { at: "/members", as: "anna" },
  { at: "/c/drivers/members", as: "anna" },
  { at: "/c/drivers/about" },
  { at: "/c/drivers/log" },
  { at: "/log" },
  { at: "/mod", as: "anna" },
  { at: "/mod?kind=report&group=drivers", as: "anna" },
  { at: "/mod?kind=sign_up", as: "anna" },
  { at: "/mod/wordings", as: "anna" },
  { at: "/rules", as: "anna" },
  { at: "/c/drivers/rules", as: "anna" },
  { at: "/post/{post}/remove?next=/mod", as: "anna" },
  { at: "/post/{post}/report", as: "anna" },
  { at: "/admin/announcements", as: "anna" },
  { at: "/servers", as: "anna" },
  { at: "/servers/{server}", as: "anna" },
  { at: "/u/ben/report", as: "anna" },
  { at: "/admin/appearance", as: "anna" },
  { at: "/styleguide", as: "anna" },
  { at: "/groups" },
  { at: "/groups", as: "anna" },
  { at: "/groups/new", as: "anna" },
  { at: "/notices", as: "anna" },
  { at: "/search?q=bit", as: "anna" },
  { at: "/people", as: "anna" },
  { at: "/quotes", as: "anna" },
  { at: "/moving", as: "anna" },
  { at: "/c/drivers/moving", as: "anna" },
  { at: "/away", as: "anna" },
  { at: "/filters", as: "anna" },
  { at: "/admin", as: "anna" },
  { at: "/admin/pictures", as: "anna" },
  { at: "/admin/groups", as: "anna" },
  { at: "/admin/groups?q=nothing-like-it", as: "anna" },
  { at: "/servers?show=failing", as: "anna" },
  { at: "/u/ben", as: "anna" },
  { at: "/questions?show=open&order=oldest&of=mine", as: "anna" },
  { at: "/about" },
  { at: "/about", as: "anna" },
  { at: "/about/imprint/edit", as: "anna" },
  { at: "/about/imprint" },
  { at: "/message/{message}/report", as: "anna" },
  { at: "/c/den" },
  { at: "/c/den", as: "anna" },
  { at: "/c/den/moderation", as: "anna" },
  { at: "/post/{held}", as: "anna" },
  { at: "/post/{removed}", as: "ben" },
  { at: "/new", as: "anna" },
  { at: "/new?draft={draft}", as: "anna" },
  { at: "/drafts", as: "anna" },
  { at: "/questions" },
  { at: "/events" },
  { at: "/events?group=drivers&show=over", as: "anna" },
  { at: "/questions?show=answered", as: "anna" },
  { at: "/post/{question}" },
  { at: "/post/{question}", as: "anna" },
  { at: "/post/{question}/history", as: "anna" },
  { at: "/saved", as: "anna" },
  { at: "/embed/comments?url=https://blog.example/new" },
  { at: "/embed/comments?url=https://blog.example/screws" },
  { at: "/embed/comments?url=https://elsewhere.example/", status: 403 },
  { at: "/embed/feed" },
  { at: "/embed/questions" },
  { at: "/embed/events" },
  { at: "/embed/join/drivers" },
  { at: "/embed/group/drivers" },
  { at: "/embed/thread/{post}" },
  { at: "/admin", as: "ben", status: 403 },
  { at: "/no/such/page", status: 404 },
];
const LANGUAGES = ["en", "de"];

let hub;
let peer;
let browser;
const numbers = {};
const states = {};

before(async () => {
  hub = await Hub.start();
  const body = "Torque **matters** for #bits.\n\n| size | Nm |\n|---|---|\n| M5 | 6 |\n\n```\nlet x = 1;\n```\n";
  const made = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", { title: "Which bit?", body }, "anna");
  assert.equal(made.status, 201, JSON.stringify(made.body));
  numbers.post = made.body.id;
  const poll = { options: ["PH2", "Torx"], multiple: true, ends_at: inDays(7) };
  const event = { starts_at: inDays(7), timezone: "Europe/Berlin", place: "The workshop", restricted: true };
  for (const [name, what] of Object.entries({ poll: { poll }, event: { event } })) {
    const extra = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", { title: `A ${name}`, ...what }, "anna");
    assert.equal(extra.status, 201, JSON.stringify(extra.body));
    numbers[name] = extra.body.id;
  }
  const attended = await hub.call("POST", `/api/hub/v1/posts/${numbers.event}/attend`, {}, "anna");
  assert.equal(attended.status, 200, JSON.stringify(attended.body));
  const sent = await hub.call("POST", "/api/hub/v1/messages", { to: ["ben"], body: "A **drill**?" }, "anna");
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  numbers.conversation = sent.body.conversation_id;
  const got = await hub.call("POST", "/api/hub/v1/messages", { to: ["anna"], body: "The cordless one." }, "ben");
  numbers.message = got.body.id;
  const party = { content: "🎉", on: true };
  await hub.call("POST", `/api/hub/v1/posts/${numbers.post}/react`, party, "ben");
  const comments = `/api/hub/v1/posts/${numbers.post}/comments`;
  const first = await hub.call("POST", comments, { body: "PH2, always." }, "anna");
  assert.equal(first.status, 201, JSON.stringify(first.body));
  numbers.comment = first.body.id;
  await hub.call("POST", comments, { body: "Really?", parent_id: first.body.id }, "anna");
  await write();
  const advert = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", { title: "Buy!", body: "Cheap." }, "ben");
  numbers.removed = advert.body.id;
  await hub.call("PATCH", "/api/hub/v1/groups/drivers", { approval: "all" }, "anna");
  const waiting = await hub.call("POST", "/api/hub/v1/groups/drivers/posts", { title: "May I?", body: "Please." }, "ben");
  assert.equal(waiting.status, 202, JSON.stringify(waiting.body));
  numbers.held = waiting.body.id;
  await moderate();
  peer = await Peer.start("Mallory");
  const met = await hub.call("GET", `/api/hub/v1/search?q=${encodeURIComponent(peer.actor)}`, undefined, "anna");
  assert.equal(met.status, 200, JSON.stringify(met.body));
  numbers.server = peer.host;
  browser = await launch();
  await enter();
  await leave();
});

/** Somebody who decides everything and has written the imprint, and somebody who decides nothing. */
async function enter() {
  for (const name of ["anna", "ben"]) {
    const { context, page } = await open(browser, hub);
    await signIn(page, name);
    if (name === "anna") {
      await page.goto("/about/imprint/edit");
      await done(page, "/about/imprint/edit", { title: "Imprint", body: "Anna Acme, *Acme Street 1*." });
    }
    states[name] = await context.storageState();
    await context.close();
  }
}

/** Somebody who asked for their account to be deleted, and signed in once more. */
async function leave() {
  const { context, page } = await open(browser, hub);
  hub.user("leaver", "member");
  await signIn(page, "leaver");
  await page.goto("/settings/account");
  await done(page, "/settings/delete", { leave_password: PASSWORD });
  await signIn(page, "leaver");
  states.leaver = await context.storageState();
  await context.close();
}

/** A question with an answer that helped and an earlier version, something saved, a draft and a plan. */
async function write() {
  const api = "/api/hub/v1";
  const ask = { title: "Which screw?", body: "For *oak*.", question: true };
  const asked = await hub.call("POST", `${api}/groups/drivers/posts`, ask, "anna");
  assert.equal(asked.status, 201, JSON.stringify(asked.body));
  numbers.question = asked.body.id;
  const post = `${api}/posts/${numbers.question}`;
  const link = { title: "On screws", url: "https://blog.example/screws" };
  const linked = await hub.call("POST", `${api}/groups/drivers/posts`, link, "anna");
  assert.equal(linked.status, 201, JSON.stringify(linked.body));
  await hub.call("POST", `${api}/posts/${linked.body.id}/comments`, { body: "Well **said**." }, "ben");
  const answer = await hub.call("POST", `${post}/comments`, { body: "A long one." }, "ben");
  await hub.call("POST", `${post}/answer`, { comment_id: answer.body.id }, "anna");
  await hub.call("PATCH", post, { body: "For *old* oak." }, "anna");
  await hub.call("POST", `${post}/save`, { saved: true }, "anna");
  const draft = { group: "drivers", title: "Half a thought", body: "To be gone on with" };
  const kept = await hub.call("POST", `${api}/drafts`, draft, "anna");
  assert.equal(kept.status, 201, JSON.stringify(kept.body));
  numbers.draft = kept.body.id;
  for (const parent_id of [undefined, numbers.comment]) {
    const begun = { body: `A first line.\n\n${"And more of it. ".repeat(20)}`, parent_id };
    const answer = await hub.call("POST", `${api}/posts/${numbers.post}/draft`, begun, "anna");
    assert.equal(answer.status, 204, JSON.stringify(answer.body));
  }
  const planned = await hub.call("POST", `${api}/drafts`, { ...draft, publish_at: inDays(2) }, "anna");
  assert.equal(planned.status, 201, JSON.stringify(planned.body));
}

/** A post that is removed, a report, rules of a group and of the hub, and something that everybody is told. */
async function moderate() {
  const api = "/api/hub/v1";
  const removal = { removed: true, reason: "An advert" };
  const removed = await hub.call("POST", `${api}/posts/${numbers.removed}/remove`, removal, "anna");
  assert.equal(removed.status, 204, JSON.stringify(removed.body));
  const made = [
    ["/groups/drivers/rules", { title: "No adverts", text: "Not even small ones." }],
    ["/rules", { title: "Be kind" }],
    ["/announcements", { body: "The workshop is **closed** on Monday. [More](/about)" }],
    [`/posts/${numbers.post}/report`, { reason: "Too hot" }, "ben"],
  ];
  for (const [path, body, by = "anna"] of made) {
    const answer = await hub.call("POST", `${api}${path}`, body, by);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
  }
}

after(async () => {
  await browser?.close();
  await peer?.stop();
  await hub?.stop();
});

function inDays(days) {
  return new Date(Date.now() + days * 24 * 3_600_000).toISOString();
}

/** Pages are looked at one after the other, so those of one reader share a browser's window. */
const windows = new Map();

async function windowOf(as, language, javascript) {
  const key = [as, language, javascript].join();
  if (!windows.has(key)) {
    const opened = await open(browser, hub, { language, javascript, state: states[as] });
    windows.set(key, { ...opened, wire: await opened.context.newCDPSession(opened.page) });
  }
  const { page, faults, wire } = windows.get(key);
  faults.length = 0;
  return { page, faults, wire };
}

/** Every page is at least as wide as a small telephone. */
async function fits(page, width) {
  await page.setViewportSize({ width, height: 800 });
  const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
  assert.ok((await page.evaluate(overflow)) <= 0, `nothing sticks out sideways at ${width}`);
}

/** Whoever clicks a link gets there and not elsewhere. */
async function reached(page, width) {
  assert.deepEqual(await covered(page), [], `nothing lies over a link, a button or a field at ${width}`);
}

/** Nothing is wrong with a page as it stands. */
async function sound(page, rules, how) {
  assert.deepEqual(await complaints(page, rules), [], how);
  const folder = process.env.GUILDHALL_SCREENSHOTS;
  if (folder) await page.screenshot({ path: path.join(folder, `${how}.png`), fullPage: true });
}

/** The colours for those who like it dark, without loading the page again. */
async function inTheDark(page, how) {
  // What moves from one colour to the other has neither on the way.
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  try {
    await sound(page, COLOURS, how);
  } finally {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
  }
}

/** Lets scripts run in a page that was loaded without, for axe is one; the page's own are past their time. */
async function withScripts(wire, measure) {
  const disabled = (value) => wire.send("Emulation.setScriptExecutionDisabled", { value });
  // What this connection did not switch off it cannot switch on.
  await disabled(true);
  await disabled(false);
  try {
    await measure();
  } finally {
    await disabled(true);
  }
}

async function measure({ page, wire }, name, language, javascript) {
  if (!javascript) {
    await fits(page, 320);
    // German is longer and shows first what is too narrow; one language is enough for the rest.
    if (language !== "de") return;
    await reached(page, 320);
    await withScripts(wire, () => sound(page, ALL, `${name}-plain`));
    return;
  }
  for (const width of [360, 1280]) {
    await fits(page, width);
    if (language === "en") await reached(page, width);
    await sound(page, ALL, `${name}-${width}`);
  }
  if (language === "en") await inTheDark(page, `${name}-dark`);
}

async function look(place, language, javascript) {
  const window = await windowOf(place.as, language, javascript);
  const { page, faults } = window;
  const answer = await page.goto(place.at.replace(/\{(\w+)\}/, (_, name) => numbers[name]));
  const status = place.status ?? 200;
  assert.equal(answer.status(), status);
  policyOf(answer);
  assert.match((await page.getAttribute("html", "lang")) ?? "", new RegExp(`^${language}`));
  const headings = page.locator("h1");
  assert.equal(await headings.count(), 1, "one h1");
  assert.notEqual((await headings.textContent()).trim(), "");
  assert.notEqual((await page.title()).trim(), "");
  const name = [place.at.replaceAll(/[^a-z0-9]+/gi, "_"), place.as ?? "visitor", language].join("-");
  await measure(window, name, language, javascript);
  const refusal = new RegExp(`^(${status} for|console: .* status of ${status} )`);
  assert.deepEqual(faults.filter((fault) => status === 200 || !refusal.test(fault)), []);
}

describe("pages", () => {
  for (const place of PAGES) {
    for (const language of LANGUAGES) {
      for (const javascript of [false, true]) {
        const who = place.as ?? "a visitor";
        const how = javascript ? "with JavaScript" : "without JavaScript";
        it(`${place.at} for ${who} in ${language} ${how}`, () => look(place, language, javascript));
      }
    }
  }

  it("that answer a form, with what is wrong in it or how it will look, are sound too", async () => {
    const { context, page } = await open(browser, hub, { state: states.ben, width: 360 });
    const answered = async (how) => {
      await sound(page, ALL, `${how}-360`);
      await inTheDark(page, `${how}-dark`);
    };
    await page.goto("/c/drivers/new");
    await done(page, "/new", { title: "How it looks", body: "# A heading\n\n> quoted" }, "1");
    assert.equal(await page.locator("blockquote").count(), 1);
    await answered("preview");
    await form(page, "/new").evaluate((f) => (f.noValidate = true));
    assert.equal(await send(page, "/new", { title: "", body: "Text." }), 422);
    assert.ok((await page.locator("[aria-invalid=true]").count()) > 0);
    await answered("refused");
    await context.close();
  });

  it("the page that leads to another server is sound too", async () => {
    const template = `${peer.base}/authorize?uri={uri}`;
    const link = { rel: "http://ostatus.org/schema/1.0/subscribe", template };
    const self = { rel: "self", type: "application/activity+json", href: peer.actor };
    const finger = { subject: `acct:mallory@${peer.host}`, links: [self, link] };
    peer.serve(`${peer.base}/.well-known/webfinger`, finger);
    const { context, page } = await open(browser, hub, { width: 360 });
    // Whoever answers with nothing leaves the browser where it is.
    await context.route(`${peer.base}/**`, (route) => route.fulfill({ status: 204 }));
    await page.goto("/intent/follow?of=/c/drivers");
    await done(page, "/intent/follow", { home: `mallory@${peer.host}` });
    assert.equal(await page.locator(`a[href^="${peer.base}/authorize?"]`).count(), 1);
    await sound(page, ALL, "leave-360");
    await inTheDark(page, "leave-dark");
    await context.close();
  });

  it("a refusal without anything around it is sound too", async () => {
    const busy = await Hub.start('\n[limits]\nrequests = "2/5m"\n');
    try {
      for (const language of LANGUAGES) {
        const { context, page } = await open(browser, busy, { language, width: 360 });
        let status = 200;
        for (let tries = 0; tries < 4 && status === 200; tries += 1) status = (await page.goto("/")).status();
        assert.equal(status, 429);
        assert.equal(await page.getAttribute("html", "lang"), language);
        assert.equal(await page.locator("nav").count(), 0, "nothing around it");
        await sound(page, ALL, `bare-${language}-360`);
        await inTheDark(page, `bare-${language}-dark`);
        await context.close();
      }
    } finally {
      await busy.stop();
    }
  });

  it("speaks the first language of the hub to those who speak none of them", async () => {
    const { context, page } = await open(browser, hub, { language: "fr" });
    await page.goto("/");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await context.close();
  });

  it("shows what a post holds, cleaned", async () => {
    const { context, page } = await open(browser, hub, { javascript: false });
    await page.goto(`/post/${numbers.post}`);
    assert.equal(await page.locator("h1").innerText(), "Which bit?");
    assert.equal(await page.locator("table td").first().innerText(), "M5");
    assert.equal(await page.locator("strong", { hasText: "matters" }).count(), 1);
    assert.equal(await page.getByText("Really?").count(), 1);
    await context.close();
  });
});
