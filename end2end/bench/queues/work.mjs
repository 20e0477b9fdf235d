// What a job of a queue has to do for the same promises: that a try is written down before it is made, that neither a booking nor STOP
// comes between the last look and the carrier, and that what came of it is kept. As few statements as that takes; the rules, the texts
// and the carrier are left out.

import { randomUUID } from "node:crypto";
import pg from "pg";

const AT_ONCE = 20;

const DUE = `select clinic_id, id, client_id, plan_id, session_id from touch
  where state = 'planned' and kind = 'aftercare' and due_at < '2028-01-01' order by due_at`;
const CLAIM = `update touch set state = 'claimed', since = now(), look_at = now() + interval '5 minutes'
  where clinic_id = $1 and id = $2 and state = 'planned'`;
const TRY = `insert into attempt (clinic_id, token, touch_id, channel, server, started_at) values ($1, $2, $3, 'Email', $2, now())`;
const CLIENT = "select id from client where clinic_id = $1 and id = $2 for no key update";
const PLAN = "select epoch from plan_epoch where clinic_id = $1 and plan_id = $2 for share";
const TOUCH = "select state, expires_at from touch where clinic_id = $1 and id = $2 for update";
const CHART = "select body from chart_snapshot where clinic_id = $1 and client_id = $2";
const BOOKED = "select starts_at from appointment where clinic_id = $1 and session_id = $2 and ends_at > now()";
const ATTEMPTED = `update touch set state = 'attempted', since = now(), tried_at = now(), look_at = null where clinic_id = $1 and id = $2`;
const FINISH = "update attempt set outcome = 'accepted', finished_at = now() where clinic_id = $1 and token = $2";
const MESSAGE = `insert into message (clinic_id, id, client_id, channel, address, subject, text, made_at, state, attempt)
  values ($1, gen_random_uuid(), $2, 'Email', 'client@example.com', 'Your visit', 'What was said', now(), 'sent', $3)`;
const ACCEPTED = "update touch set state = 'accepted', since = now(), accepted_at = now() where clinic_id = $1 and id = $2";

/** A clinic as it was left, and what its jobs do. */
export async function clinic(connectionString) {
  const pool = new pg.Pool({ connectionString, max: AT_ONCE });
  return {
    async due() {
      return (await pool.query(DUE)).rows;
    },
    async send({ clinic_id: clinic, id, client_id: client, plan_id: plan, session_id: session }, call) {
      const token = randomUUID();
      const isOurs = await within(pool, async (db) => {
        const claimed = await db(CLAIM, [clinic, id]);
        if (claimed.rowCount === 0) return false;
        await db(TRY, [clinic, token, id]);
        return true;
      });
      if (!isOurs) return;
      await within(pool, async (db) => {
        await db(CLIENT, [clinic, client]);
        await db(PLAN, [clinic, plan]);
        const [touch] = (await db(TOUCH, [clinic, id])).rows;
        await db(CHART, [clinic, client]);
        const booked = await db(BOOKED, [clinic, session]);
        if (touch.state !== "claimed" || booked.rowCount > 0) return;
        await db(ATTEMPTED, [clinic, id]);
        call();
        await db(FINISH, [clinic, token]);
        await db(MESSAGE, [clinic, client, token]);
        await db(ACCEPTED, [clinic, id]);
      });
    },
  };
}

const names = new Map();

/** Does it in one transaction; statements are prepared once a connection. */
async function within(pool, what) {
  const client = await pool.connect();
  const name = (text) => names.get(text) ?? names.set(text, `s${names.size}`).get(text);
  try {
    await client.query("begin");
    const done = await what((text, values) => client.query({ name: name(text), text, values }));
    await client.query("commit");
    return done;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
