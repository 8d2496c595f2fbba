// What people do on the pages, step by step, by the names of the fields and the targets of the forms.
import { PASSWORD } from "./hub.js";

export async function signIn(page, name) {
  await page.goto("/sign-in");
  const form = page.locator("form", { has: page.locator("[name=password]") });
  await form.locator("[name=name]").fill(name);
  await form.locator("[name=password]").fill(PASSWORD);
  await submit(page, form);
}

/** Presses the form's own button and waits for the page that answers. */
export async function submit(page, form) {
  await Promise.all([
    page.waitForNavigation(),
    form.locator("button:not([type=button]), input[type=submit]").first().click(),
  ]);
}
