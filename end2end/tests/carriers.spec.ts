import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { accessible, DESKTOP, expect, openMaya, signIn, test } from "./clinic";

/** A real mail server on loopback, and what it took. */
async function mailServer() {
  const child = spawn("node", [resolve(import.meta.dirname, "../carriers/smtp.mjs")], { stdio: ["pipe", "pipe", "ignore"] });
  const mails: { to: string[]; text: string }[] = [];
  const port = await new Promise<number>((ready) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const told = JSON.parse(line);
      if (told.port) ready(told.port);
      if (told.to) mails.push(told);
    });
  });
  return { port, mails, stop: () => child.kill() };
}

test("the owner sets a mail server, tries it out, and from then on e-mails leave", async ({ clinic, fresh }) => {
  const mail = await mailServer();
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "owner");
  await page.goto(`${clinic.url}/carriers`);
  await expect(page.getByText("None yet: e-mails are simulated.")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Mail server").fill("smtp.example.com");
  await page.getByLabel("Encryption").selectOption("none");
  await page.getByLabel("Sender’s address").fill("hello@clinic.example");
  await page.getByRole("button", { name: "Save e-mail" }).click();
  await expect(page.getByRole("alert")).toContainText("everybody on the way could read along");
  await page.getByLabel("Mail server").fill("127.0.0.1");
  await page.getByLabel("Port").fill(String(mail.port));
  await page.getByLabel("User").fill("clinic");
  await page.getByLabel("Password").fill("secret");
  await page.getByRole("button", { name: "Save e-mail" }).click();
  await expect(page.getByText(/^Set on /)).toBeVisible();
  await page.getByRole("button", { name: "Send me a test message" }).click();
  await expect(page.getByRole("status")).toContainText("The carrier took the test message.");
  expect(mail.mails[0].to).toEqual(["owner@demo.clinic"]);
  await accessible(page);
  await expect(page.getByLabel("Password")).toHaveValue("");

  const osei = await fresh({ viewport: { width: 820, height: 1180 }, hasTouch: true });
  await signIn(osei, clinic);
  await openMaya(osei);
  await osei.getByRole("button", { name: "Confirm all as last time" }).click();
  await osei.getByRole("button", { name: "Sign", exact: true }).click();
  await osei.getByRole("button", { name: /Sign as / }).click();
  await expect(osei.getByText("Saved at the clinic.")).toBeVisible();
  await expect.poll(() => mail.mails.length).toBe(2);
  expect(mail.mails[1].text).toContain("Looking after your skin");
  await expect.poll(() => clinic.ask("select count(*) from message where state = 'sent'")).toBe("1");
  mail.stop();
});

test("a link in a message books one session without signing in, and then is dead", async ({ clinic, fresh }) => {
  const planned = "from touch where kind = 'rebooking_prompt' and state = 'planned'";
  await expect.poll(() => Number(clinic.ask(`select count(*) ${planned}`)), { timeout: 40_000 }).toBeGreaterThan(0);
  // As the message that is planned will bring it.
  const token = "0123456789abcdef0123456789abcdef";
  clinic.ask(`insert into booking_link (clinic_id, token_hash, client_id, session_id, touch_id, made_at, ends_at)
    select clinic_id, sha256('${token}'::bytea), client_id, session_id, id, now(), now() + interval '14 days' ${planned} order by due_at limit 1`);
  const link = `${clinic.url}/me/at/${token}`;
  const phone = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await phone.goto(link);
  await expect(phone.getByRole("heading", { name: "Find a time" })).toBeVisible();
  await accessible(phone);
  const before = clinic.ask("select count(*) from appointment");
  await phone.getByRole("button", { name: /^Book / }).first().click();
  await expect(phone.getByRole("heading", { name: "You are booked" })).toBeVisible();
  await accessible(phone);
  expect(Number(clinic.ask("select count(*) from appointment"))).toBe(Number(before) + 1);
  await phone.goto(link);
  await expect(phone.getByRole("status")).toContainText("This session is booked already.");
  await phone.getByRole("link", { name: "To my own pages" }).click();
  await expect(phone.getByRole("button", { name: "Send me a link" })).toBeVisible();
});
