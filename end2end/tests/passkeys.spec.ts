import type { CDPSession, Page } from "@playwright/test";
import { type Clinic, accessible, expect, test } from "./clinic";

const VIEW = { viewport: { width: 820, height: 1180 } };

/** Passkeys belong to a name; a number such as 127.0.0.1 cannot have any. */
const named = (clinic: Clinic) => clinic.url.replace("127.0.0.1", "localhost");

/** A device's own authenticator, which keeps keys and recognises its person, or not. */
async function authenticator(page: Page, recognises = true) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2" as const,
    transport: "internal" as const,
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: recognises,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return { cdp, authenticatorId };
}

const recognise = ({ cdp, authenticatorId }: { cdp: CDPSession; authenticatorId: string }, isUserVerified: boolean) =>
  cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });

async function password(page: Page, email: string, words: string) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(words);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const useKey = (page: Page) => page.getByRole("button", { name: "Use a passkey" });
const isIn = (page: Page) => page.request.post("/api/who", { data: {}, headers: { "sec-fetch-site": "same-origin" } });

/** Signs in with the password, and opens the page of one's own sign-in for changes. */
async function openAccount(page: Page, clinic: Clinic, email: string) {
  await page.goto(`${named(clinic)}/sign-in?next=/account`);
  await password(page, email, "cadence-demo");
  await expect(page.getByRole("heading", { name: "Your sign-in" })).toBeVisible();
  await page.getByLabel("Your password").fill("cadence-demo");
  await page.getByRole("button", { name: "Change how I sign in" }).click();
}

async function makeKey(page: Page, name: string) {
  await page.getByLabel("Name of the passkey").fill(name);
  await page.getByRole("button", { name: "Make a passkey" }).click();
}

test("a passkey is added, signs in by itself, and is the second step after a password", async ({ clinic, fresh }) => {
  const page = await fresh({ ...VIEW, baseURL: named(clinic) });
  const device = await authenticator(page);
  await openAccount(page, clinic, "lind@demo.clinic");
  await accessible(page);
  await makeKey(page, "iPad of room 2");
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(10);
  await accessible(page);
  await page.getByRole("link", { name: "I have them: go on" }).click();
  await expect(page.getByText("iPad of room 2")).toBeVisible();
  // The same device is not asked to keep a second one.
  await makeKey(page, "Again");
  await expect(page.getByRole("alert")).toContainText("holds a passkey of yours already");
  // The last thing beside the password stays.
  await page.getByRole("button", { name: "Remove iPad of room 2" }).click();
  await expect(page.getByRole("alert")).toContainText("last thing beside your password");
  expect(clinic.ask("select count(*) from passkey")).toBe("1");

  await page.context().clearCookies();
  await page.goto(`${named(clinic)}/sign-in?next=/account`);
  await useKey(page).click();
  await expect(page).toHaveURL(`${named(clinic)}/account`);
  await expect(page.getByText("Sofia Lind")).toBeVisible();
  await expect(page.getByText(/used \d/)).toBeVisible();

  // The password alone is not enough any more.
  await page.context().clearCookies();
  await page.goto(`${named(clinic)}/sign-in?next=/account`);
  await password(page, "lind@demo.clinic", "cadence-demo");
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await accessible(page);
  expect((await isIn(page)).status()).toBe(401);
  await useKey(page).click();
  await expect(page).toHaveURL(`${named(clinic)}/account`);
  await device.cdp.detach();
});

test("whom the device does not recognise is not let in", async ({ clinic, fresh }) => {
  const page = await fresh({ ...VIEW, baseURL: named(clinic) });
  const device = await authenticator(page);
  await openAccount(page, clinic, "bauer@demo.clinic");
  await makeKey(page, "Phone");
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await page.context().clearCookies();

  await recognise(device, false);
  await page.goto(`${named(clinic)}/sign-in`);
  await useKey(page).click();
  await expect(page.getByRole("alert")).toContainText("No passkey was used");
  expect((await isIn(page)).status()).toBe(401);

  // A page that does not even ask for recognition gets an answer from the key, and is refused by the server.
  await page.reload();
  await page.evaluate(() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => get({ ...options, publicKey: { ...options!.publicKey!, userVerification: "discouraged" } });
  });
  const answered = page.waitForResponse((response) => response.url().endsWith("/sign-in/passkey"));
  await useKey(page).click();
  expect((await answered).status()).toBe(401);
  await expect(page.getByRole("alert").first()).toContainText("did not recognise you");
  expect((await isIn(page)).status()).toBe(401);

  await recognise(device, true);
  await useKey(page).click();
  await expect(page).not.toHaveURL(/sign-in/);
  expect((await isIn(page)).status()).toBe(200);
});

test("an answer works once, and a challenge that ended not at all", async ({ clinic, fresh }) => {
  const page = await fresh({ ...VIEW, baseURL: named(clinic) });
  await authenticator(page);
  await openAccount(page, clinic, "nair@demo.clinic");
  await makeKey(page, "Phone");
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await page.context().clearCookies();
  await page.goto(`${named(clinic)}/sign-in`);
  const sent = page.waitForRequest((request) => request.url().endsWith("/sign-in/passkey"));
  await useKey(page).click();
  const answer = (await sent).postData()!;
  await expect(page).not.toHaveURL(/sign-in/);
  await page.context().clearCookies();
  const again = await page.request.post("/sign-in/passkey", {
    data: answer,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    maxRedirects: 0,
  });
  expect(again.status()).toBe(401);

  await page.goto(`${named(clinic)}/sign-in`);
  // Between question and answer the challenge ends.
  await page.route("**/sign-in/passkey", async (route) => {
    clinic.ask("update passkey_challenge set ends_at = now() - interval '1 minute'");
    await route.continue();
  });
  await useKey(page).click();
  await expect(page.getByRole("alert").first()).toContainText("not known here");
});

test("somebody who is invited chooses a password and a passkey", async ({ clinic, fresh }) => {
  const owner = await fresh({ ...VIEW, baseURL: named(clinic) });
  await owner.goto(`${named(clinic)}/sign-in?next=/account`);
  await password(owner, "owner@demo.clinic", "cadence-demo");
  await expect(owner.getByRole("heading", { name: "Your sign-in" })).toBeVisible();
  const person = { id: "0199f000-0000-7000-8000-000000000001", name: "Noor Haddad", role: "Provider", email: "haddad@demo.clinic", active: true, version: 0 };
  const invited = await owner.request.post("/api/change-people", { data: { edit: { Save: person } }, headers: { "sec-fetch-site": "same-origin" } });
  expect(invited.status()).toBe(200);
  const { address } = await invited.json();

  const page = await fresh({ ...VIEW, baseURL: named(clinic) });
  await authenticator(page);
  await page.goto(named(clinic) + address);
  await expect(page.getByRole("heading", { name: "Welcome, Noor Haddad" })).toBeVisible();
  await accessible(page);
  await page.getByLabel("A new password").fill("haddad-haddad-haddad");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toContainText("holds your name");
  await page.getByLabel("A new password").fill("lamp orbit velvet seven");
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { name: "One thing more" })).toBeVisible();
  await accessible(page);
  await makeKey(page, "Phone");
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  expect((await isIn(page)).status()).toBe(200);
  // The link is dead, and the key lives.
  await page.goto(named(clinic) + address);
  await expect(page.getByRole("heading", { name: "not good any more" })).toBeVisible();
  await page.context().clearCookies();
  await page.goto(`${named(clinic)}/sign-in?next=/account`);
  await useKey(page).click();
  await expect(page.getByText("Noor Haddad")).toBeVisible();
});
