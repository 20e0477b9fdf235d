import type { Locator, Page } from "@playwright/test";
import { accessible, allAtTheClinic, DESKTOP, expect, signIn, test, type Clinic } from "./clinic";

/** High enough that the whole day is in view: the board then never scrolls under the mouse. */
const TALL = { viewport: { width: 1440, height: 1500 }, hasTouch: false };

async function openCalendar(page: Page) {
  await page.getByRole("link", { name: "Calendar", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Calendar, / })).toBeVisible();
  await expect(page.locator(".cal-col").first()).toBeVisible();
}

const card = (page: Page, name: string) => page.locator(".cal-card").filter({ hasText: name });

/**
 * A booking of a day to come, beside another of the same provider. She has one series only, so that wherever it goes on that day nothing
 * is too soon after another treatment; and nothing depends on the day or the hour the test runs at.
 */
async function openBusyDay(page: Page, clinic: Clinic) {
  const [day, id, other] = clinic
    .ask(
      `with later as (select *, (starts_at at time zone 'America/Chicago')::date as day from appointment where starts_at > now() + interval '1 day')
      select one.day || ';' || one.id || ';' || other.id from later one join later other using (provider_id, day)
      where other.id <> one.id and (select count(*) from plan where plan.client_id = one.client_id) = 1
      order by one.starts_at, other.starts_at limit 1`,
    )
    .split(";");
  await page.goto(`${clinic.url}/calendar?day=${day}`);
  const [moved, second] = [id, other].map((id) => page.locator(`[data-appointment='${id}']`));
  await expect(moved).toBeVisible();
  return { moved, second, column: page.locator(".cal-col").filter({ has: moved }) };
}

const middle = async (it: Locator) => {
  const box = (await it.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
};

/** Upper edges of places in a column where nothing is: neither a card nor closed. */
async function gaps(column: Locator, height: number): Promise<number[]> {
  return column.evaluate((it, height) => {
    const taken = [...it.querySelectorAll(".cal-slot, .cal-shut")].map((one) => one.getBoundingClientRect());
    const { top, bottom } = it.getBoundingClientRect();
    const quarter = 27;
    const places: number[] = [];
    for (let y = top; y + height <= bottom; y += quarter) {
      if (!taken.some((one) => one.top < y + height - 2 && y + 2 < one.bottom)) places.push(y);
    }
    return places;
  }, height);
}

async function takeUp(page: Page, it: Locator) {
  const { x, y, box } = await middle(it);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 8, { steps: 2 });
  return { x, box };
}

test("the desk sees the day, checks somebody in, and takes it back", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openCalendar(page);
  const maya = card(page, "Maya Chen").first();
  await expect(maya).toContainText("5 of 6");
  await maya.click();
  const panel = page.getByRole("region", { name: "Maya Chen" });
  await expect(panel).toContainText("Maya has 2 of 6 sessions remaining. Next session is #5.");
  await expect(panel).toContainText("second-to-last session. Maintenance package available.");
  await accessible(page);
  await panel.getByRole("button", { name: "Check in" }).click();
  await expect(panel.getByRole("button", { name: "Checked in" })).toBeVisible();
  await allAtTheClinic(page);
  const here = "select count(*) from appointment where arrived_at is not null";
  expect(clinic.ask(here)).toBe("1");
  await panel.getByRole("button", { name: "Checked in" }).click();
  await expect(panel.getByRole("button", { name: "Check in", exact: true })).toBeVisible();
  await allAtTheClinic(page);
  expect(clinic.ask(here)).toBe("0");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(maya).toBeFocused();
});

test("a booking is dragged to a free place, moved back with Undo, and refused where somebody else is", async ({ clinic, fresh }) => {
  const page = await fresh(TALL);
  await signIn(page, clinic, "desk");
  await openCalendar(page);
  const { moved, second, column } = await openBusyDay(page, clinic);
  const ghost = page.locator(".cal-ghost");
  const time = async () => (await moved.locator(".cal-who .num").textContent())!;
  const was = await time();

  // On somebody else's time: told before it is dropped, and it goes back.
  const taken = await middle(second);
  let held = await takeUp(page, moved);
  await page.mouse.move(held.x, taken.y, { steps: 6 });
  await expect(ghost).toHaveClass(/is-refused/);
  await expect(ghost).toContainText(/ has .+ from \d\d:\d\d to \d\d:\d\d\./);
  await page.mouse.up();
  await expect(ghost).toBeHidden();
  await expect(page.locator(".cal-note")).toContainText("It stays at");
  expect(await time()).toBe(was);

  // On a free place: at once, and still after a reload.
  held = await takeUp(page, moved);
  const grip = held.box.height / 2;
  let found = false;
  for (const top of await gaps(column, held.box.height)) {
    await page.mouse.move(held.x, top + grip, { steps: 3 });
    const says = (await ghost.getAttribute("class"))!;
    if (!/is-refused|is-warn/.test(says) && Math.abs(top - held.box.y) > 20) {
      found = true;
      break;
    }
  }
  expect(found, "the column has a free place").toBe(true);
  await page.mouse.up();
  await expect(page.locator(".cal-note")).toContainText("moved to");
  const is = await time();
  expect(is).not.toBe(was);
  await allAtTheClinic(page);
  expect(clinic.ask("select count(*) from past_booking where ended = 'Moved'")).toBe("1");
  await page.reload();
  await expect(moved.locator(".cal-who .num")).toHaveText(is);

  // By keys it is taken up, and put down where it was.
  await moved.focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(ghost).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(ghost).toBeHidden();
  expect(await time()).toBe(is);
});

