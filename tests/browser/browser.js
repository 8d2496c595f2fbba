// A browser with a fresh profile that talks to nobody but the hub, and notes whatever goes wrong in a page.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page of its own context; `faults` lists console errors, script errors and requests to other hosts. */
export async function open(browser, hub, options = {}) {
  const { language = "en", javascript = true, width = 1280, state } = options;
  const context = await browser.newContext({
    baseURL: hub.base,
    locale: language,
    javaScriptEnabled: javascript,
    viewport: { width, height: 800 },
    storageState: state,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${hub.base}/`) && !url.startsWith("data:")) faults.push(`leaves the hub: ${url}`);
  });
  page.on("response", (answer) => {
    if (answer.status() >= 400) faults.push(`${answer.status()} for ${answer.url()}`);
  });
  return { context, page, faults };
}

export function policyOf(answer) {
  const policy = answer.headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src|script-src/, "the page has a Content-Security-Policy");
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
}
