import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";
import { allAtTheClinic, Clinic, DESKTOP, expect, openMaya, signIn, test } from "./clinic";

const ACCOUNT = "AC0123456789abcdef0123456789abcdef";
const TOKEN = "0123456789abcdef0123456789abcdef";

/** A carrier of SMS in the shape of Twilio's on loopback, and what it took. */
async function telephone() {
  const texts: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      if (request.method === "POST") texts.push(new URLSearchParams(body));
      response.writeHead(request.method === "POST" ? 201 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(request.method === "POST" ? { sid: `SM${texts.length}` } : { messages: [] }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { texts, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

/** As the carrier does: signed with the token it shares with the clinic. */
async function tell(clinic: Clinic, path: string, fields: Record<string, string>) {
  const address = `${clinic.url}${path}`;
  const signature = twilio.getExpectedTwilioSignature(TOKEN, address, fields);
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
  return (await fetch(address, { method: "POST", headers, body: new URLSearchParams(fields) })).status;
}

test("a text that does not arrive goes by e-mail, a worry waits for the provider, and STOP is obeyed", async ({ clinic, fresh }) => {
  const line = await telephone();
  const owner = await fresh(DESKTOP);
  await signIn(owner, clinic, "owner");
  await owner.goto(`${clinic.url}/carriers`);
  await owner.getByLabel("Account SID").fill(ACCOUNT);
  await owner.getByLabel("Auth token").fill(TOKEN);
  await owner.getByLabel("Number or messaging service").fill("+13125550100");
  await owner.getByLabel("Country of numbers without one").fill("1");
  await owner.getByLabel("Address of a region").fill(line.base);
  await owner.getByRole("button", { name: "Save SMS" }).click();
  await expect(owner.getByText(/^Set on /)).toBeVisible();
  const incoming = new URL((await owner.getByText("At Twilio, incoming messages").locator("code").textContent())!).pathname;
  await owner.goto(`${clinic.url}/settings/follow-up`);
  await owner.locator("summary").filter({ hasText: "Aftercare" }).click();
  await owner.locator("details[open]").getByLabel("By", { exact: true }).selectOption("SMS, else e-mail");
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await expect(owner.getByText("Saved", { exact: true })).toBeVisible();

  // What is sent after a session leaves, as a text.
  const osei = await fresh({ viewport: { width: 820, height: 1180 }, hasTouch: true });
  await signIn(osei, clinic);
  await openMaya(osei);
  await osei.getByRole("button", { name: "Confirm all as last time" }).click();
  await osei.getByRole("button", { name: "Sign", exact: true }).click();
  await osei.getByRole("button", { name: /Sign as / }).click();
  await expect(osei.getByText("Saved at the clinic.")).toBeVisible();
  await allAtTheClinic(osei);
  const phone = clinic.ask("select '+1' || regexp_replace(phone, '\\D', '', 'g') from client where name = 'Maya Chen'");
  const hers = () => line.texts.filter((text) => text.get("To") === phone);
  await expect.poll(() => hers().length).toBe(1);

  // It does not arrive.
  const status = new URL(hers()[0].get("StatusCallback")!).pathname;
  expect(await tell(clinic, status, { MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "30005" })).toBe(204);
  await osei.goto(`${clinic.url}/clients/${clinic.ask("select id from client where name = 'Maya Chen'")}`);
  const followUp = osei.getByRole("region", { name: "Follow-up" });
  const aftercare = followUp.getByRole("listitem").filter({ hasText: /Aftercare · session 5/ });
  await followUp.getByRole("button", { name: "Show what is sent, and why" }).click();
  await expect(async () => {
    await followUp.getByRole("button", { name: "Look again" }).click();
    await expect(aftercare).toHaveCount(2, { timeout: 1_000 });
  }).toPass();
  await expect(aftercare.filter({ hasText: "Bounced" })).toHaveCount(1);
  const again = aftercare.filter({ hasText: "by the other channel" });
  await again.getByText("Everything that happened").click();
  await expect(again).toContainText("E-mail");
  expect(hers().length).toBe(1);

  // She writes back.
  const writes = (sid: string, text: string) => tell(clinic, incoming, { MessageSid: sid, From: phone, To: "+13125550100", Body: text, AccountSid: ACCOUNT });
  expect(await writes("SM90", "it's blistering on my calf")).toBe(200);
  await osei.goto(`${clinic.url}/attention`);
  await osei.getByText("Maya is worried").first().click();
  await expect(osei.getByText("it's blistering on my calf").first()).toBeVisible();

  expect(await writes("SM91", "please stop texting me")).toBe(200);
  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  await desk.goto(`${clinic.url}/clients/${clinic.ask("select id from client where name = 'Maya Chen'")}`);
  await desk.getByRole("button", { name: "Show messages" }).click();
  await expect(desk.getByText("The client wrote STOP: no SMS, and nothing that promotes by any way.")).toBeVisible();
  await expect(desk.getByText("asks to stop")).toBeVisible();
  line.stop();
});
