//! What the database refuses, whoever writes it.

use crate::{
    clinic::{CLINIC, plan, session},
    follow_up::desk::{Desk, REMINDER},
};
use server::store;
use sqlx::{
    AssertSqlSafe,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A second row beside the first client's reminder, with these fields changed; or the name of what refuses it.
pub async fn copy(desk: &Desk, fields: &str) -> Result<(), String> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let columns = "select string_agg('copy.' || column_name, ', ') from information_schema.columns
        where table_name = 'touch' and is_generated = 'NEVER'";
    let columns: String = sqlx::query_scalar(columns).fetch_one(&mut *tx).await.unwrap();
    let sql = format!(
        "insert into touch ({}) select {columns} from touch first,
            jsonb_populate_record(first, jsonb_build_object('id', gen_random_uuid(), {fields})) copy
         where first.plan_id = $1 and first.session_id = $2 and first.kind = 'reminder' and first.retry_of is null and first.appointment is null",
        columns.replace("copy.", "")
    );
    let done = sqlx::query(AssertSqlSafe(sql)).bind(plan(0, false).0).bind(session(0, 1).0).execute(&mut *tx).await;
    match done {
        Ok(done) => {
            assert_eq!(done.rows_affected(), 1);
            tx.commit().await.unwrap();
            Ok(())
        }
        Err(sqlx::Error::Database(refused)) => Err(refused.constraint().unwrap_or_default().to_owned()),
        Err(other) => panic!("{other}"),
    }
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nothing_is_there_twice(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    desk.clock.set(REMINDER);
    desk.server().await.once().await.unwrap();
    let refused = |by: &str| Err(by.to_owned());
    // The same touch, whatever became of the first.
    assert_eq!(copy(&desk, "'state', 'planned', 'look_at', now()").await, refused("touch_once"));
    // The same rung of a lapse, under another name; and a fifth one.
    assert_eq!(copy(&desk, "'appointment', now()").await, refused("touch_rung_once"));
    assert_eq!(copy(&desk, "'appointment', now(), 'rung', 5").await, refused("touch_rung_check"));
    // One that may still go up it is not refused: whoever is second finds that out.
    assert_eq!(copy(&desk, "'appointment', now(), 'state', 'planned', 'look_at', '2027-01-01'").await, Ok(()));
    // A second retry of one touch.
    let retry = "'retry_of', first.id, 'channel', 'Email'";
    assert_eq!(copy(&desk, retry).await, Ok(()));
    assert_eq!(copy(&desk, retry).await, refused("touch_once"));
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn nor_is_a_try_or_its_message(_: PgPoolOptions, options: PgConnectOptions) {
    let desk = Desk::open(options, 1).await;
    desk.clock.set(REMINDER);
    desk.server().await.once().await.unwrap();
    for (again, by) in [
        ("insert into attempt select * from attempt", "attempt_pkey"),
        (
            "insert into message select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).* from message m",
            "message_attempt",
        ),
    ] {
        let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
        let refused = sqlx::query(again).execute(&mut *tx).await.unwrap_err();
        assert_eq!(refused.as_database_error().and_then(|refused| refused.constraint()), Some(by));
    }
}
