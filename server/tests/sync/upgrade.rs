//! Yesterday's data opens in today's version.

use crate::clinic::{self, CLINIC, client};
use domain::{status::SessionStatus, sync::PAGE_FORMAT};
use server::store::{self, chart};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions, postgres::PgPoolOptions};

const FIRST: &str = include_str!("../../../migrations/20261121000001_the_record.sql");
const LATER: [&str; 2] =
    [include_str!("../../../migrations/20261122000001_sales.sql"), include_str!("../../../migrations/20261122000002_booking.sql")];

/// A clinic as the first version left it: one client, one series of two sessions, the first booked.
const YESTERDAY: &str = "
    insert into clinic values ($clinic, 'Lindenhof', 'America/Chicago', 'USD');
    insert into clinic_version values ($clinic, 7, 7, gen_random_uuid());
    insert into staff values ($clinic, $staff, 'Dr Ama Osei', 'MedicalDirector', true);
    insert into package values ($clinic, $package, 'Laser hair removal', 180000, 2, 42);
    insert into client (clinic_id, id, name, birth_date) values ($clinic, $client, 'Maya Chen', '1991-03-14');
    insert into plan values ($clinic, $plan, $client, $package, 'Laser hair removal', 180000, 42, '2026-06-01', 0);
    insert into session values ($clinic, $first, $client, $plan, 1, 0), ($clinic, $second, $client, $plan, 2, 1);
    insert into appointment values ($clinic, $appointment, $first, $staff, '2030-11-21T15:00:00Z', 45);
    insert into chart_snapshot values ($clinic, $client, 7, 1, 'in a format nobody reads any more');
";

#[sqlx::test(migrations = false)]
async fn a_clinic_of_the_first_version_keeps_its_series_and_bookings(_: PgPoolOptions, options: PgConnectOptions) {
    let mut owner = PgConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(FIRST).execute(&mut owner).await.unwrap();
    let id = |n: u128| format!("'{}'", clinic::id(n));
    let names = [("staff", 2), ("package", 6), ("plan", 7), ("first", 31), ("second", 32), ("appointment", 33)];
    let filled = names.iter().fold(YESTERDAY.to_owned(), |sql, (name, n)| sql.replace(&format!("${name}"), &id(*n)));
    let filled = filled.replace("$client", &format!("'{}'", client(0))).replace("$clinic", &format!("'{CLINIC}'"));
    sqlx::raw_sql(sqlx::AssertSqlSafe(filled)).execute(&mut owner).await.unwrap();
    for migration in LATER {
        sqlx::raw_sql(migration).execute(&mut owner).await.unwrap();
    }

    let pool = server::database::pool(options).await.unwrap();
    let mut tx = store::begin(&pool, CLINIC).await.unwrap();
    let chart = chart::load(&mut tx, CLINIC, client(0)).await.unwrap().expect("Maya is still there");
    let listed = chart.listed();
    assert_eq!(listed.iter().map(|one| one.status).collect::<Vec<_>>(), [SessionStatus::Booked, SessionStatus::AwaitingBooking]);
    assert_eq!((chart.plans[0].procedures[0].name.as_str(), chart.plans[0].minutes()), ("Laser hair removal", 45));
    assert_eq!(chart.balance(chart.plans[0].id).remaining(), 2);
    assert_ne!(PAGE_FORMAT, 1);
}