test("what was moved comes back with Undo", async ({ clinic, fresh }) => {
  const page = await fresh(TALL);
  await signIn(page, clinic, "desk");
  const { moved, column } = await openBusyDay(page, clinic);
  const was = (await moved.locator(".cal-who .num").textContent())!;
  const held = await takeUp(page, moved);
  for (const top of await gaps(column, held.box.height)) {
    await page.mouse.move(held.x, top + held.box.height / 2, { steps: 3 });
    const says = (await page.locator(".cal-ghost").getAttribute("class"))!;
    if (!/is-refused|is-warn/.test(says) && Math.abs(top - held.box.y) > 20) break;
  }
  await page.mouse.up();
  await page.locator(".cal-note").getByRole("button", { name: "Undo" }).click();
  await expect(moved.locator(".cal-who .num")).toHaveText(was);
  await expect(page.locator(".cal-note")).toContainText("is back at");
});

test("week, rooms and devices stand in the address, and survive a reload without a network", async ({ clinic, fresh }) => {
  const page = await fresh(DESKTOP);
  await signIn(page, clinic, "desk");
  await openCalendar(page);
  await page.getByRole("group", { name: "Day or week" }).getByRole("button", { name: "Week" }).click();
  await expect(page).toHaveURL(/view=week/);
  await expect(page.locator(".cal-head")).toHaveCount(7);
  await page.getByLabel("Which provider").selectOption({ label: "S. Lind" });
  await expect(page).toHaveURL(/of=/);
  await accessible(page);
  await page.getByRole("link", { name: "The week after" }).click();
  await expect(page.locator(".cal-tools").getByRole("link", { name: "Today" })).toBeVisible();

  const columns = page.getByRole("group", { name: "Columns" });
  await page.getByRole("group", { name: "Day or week" }).getByRole("button", { name: "Day" }).click();
  await columns.getByRole("button", { name: "Rooms" }).click();
  await expect(page).toHaveURL(/by=room/);
  const rooms = Number(clinic.ask("select count(*) from room where not retired"));
  expect(await page.locator(".cal-head").count()).toBeGreaterThanOrEqual(rooms);
  await accessible(page);
  await page.reload();
  await expect(columns.getByRole("button", { name: "Rooms" })).toHaveAttribute("aria-pressed", "true");
  await columns.getByRole("button", { name: "Devices" }).click();
  await expect(page.locator(".cal-col").first()).toBeVisible();
});

test("a free place is booked for a client who is found there", async ({ clinic, fresh }) => {
  const page = await fresh(TALL);
  await signIn(page, clinic, "desk");
  // Six weeks on, Maya's series is due, and the day is nearly empty.
  const day = clinic.ask("select ((now() at time zone 'America/Chicago')::date + 42)");
  await page.goto(`${clinic.url}/calendar?day=${day}`);
  const column = page.locator(".cal-col").first();
  const [free] = await gaps(column, 108);
  const box = (await column.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, free + 30);
  const panel = page.getByRole("region", { name: "Book a session" });
  await expect(panel).toContainText("Book here:");
  await panel.getByLabel("Find a client").fill("maya chen");
  await panel.getByRole("button", { name: /Maya Chen/ }).click();
  const offer = panel.getByRole("group", { name: /Laser hair removal · 6 of 6/ });
  await accessible(page);
  await offer.getByRole("button", { name: "Book it" }).click();
  await expect(page.locator(".cal-note")).toContainText("Maya Chen is booked");
  await expect(card(page, "Maya Chen")).toContainText("6 of 6");
  await allAtTheClinic(page);
});

test("on a phone the board fits and the panel is a sheet", async ({ clinic, fresh }) => {
  const page = await fresh({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await signIn(page, clinic, "desk");
  await page.goto(`${clinic.url}/calendar`);
  await card(page, "Maya Chen").first().tap();
  await expect(page.getByRole("region", { name: "Maya Chen" })).toBeVisible();
  await accessible(page);
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
  expect(wide).toBeLessThanOrEqual(seen);
});
