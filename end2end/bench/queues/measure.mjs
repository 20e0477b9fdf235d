// One job queue: how late, and how many a second. Its jobs do nothing at a given time, or the work of `work.mjs` at a clinic that
// `followed_up --prepare` has left. Told as JSON on the last line.
// node measure.mjs graphile-worker|local-queue|pg-boss '{"jobs": 2000, "over": 0, "overdue": false, "beside": 0, "work": false}'

import pg from "pg";
import * as boss from "./boss.mjs";
import * as graphile from "./graphile.mjs";
import { clinic } from "./work.mjs";

// So long before the first is due the worker runs.
const LEAD = 3_000;

const [kind, what] = process.argv.slice(2);
const { jobs, over = 0, overdue = false, beside = 0, work = false } = JSON.parse(what);
const queue = { "graphile-worker": graphile.plain, "local-queue": graphile.ahead, "pg-boss": boss.batches }[kind];

const url = new URL(process.env.DATABASE_URL);
url.pathname = work ? "/followed_up" : await emptyDatabase();
const at = work ? await clinic(url.href) : undefined;
const touches = at ? await at.due() : Array.from({ length: jobs }, () => ({}));
if (touches.length !== jobs) throw new Error(`${touches.length} of ${jobs} are there`);

const late = [];
let last = 0;
const did = Promise.withResolvers();
/** What a job does, at the least: it says how late it is. */
function told(due) {
  last = Date.now();
  late.push(last - due);
}
async function job(one) {
  if (at) await at.send(one, () => told(one.due));
  else told(one.due);
  if (late.length === jobs) did.resolve();
}

const open = await queue.open(url.href);
// Nothing to do with these for some years.
const far = Date.now() + 3 * 365 * 86_400_000;
if (beside > 0) await open.add(Array.from({ length: beside }, (_, n) => ({ due: far + n * 60_000 })));
const enqueuing = 10_000 + jobs;
const first = overdue ? Date.now() - 1_000 : Date.now() + enqueuing / 2 + LEAD;
const due = (n) => Math.round(first + (over * 1_000 * n) / jobs);
await open.add(touches.map((touch, n) => ({ ...touch, due: due(n) })));
await sql(url.href, "analyze");
if (!overdue && Date.now() > first - 1_000) throw new Error("enqueuing took too long");
const began = Date.now();
const stop = await open.work(job);
const patience = setTimeout(() => did.reject(new Error(`only ${late.length} of ${jobs} were done in time`)), 300_000);
await did.promise;
clearTimeout(patience);
const seconds = (last - (overdue ? began : first)) / 1_000;
late.sort((one, other) => one - other);
const percentile = (p) => late[Math.min(late.length - 1, Math.floor((late.length * p) / 100))];
console.log(JSON.stringify({ seconds, per_second: jobs / seconds, p50_ms: percentile(50), p99_ms: percentile(99) }));
await stop();
process.exit(0);

async function emptyDatabase() {
  const name = "queue";
  await sql(process.env.DATABASE_URL, `drop database if exists ${name} with (force)`, `create database ${name}`);
  return `/${name}`;
}

async function sql(url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
