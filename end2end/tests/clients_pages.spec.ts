import type { Page } from "@playwright/test";
import { accessible, allAtTheClinic, type Clinic, expect, openMaya, signIn, test as plain } from "./clinic";
import { compareFront, photographThenAndNow, test as withCamera } from "./photographs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Asks for a link as Maya does, and opens her pages by it. Nothing carries messages yet: it stands in the clinic's list of them. */
async function enter(page: Page, clinic: Clinic) {
  await page.goto(`${clinic.url}/me`);
  await accessible(page);
  await page.getByLabel("E-mail or phone number").fill("maya.chen@example.com");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByText("a link is on its way")).toBeVisible();
  const link = () => clinic.ask("select substring(text from '/me/link/[0-9a-zA-Z]+') from message order by made_at desc limit 1");
  await expect.poll(link).toMatch(/^\/me\/link\//);
  await page.goto(clinic.url + link());
  await page.getByRole("button", { name: "Open my pages" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hello Maya" })).toBeVisible();
}

plain("a client books, cancels and is asked how she fares, without any script; a worry reaches her provider", async ({ clinic, fresh }) => {
  const phone = await fresh({ ...PHONE, javaScriptEnabled: false });
  await phone.goto(`${clinic.url}/me`);
  await expect(phone.getByRole("button", { name: "Send me a link" })).toBeVisible();

  const page = await fresh(PHONE);
  await enter(page, clinic);
  await accessible(page);
  await expect(page.getByText("You have 3 of 5 sessions remaining. Next session is #3.")).toBeVisible();
  // Everything of the page works as a plain form.
  const cookies = await page.context().cookies();
  await phone.context().addCookies(cookies);
  await phone.goto(`${clinic.url}/me`);
  await phone.getByRole("link", { name: /^Find a time: IPL/ }).click();
  await phone.getByRole("button", { name: /^Book / }).last().click();
  await expect(phone.getByText("You are booked. We look forward to seeing you.")).toBeVisible();
  await phone.getByText("I cannot come").last().click();
  await phone.getByRole("button", { name: /^Cancel / }).last().click();
  await expect(phone.getByText("Your appointment is cancelled.")).toBeVisible();

  // She comes, and is treated.
  const provider = await fresh({ viewport: { width: 820, height: 1180 } });
  await signIn(provider, clinic);
  await openMaya(provider);
  await provider.getByRole("button", { name: "Confirm all as last time" }).click();
  await provider.getByRole("button", { name: "Sign", exact: true }).click();
  await provider.getByRole("button", { name: /Sign as / }).click();
  await expect(provider.getByText("Saved at the clinic.")).toBeVisible();
  await allAtTheClinic(provider);
  await phone.reload();
  await expect(phone.getByRole("heading", { name: /^How is your skin since/ })).toBeVisible();
  await phone.getByLabel("Something worries me").check();
  await phone.getByLabel("Anything you want to tell us").fill("It is blistering at the knee");
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  await expect(phone.getByText("Your provider sees this at once")).toBeVisible();

  // On the open page of her provider, by itself.
  const followUp = provider.getByRole("region", { name: "Follow-up" });
  await expect(followUp.getByText("Something worries me: It is blistering at the knee")).toBeVisible();
  await provider.goto(`${clinic.url}/attention`);
  const waiting = provider.getByText("Maya is worried");
  await expect(waiting.first()).toBeVisible();
  await waiting.first().click();
  await accessible(provider);
  await provider.getByLabel("What was found, and what was done").fill("Called her: dry skin, no blister.");
  await provider.getByRole("button", { name: "Close the follow-up" }).click();
  await expect(waiting).toHaveCount(0);
  await allAtTheClinic(provider);
  expect(clinic.ask("select answer from client_report where worried")).toBe("Called her: dry skin, no blister.");
});

withCamera("she sees the photographs the clinic lets her see, and no others", async ({ clinic, ipad, fresh }) => {
  const { page } = ipad;
  await signIn(page, clinic);
  await photographThenAndNow(page, clinic);
  const phone = await fresh(PHONE);
  await enter(phone, clinic);
  await expect(phone.getByRole("heading", { name: "My photos" })).toHaveCount(0);
  const photo = clinic.ask("select id from photo order by position limit 1");
  expect((await phone.request.get(`${clinic.url}/me/photos/${photo}`)).status()).toBe(404);

  await compareFront(page, clinic);
  for (const which of ["Client sees the left", "Client sees the right"]) {
    const toggle = page.getByRole("button", { name: which });
    await toggle.click();
    await expect(toggle).toHaveAttribute("aria-pressed", "true");
  }
  await allAtTheClinic(page);
  await phone.reload();
  await expect(phone.getByRole("heading", { name: "My photos" })).toBeVisible();
  const pictures = phone.locator(".pair img");
  await expect(pictures).toHaveCount(2);
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
  }
  await accessible(phone);

  // All of them: whole as it comes, and with a line to pull once it moves.
  const problems: string[] = [];
  phone.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  phone.on("pageerror", (error) => problems.push(String(error)));
  await phone.getByRole("link", { name: "All my photos" }).click();
  const pair = phone.getByRole("figure").filter({ hasText: "Legs: Front" });
  await expect(pair.getByRole("img")).toHaveCount(2);
  await pair.getByRole("button", { name: "Slide" }).click();
  const latest = pair.getByRole("img", { name: /^Latest: Legs: Front/ });
  const cut = () => latest.evaluate((image) => image.style.clipPath);
  expect(await cut()).toBe("inset(0px 0px 0px 50%)");
  await pair.getByRole("slider").press("ArrowRight");
  expect(await cut()).toBe("inset(0px 0px 0px 51%)");
  const box = (await pair.locator(".slide").boundingBox())!;
  await phone.mouse.move(box.x + box.width / 2, box.y + 80);
  await phone.mouse.down();
  await phone.mouse.move(box.x + box.width / 4, box.y + 90, { steps: 4 });
  await phone.mouse.up();
  expect(await cut()).toBe("inset(0px 0px 0px 25%)");
  await expect(pair.getByRole("slider")).toHaveValue("25");
  await accessible(phone);
  await pair.getByRole("button", { name: "Side by side" }).click();
  await expect(pair.getByRole("link")).toHaveCount(2);
  expect(problems).toEqual([]);
  const still = await fresh({ ...PHONE, javaScriptEnabled: false });
  await still.context().addCookies(await phone.context().cookies());
  await still.goto(`${clinic.url}/me/photos`);
  await expect(still.getByRole("figure").getByRole("img")).toHaveCount(2);
  await expect(still.getByRole("button", { name: "Slide" })).toHaveCount(0);

  await page.getByRole("button", { name: "Client sees the left" }).click();
  await allAtTheClinic(page);
  await expect.poll(async () => (await phone.request.get(`${clinic.url}/me/photos/${photo}`)).status()).toBe(404);
});

plain("she says in which language, where she is and what an SMS may say, without any script", async ({ clinic, fresh }) => {
  // The clinic writes one message in Spanish, too.
  const provider = await fresh({ viewport: { width: 1280, height: 900 } });
  await signIn(provider, clinic);
  await provider.goto(`${clinic.url}/settings/follow-up`);
  await provider.locator("summary").filter({ hasText: "Check-in" }).click();
  await provider.getByRole("button", { name: /^Add another language\s*: Check-in$/ }).click();
  await provider.getByLabel("Language, such as en or es-MX").last().fill("es");
  const spanish = provider.getByRole("group", { name: "Check-in, es" });
  await spanish.getByLabel("SMS", { exact: true }).fill("Hola {{first_name}}, ¿cómo está su piel?");
  await expect(spanish).toContainText("Dates are written in Español.");
  await provider.getByRole("button", { name: "Save", exact: true }).click();
  await expect(provider.getByText("Saved", { exact: true })).toBeVisible();

  const page = await fresh(PHONE);
  await enter(page, clinic);
  const phone = await fresh({ ...PHONE, javaScriptEnabled: false });
  await phone.context().addCookies(await page.context().cookies());
  await phone.goto(`${clinic.url}/me`);
  await phone.getByRole("link", { name: "Messages to me" }).click();
  await phone.getByLabel("Language").selectOption("Español");
  await phone.getByLabel("Where I am").selectOption("Pacific/Honolulu");
  await phone.getByLabel("An SMS may say what is treated").check();
  await phone.getByRole("button", { name: "Save" }).click();
  await expect(phone.getByText("Your choice is saved.")).toBeVisible();
  expect(clinic.ask("select language || ' ' || zone from message_choice where detail_by_sms is not null")).toBe("es Pacific/Honolulu");
  await page.goto(`${clinic.url}/me/messages`);
  await accessible(page);
  await expect(page.getByLabel("Where I am")).toHaveValue("Pacific/Honolulu");
  await expect(page.getByLabel("An SMS may say what is treated")).toBeChecked();

  // As the desk sees it, and may change it when she asks.
  await provider.goto(`${clinic.url}/clients/${clinic.ask("select id from client where name = 'Maya Chen'")}`);
  const messages = provider.getByRole("region", { name: "Messages" });
  await messages.getByRole("button", { name: "Show messages" }).click();
  await expect(messages.getByText("The client is in Pacific/Honolulu; the night there is kept.")).toBeVisible();
  await expect(messages.getByLabel("Written to in")).toHaveValue("es");
  await messages.getByLabel("Written to in").selectOption("English");
  await expect.poll(() => clinic.ask("select language is null from message_choice")).toBe("t");
  await accessible(provider);
});
