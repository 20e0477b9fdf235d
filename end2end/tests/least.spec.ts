import { type Page } from "@playwright/test";
import { accessible, allAtTheClinic, type Clinic, DESKTOP, expect, openMaya, signIn, test } from "./clinic";
import { session } from "./photographs";
import { kept } from "./sealed.mjs";

/** Whether a text lies anywhere in what the browser keeps of the clinic. */
async function isKept(page: Page, text: string) {
  const pages = await kept(page, "pages");
  if (!pages.some((page) => page.includes("Maya Chen"))) throw new Error("no charts are kept here");
  return pages.some((page) => page.includes(text));
}

// Written down after Maya's last session.
const NOTE = "Raise fluence by 2";

test("the front desk sees what is left and what is booked, and its browser receives nothing clinical", async ({ clinic, fresh }) => {
  const ipad = await fresh();
  await signIn(ipad, clinic);
  await openMaya(ipad);
  await expect(ipad.getByText(NOTE).first()).toBeVisible();
  expect(await isKept(ipad, NOTE)).toBe(true);

  const desk = await fresh(DESKTOP);
  await signIn(desk, clinic, "desk");
  expect(await isKept(desk, NOTE)).toBe(false);
  await leadsToItsBookings(desk, clinic);
  await expect(desk.getByText("Maya has 2 of 6 sessions remaining. Next session is #5.")).toBeVisible();
  await expect(desk.getByRole("link", { name: "Open the chart" })).toHaveCount(0);
  await accessible(desk);
  await desk.getByRole("link", { name: "Maya Chen" }).click();
  await expect(desk.getByRole("heading", { level: 2, name: "History" })).toBeVisible();
  await expect(desk.getByText("Clarity II · 755 nm · Cheek L+R").first()).toBeVisible();
  await expect(desk.getByText(NOTE)).toHaveCount(0);
  await expect(desk.getByText("Fluence")).toHaveCount(0);
  await expect(desk.getByRole("button", { name: /Show the whole record/ })).toHaveCount(0);
  await accessible(desk);
});

/** The address of a chart leads to the session's bookings and balance. */
async function leadsToItsBookings(desk: Page, clinic: Clinic) {
  const { client, id } = session(clinic, 5);
  await desk.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText(/Laser hair removal, session 5 of 6/);
}

test("a role that is taken away takes its data off the device", async ({ clinic, fresh }) => {
  const ipad = await fresh();
  await signIn(ipad, clinic);
  expect(await isKept(ipad, NOTE)).toBe(true);
  clinic.ask("update staff set role = 'FrontDesk' where name like '%Osei%'");
  await ipad.reload();
  await allAtTheClinic(ipad);
  await expect(async () => expect(await isKept(ipad, NOTE)).toBe(false)).toPass();
  await leadsToItsBookings(ipad, clinic);
});
