import { accessible, expect, noteForNextTime, openMaya, signIn, test } from "./clinic";

const VIEW = { viewport: { width: 820, height: 1180 } };

test("signing in works before, and without, any script", async ({ clinic, fresh }) => {
  const page = await fresh({ ...VIEW, javaScriptEnabled: false });
  await page.goto(`${clinic.url}/clients`);
  await expect(page).toHaveURL(/\/sign-in\?next=\/clients$/);
  await expect(page).toHaveTitle("Sign in · Cadence");
  await page.getByLabel("Email").fill("osei@demo.clinic");
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("E-mail or password is not right.");
  await expect(page.getByLabel("Email")).toHaveValue("osei@demo.clinic");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  // Where one wanted to go from the start.
  await expect(page).toHaveURL(`${clinic.url}/clients`);
});

test("an address that was tried too often is closed for a while, and says so", async ({ clinic, fresh }) => {
  const page = await fresh({ ...VIEW, javaScriptEnabled: false });
  await page.goto(clinic.url);
  const tried = async (password: string) => {
    await page.getByLabel("Email").fill("osei@demo.clinic");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  for (let n = 0; n < 10; n++) {
    await tried(`guess ${n}`);
    await expect(page.getByRole("alert")).toContainText("E-mail or password is not right.");
  }
  await tried("cadence-demo");
  await expect(page.getByRole("alert")).toContainText("This address was tried too often. Wait a quarter of an hour");
  // Time passes.
  clinic.ask("update sign_in_try set since = since - interval '15 minutes'");
  await tried("cadence-demo");
  await expect(page).not.toHaveURL(/sign-in/);
});

test("with a script the page can be read by everybody, and shows the password when asked", async ({ clinic, fresh }) => {
  const page = await fresh(VIEW);
  await page.goto(clinic.url);
  await accessible(page);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("cadence-demo");
  await page.getByRole("button", { name: "Show the password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Show the password" }).click();
  await expect(password).toHaveAttribute("type", "password");
});

test("a sign-in that ended leads back to the same page, with what was typed", async ({ clinic, fresh }) => {
  const page = await fresh(VIEW);
  await signIn(page, clinic);
  await openMaya(page);
  await noteForNextTime(page).fill("Typed before the sign-in ended.");
  const here = page.url();
  clinic.ask("delete from sign_in");
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill("osei@demo.clinic");
  await page.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(here);
  await expect(noteForNextTime(page)).toHaveValue("Typed before the sign-in ended.");
});

test("a colleague who signs in in another tab does not sign under the first one's name", async ({ clinic, fresh }) => {
  const page = await fresh(VIEW);
  await signIn(page, clinic);
  await openMaya(page);
  const other = await page.context().newPage();
  await other.goto(`${clinic.url}/sign-in`);
  await other.getByLabel("Email").fill("desk@demo.clinic");
  await other.getByLabel("Password", { exact: true }).fill("cadence-demo");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();

  await page.getByRole("button", { name: /Pin a note/ }).click();
  await page.getByLabel("What works on this device").fill("Whose words are these?");
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  // It waits here for its author; the server has not taken it under anybody's name.
  expect(clinic.ask("select count(*) from device_note where text = 'Whose words are these?'")).toBe("0");
});
