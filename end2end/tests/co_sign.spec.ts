import { accessible, allAtTheClinic, expect, openMaya, signIn, test } from "./clinic";
import { session } from "./photographs";

const IPAD = { viewport: { width: 820, height: 1180 }, hasTouch: true };

test("a director co-signs what somebody else signed, and nobody else can", async ({ clinic, fresh }) => {
  const provider = await fresh(IPAD);
  await signIn(provider, clinic, "lind");
  // Not one of her own today.
  const { client, id } = session(clinic, 5);
  await provider.goto(`${clinic.url}/clients/${client}/sessions/${id}`);
  await provider.getByRole("button", { name: "Confirm all as last time" }).click();
  await provider.getByRole("button", { name: "Sign", exact: true }).click();
  await provider.getByRole("button", { name: /Sign as Sofia Lind/ }).click();
  await expect(provider.getByText(/Signed by Sofia Lind/)).toBeVisible();
  await allAtTheClinic(provider);
  await expect(provider.getByRole("button", { name: "Co-sign" })).toHaveCount(0);

  const director = await fresh(IPAD);
  await signIn(director, clinic);
  await openMaya(director);
  await director.getByRole("button", { name: "Co-sign" }).click();
  await expect(director.getByText(/Co-signed by Dr Ama Osei, /)).toBeVisible();
  await accessible(director);
  await allAtTheClinic(director);
  await expect(provider.getByText(/Co-signed by Dr Ama Osei, /)).toBeVisible();
  expect(clinic.ask("select name from co_signature join staff on staff.id = signed_by")).toBe("Dr Ama Osei");
});
