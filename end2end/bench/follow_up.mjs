// How late what is due goes out, and how much of it, beside the two job queues people would use instead: one Postgres, one run.
// Cadence does the whole of its work (looks twice under locks, writes a text, hands it to a carrier that takes everything, keeps
// every step); the queues' jobs do nothing, but where it says so: there they keep the same promises in the same tables (`work.mjs`),
// without rules and texts. Called by `cargo xtask bench` under `cadence test-postgres`; prints a table and asserts nothing.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const QUEUES = resolve(import.meta.dirname, "queues");
const DRIVER = process.argv[2];
const OTHERS = ["graphile-worker", "local-queue", "pg-boss"];

if (!existsSync(`${QUEUES}/node_modules`)) execFileSync("npm", ["ci"], { cwd: QUEUES, stdio: "inherit" });

const rows = [];
const late = (told) => `${ms(told.p50_ms)} / ${ms(told.p99_ms)}`;
const rate = (told) => `${Math.round(told.per_second)}/s`;
const instant = measure("2,000 due at one instant: late, half / 99 of 100", late, { jobs: 2_000 });
measure("beside jobs that keep the same promises", late, { jobs: 2_000, work: true }, instant.cadence);
measure("2,000 due over 20 s: late, half / 99 of 100", late, { jobs: 2_000, over: 20 });
const alone = measure("10,000 that are overdue", rate, { jobs: 10_000, overdue: true });
measure("beside jobs that keep the same promises", rate, { jobs: 10_000, overdue: true, work: true }, alone.cadence);
measure("20,000 that are overdue", rate, { jobs: 20_000, overdue: true });
const among = measure("10,000 that are overdue, among 1,000,000", rate, { jobs: 10_000, overdue: true, beside: 990_000 });
row("the same, longer by", (name) => `${(among[name].seconds / alone[name].seconds).toFixed(2)} times`);
const reminder = cadence({ jobs: 2_000 }, "reminder");
row("2,000 reminders at one instant, each an SMS and an e-mail with free times and a link", (name) => (name === "cadence" ? late(reminder) : ""));
print();

/** What all of them do, one after the other; or the others beside what Cadence did. */
function measure(what, told, jobs, did = cadence(jobs, "aftercare")) {
  const all = { cadence: did };
  for (const name of OTHERS) {
    if (jobs.work) execFileSync(DRIVER, ["--due", String(jobs.jobs), "--prepare"], { stdio: ["ignore", "ignore", "inherit"] });
    const node = `${QUEUES}/node_modules/.bin/node`;
    all[name] = last(execFileSync(node, [`${QUEUES}/measure.mjs`, name, JSON.stringify(jobs)], { stdio: ["ignore", "pipe", "inherit"] }));
  }
  row(what, (name) => told(all[name]));
  return all;
}

function cadence({ jobs, over = 0, overdue = false, beside = 0 }, what) {
  const options = ["--due", jobs, "--over", over, "--beside", beside, "--what", what, ...(overdue ? ["--overdue"] : [])];
  return last(execFileSync(DRIVER, options.map(String), { stdio: ["ignore", "pipe", "inherit"] }));
}

/** What is said on the last line. */
function last(output) {
  return JSON.parse(output.toString().trim().split("\n").at(-1));
}

function row(what, of) {
  const told = Object.fromEntries(["cadence", ...OTHERS].map((name) => [name, of(name)]));
  rows.push({ what, ...told });
  console.error(`  ${what}: ${Object.entries(told).map(([name, value]) => `${name} ${value}`).join(", ")}`);
}

function print() {
  const heads = { what: "what", cadence: "Cadence", "graphile-worker": "graphile-worker", "local-queue": "with its local queue", "pg-boss": "pg-boss" };
  const width = (key) => Math.max(...[heads, ...rows].map((row) => row[key].length));
  const line = (row) => Object.keys(heads).map((key) => row[key].padEnd(width(key))).join("  ");
  for (const row of [heads, ...rows]) console.log(line(row).trimEnd());
}

function ms(number) {
  return `${number.toFixed(number < 10 ? 1 : 0)} ms`;
}
