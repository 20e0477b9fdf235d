import { Webhook } from "standardwebhooks";
import { accessible, DESKTOP, expect, signIn, test } from "./clinic";

test("a booking system is connected, what it tells counts, and the desk says whose it is", async ({ clinic, fresh }) => {
  const planned = "from touch where kind = 'rebooking_prompt' and state = 'planned'";
  await expect.poll(() => Number(clinic.ask(`select count(*) ${planned}`)), { timeout: 40_000 }).toBeGreaterThan(0);
  const owner = await fresh(DESKTOP);
  await signIn(owner, clinic, "owner");
  await owner.goto(`${clinic.url}/elsewhere`);
  await expect(owner.getByText("No other system is connected.")).toBeVisible();
  await accessible(owner);
  await owner.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(owner.getByRole("alert")).toContainText("Type what you call the other system");
  await owner.getByLabel("What you call it").fill("Booker");
  await owner.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(owner.getByRole("heading", { name: "Secret for Booker" })).toBeVisible();
  await accessible(owner);
  const path = new URL(await owner.getByLabel("Address").inputValue()).pathname;
  const secret = await owner.getByLabel("Secret", { exact: true }).inputValue();

  /** As the other system signs and sends. */
  const tell = async (type: string, booking: object, by = secret) => {
    const body = JSON.stringify({ type, booking: { changed_at: new Date(), ...booking } });
    const [id, now] = [`msg_${Date.now()}`, new Date()];
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(by).sign(id, now, body),
    };
    return (await fetch(`${clinic.url}${path}`, { method: "POST", headers, body })).status;
  };
  const starts = new Date(Date.now() + 9 * 24 * 3600 * 1000).toISOString();
  expect(await tell("booking.booked", { id: "b-1", starts_at: starts }, `whsec_${btoa("x".repeat(32))}`)).toBe(401);
  const [session, client, name] = clinic
    .ask(`select session_id || ';' || client_id || ';' || client.name ${planned.replace("touch", "touch join client on client.id = client_id")}
      and (select count(*) from plan where plan.client_id = touch.client_id) = 1 order by due_at limit 1`)
    .split(";");
  expect(await tell("booking.booked", { id: "b-1", starts_at: starts, service: "Peel", client: { id: "c-1", name, email: "x@y.example" } })).toBe(204);

  // At the desk: one tap for who is called so.
  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  await desk.goto(`${clinic.url}/elsewhere`);
  await expect(desk.getByText("No client has this e-mail address or phone number.").first()).toBeVisible();
  await expect(desk.getByRole("heading", { name: "Connect a system" })).toHaveCount(0);
  await accessible(desk);
  await desk.getByLabel("Somebody else").fill(name);
  await desk.getByRole("button", { name: "Look for her" }).click();
  await desk.getByRole("button", { name: new RegExp(`^${name}, `) }).first().click();
  await expect(desk.getByRole("heading", { name: "Whose are these?" })).toHaveCount(0);
  await expect(desk.getByText(new RegExp(`^${name}: .*, session `))).toBeVisible();
  const left = `select count(*) from touch where session_id = '${session}' and state = 'planned'
    and kind in ('rebooking_prompt', 'reminder', 'recovery_soft', 'recovery_value', 'recovery_last', 'flag')`;
  expect(clinic.ask(left)).toBe("0");
  expect(clinic.ask(`select client_id from booking_elsewhere`)).toBe(client);
  // It stands where the desk looks for bookings.
  await desk.goto(`${clinic.url}/clients/${client}`);
  const booked = desk.getByText(/^Booked in Booker: /).first();
  await expect(booked).toBeVisible();
  const day = clinic.ask(`select (timestamptz '${starts}' at time zone zone)::date from clinic`);
  const calendar = await desk.context().newPage();
  await calendar.goto(`${clinic.url}/calendar?day=${day}`);
  const block = calendar.getByRole("listitem").filter({ hasText: "in Booker" });
  await expect(block).toContainText(name);
  await accessible(calendar);
  // Cancelled there, it is gone without a reload, and she is asked again.
  expect(await tell("booking.cancelled", { id: "b-1", starts_at: starts, service: "Peel", client: { id: "c-1" } })).toBe(204);
  expect(Number(clinic.ask(left))).toBeGreaterThan(0);
  await expect(booked).toBeHidden();
  await expect(block).toHaveCount(0);

  await owner.goto(`${clinic.url}/elsewhere`);
  await owner.getByLabel("“peel” is").selectOption("of no series");
  await owner.getByRole("button", { name: "Save" }).click();
  await expect(owner.getByLabel("“peel” is")).toHaveValue("none");
  await owner.getByRole("button", { name: "New secret: Booker" }).click();
  await expect(owner.getByText("The secret before holds for one more day.")).toBeVisible();
  expect(await tell("booking.booked", { id: "b-2", starts_at: starts })).toBe(204);
  await owner.getByRole("button", { name: "Disconnect: Booker" }).click();
  await expect(owner.getByText("No other system is connected.")).toBeVisible();
  expect(await tell("booking.booked", { id: "b-3", starts_at: starts })).toBe(401);
});
