//! Yesterday's data opens in today's version: a database as each older version left it, the migrations since, and what they made
//! of it. They run as an owner who is no superuser, as at a clinic with a Postgres of its own: row-level security binds them.

use crate::{
    clinic::{self, CLINIC, client, id},
    follow_up::desk::Desk,
};
use domain::{
    billing::{Billing, BillingItem, ExceptionKind, PlanBilling},
    booking::BookingEnd,
    chart::{Author, Chart},
    command::Change,
    hours::Open,
    ids::*,
    plan::{PaymentMethod, PlanAction},
    rejection::Rejection,
    status::SessionStatus,
    sync::PAGE_FORMAT,
    time::{Day, Moment},
};
use server::{
    clinic::Clinics,
    photo_store::PhotoStore,
    store::{self, chart},
};
use sqlx::{Connection, Executor, PgConnection, postgres::PgConnectOptions, postgres::PgPoolOptions};
use std::sync::Arc;

/// In the order in which they were released.
const MIGRATIONS: [&str; 28] = [
    include_str!("../../../migrations/20261121000001_the_record.sql"),
    include_str!("../../../migrations/20261122000001_sales.sql"),
    include_str!("../../../migrations/20261122000002_booking.sql"),
    include_str!("../../../migrations/20261123000001_series.sql"),
    include_str!("../../../migrations/20261124000001_photos.sql"),
    include_str!("../../../migrations/20261125000001_sign_in_tries.sql"),
    include_str!("../../../migrations/20261126000001_installations.sql"),
    include_str!("../../../migrations/20261126000002_audit.sql"),
    include_str!("../../../migrations/20261126000003_clients_pages.sql"),
    include_str!("../../../migrations/20261126000004_people.sql"),
    include_str!("../../../migrations/20261126000014_second_factor.sql"),
    include_str!("../../../migrations/20261126000024_passkeys.sql"),
    include_str!("../../../migrations/20261127000001_reports.sql"),
    include_str!("../../../migrations/20261127000002_co_signatures.sql"),
    include_str!("../../../migrations/20261128000001_follow_up.sql"),
    include_str!("../../../migrations/20261129000001_carriers.sql"),
    include_str!("../../../migrations/20261129000002_replies.sql"),
    include_str!("../../../migrations/20261129000011_numbers.sql"),
    include_str!("../../../migrations/20261130000001_bookings_elsewhere.sql"),
    include_str!("../../../migrations/20261130000011_how_clients_are_written_to.sql"),
    include_str!("../../../migrations/20261130000021_numbers_once.sql"),
    include_str!("../../../migrations/20261130000031_touch_steps.sql"),
    include_str!("../../../migrations/20261201000001_numbers_of_bookings_elsewhere.sql"),
    include_str!("../../../migrations/20261201000011_bookings_elsewhere_in_charts.sql"),
    include_str!("../../../migrations/20261201000021_touches_in_place.sql"),
    include_str!("../../../migrations/20261201000031_ended_while_sent.sql"),
    include_str!("../../../migrations/20261201000041_attempted_in_between.sql"),
    include_str!("../../../migrations/20261201000051_nudges_ended_by_one.sql"),
];

/// A clinic as the first version left it: one client, one series of three sessions, the first signed, the second booked.
const FIRST_VERSION: &str = "
    insert into clinic values ($clinic, 'Lindenhof', 'America/Chicago', 'USD');
    insert into clinic_version values ($clinic, 7, 7, gen_random_uuid());
    insert into staff values ($clinic, $staff, 'Dr Ama Osei', 'MedicalDirector', true);
    insert into template_version values ($clinic, $template, 1, 'Alexandrite', '', '[]', '2026-01-01T00:00:00Z', null);
    insert into device values ($clinic, $laser, 'Lutronic', 'Clarity II', false, 1);
    insert into handpiece values ($clinic, $laser, $handpiece, 0, '755 nm', $template, false);
    insert into package values ($clinic, $package, 'Laser hair removal', 180000, 3, 42);
    insert into client (clinic_id, id, name, birth_date) values ($clinic, $client, 'Maya Chen', '1991-03-14');
    insert into plan values ($clinic, $plan, $client, $package, 'Laser hair removal', 180000, 42, '2026-06-01', 0);
    insert into session values ($clinic, $one, $client, $plan, 1, 0), ($clinic, $two, $client, $plan, 2, 1), ($clinic, $three, $client, $plan, 3, 2);
    insert into appointment values ($clinic, $held, $one, $staff, '2026-06-01T15:00:00Z', 45), ($clinic, $booked, $two, $staff, '2030-11-21T15:00:00Z', 45);
    insert into signed_session (clinic_id, session_id, client_id, signed_by, signed_at, oedema, warmth, greying, blister)
        values ($clinic, $one, $client, $staff, '2026-06-01T15:30:00Z', 0, 1, 0, 0);
    insert into delivery values ($clinic, $one, $one);
    insert into treatment values ($clinic, $one, 0, $client, $one, $laser, $handpiece, $template, 1);
    insert into treated_area values ($clinic, $one, 0, 0, $client, 'cheek', 'L', 40, null);
    insert into reading values ($clinic, $one, 0, 0, $client, 'fluence', 'number', 18000, null, null, null, null);
    insert into chart_snapshot values ($clinic, $client, 7, 1, 'in a format nobody reads any more');
";

/// What the second and third version added to it: a series of two procedures, extended, refunded and paused, one session of it
/// charted twice, one cancelled and one set aside; a series that was ended; hours and a holiday.
const THIRD_VERSION: &str = r##"
    update package set retired = true, version = 2;
    insert into package values ($clinic, $pair, 'Face and neck', 90001, 3, 28, false, 1);
    insert into package_procedure values ($clinic, $pair, $face, 0, 'Face', 30), ($clinic, $pair, $neck, 1, 'Neck', 15);
    insert into plan values ($clinic, $second, $client, $pair, 'Face and neck', 90001, 28, '2026-11-01', 1, $staff);
    insert into plan_procedure values ($clinic, $second, $face, $client, 0, 'Face', 30), ($clinic, $second, $neck, $client, 1, 'Neck', 15);
    insert into session values ($clinic, $f_one, $client, $second, 1, 3), ($clinic, $f_two, $client, $second, 2, 4),
        ($clinic, $f_three, $client, $second, 3, 5), ($clinic, $f_four, $client, $second, 4, 6);
    insert into plan_event values
        ($clinic, $extended, $second, $client, 0, '{"Extend":{"sessions":["#f_four"]}}', $staff, '2026-11-02T15:00:00Z', 'goodwill'),
        ($clinic, $refunded, $second, $client, 1, '{"Refund":{"minor":10001}}', $staff, '2026-11-03T15:00:00Z', 'moved away'),
        ($clinic, $paused, $second, $client, 2, '{"Freeze":{"until":"2027-03-01"}}', $staff, '2026-11-04T15:00:00Z', 'travels');
    insert into signed_session (clinic_id, session_id, client_id, signed_by, signed_at, oedema, warmth, greying, blister)
        values ($clinic, $f_one, $client, $staff, '2026-11-05T15:30:00Z', 0, 0, 0, 0);
    insert into delivery values ($clinic, $f_one, $f_one);
    insert into treatment values ($clinic, $f_one, 0, $client, $f_one, $laser, $handpiece, $template, 1);
    insert into treated_area values ($clinic, $f_one, 0, 0, $client, 'cheek', 'L', 40, null);
    insert into addendum values ($clinic, $again, $f_one, $client, 0, $staff, '2026-11-05T16:00:00Z', 'Charted a second time on another device.',
        '{"treatments":[{"counts_for":"#f_one","device":"#laser","handpiece":"#handpiece","template":{"id":"#template","version":1},
          "readings":[],"areas":[{"area":{"key":"chin","side":null},"pulses":null,"last_pulses":null}]}],
          "response":{"erythema":null,"minutes_after":null,"oedema":"None","warmth":"None","greying":"None","blister":"None","adverse":null},
          "note":null,"decisions":[]}');
    insert into appointment values ($clinic, $f_booked, $f_two, $staff, '2030-11-22T15:00:00Z', 45, $client, '2030-11-22T15:45:00Z');
    insert into past_booking values
        ($clinic, $f_two, 0, $client, $f_booked, $staff, '2030-11-21T20:00:00Z', 45, 'Moved', $staff, '2026-11-06T15:00:00Z', ''),
        ($clinic, $f_three, 0, $client, $cancelled, $staff, '2026-11-07T15:00:00Z', 45, 'NoShow', $staff, '2026-11-07T16:00:00Z', 'forgot');
    insert into set_aside values ($clinic, $command, $client, 0,
        '{"BookSession":{"session":"#f_three","appointment":"#cancelled","time":{"provider":"#staff","starts":1921597200000,"minutes":45}}}',
        $staff, '2026-11-06T15:00:00Z', '"Taken"', null, null, null);
    insert into plan values ($clinic, $third, $client, $pair, 'Face and neck', 60000, 28, '2026-10-01', 2, $staff);
    insert into plan_procedure values ($clinic, $third, $face, $client, 0, 'Face', 30), ($clinic, $third, $neck, $client, 1, 'Neck', 15);
    insert into session values ($clinic, $v_one, $client, $third, 1, 7), ($clinic, $v_two, $client, $third, 2, 8);
    insert into plan_event values
        ($clinic, $ended, $third, $client, 0, '"Void"', $staff, '2026-10-02T15:00:00Z', 'pregnant'),
        ($clinic, $returned, $third, $client, 1, '{"Refund":{"minor":60000}}', $staff, '2026-10-02T15:00:00Z', 'pregnant');
    insert into opening_hours values ($clinic, 0, 480, 1080), ($clinic, 1, 540, 1020);
    insert into closure values ($clinic, '2026-12-25');
    update chart_snapshot set format = 3;
"##;

const NAMES: [(&str, u128); 33] = [
    ("staff", 2),
    ("laser", 3),
    ("handpiece", 4),
    ("template", 5),
    ("package", 6),
    ("plan", 7),
    ("one", 31),
    ("two", 32),
    ("three", 33),
    ("held", 34),
    ("booked", 35),
    ("pair", 40),
    ("face", 41),
    ("neck", 42),
    ("second", 43),
    ("f_one", 44),
    ("f_two", 45),
    ("f_three", 46),
    ("f_four", 47),
    ("extended", 48),
    ("refunded", 49),
    ("paused", 50),
    ("again", 51),
    ("f_booked", 52),
    ("cancelled", 53),
    ("command", 54),
    ("third", 55),
    ("v_one", 56),
    ("v_two", 57),
    ("ended", 58),
    ("returned", 59),
    ("clinic", 1),
    ("client", 100),
];

fn named(name: &str) -> uuid::Uuid {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, n)| id(*n)).expect("it has a name")
}

/// `$name` is the id as a literal, `#name` only its text; longer names first, so that none is taken for another's beginning.
fn filled(sql: &str) -> String {
    let mut names = NAMES;
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(sql.to_owned(), |sql, (name, n)| {
        sql.replace(&format!("${name}"), &format!("'{}'", id(*n))).replace(&format!("#{name}"), &id(*n).to_string())
    })
}

/// Brings a database up to so many migrations, lets people work in it, and so on; then to today's.
async fn upgraded(options: PgConnectOptions, steps: &[(usize, &str)]) -> Clinics {
    let mut owner = PgConnection::connect_with(&options).await.unwrap();
    let role =
        "do $$ begin create role cadence_upgrade_owner createrole; exception when duplicate_object or unique_violation then null; end $$";
    owner.execute(role).await.unwrap();
    let database = options.get_database().unwrap();
    owner.execute(sqlx::AssertSqlSafe(format!("alter database \"{database}\" owner to cadence_upgrade_owner"))).await.unwrap();
    owner.execute("set role cadence_upgrade_owner").await.unwrap();
    let mut done = 0;
    for (upto, fill) in steps {
        migrate(&mut owner, done..*upto).await;
        done = *upto;
        // People's own doings went through the server, which row-level security lets see its clinic.
        owner.execute("reset role").await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(filled(fill))).execute(&mut owner).await.unwrap();
        owner.execute("set role cadence_upgrade_owner").await.unwrap();
    }
    migrate(&mut owner, done..MIGRATIONS.len()).await;
    owner.close().await.unwrap();
    let pool = server::database::pool(options).await.unwrap();
    Clinics::new(pool, Arc::new(clinic::Counting::default()), PhotoStore::in_memory(), clinic::audit_key())
}

async fn migrate(owner: &mut PgConnection, which: std::ops::Range<usize>) {
    for migration in &MIGRATIONS[which] {
        // As the server does it: each in a transaction.
        let mut tx = owner.begin().await.unwrap();
        sqlx::raw_sql(*migration).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The chart as it is read at the first look, and that it is the same once its snapshot was written anew.
async fn maya(clinics: &Clinics) -> Chart {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let first = chart::load(&mut tx, CLINIC, client(0)).await.unwrap().expect("Maya is still there");
    assert_eq!(chart::rebuild_outdated(&mut tx, CLINIC).await.unwrap(), 1);
    let formats: Vec<i16> = sqlx::query_scalar("select format from chart_snapshot").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(formats, [PAGE_FORMAT.cast_signed()]);
    assert_eq!(chart::load(&mut tx, CLINIC, client(0)).await.unwrap().unwrap(), first);
    tx.commit().await.unwrap();
    first
}

/// Which procedures of which sessions are delivered, by the table that promises that none is twice.
async fn deliveries(clinics: &Clinics) -> Vec<(uuid::Uuid, uuid::Uuid)> {
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    sqlx::query_as("select session_id, procedure_id from delivery order by 1, 2").fetch_all(&mut *tx).await.unwrap()
}

fn statuses(chart: &Chart, plan: &str) -> Vec<SessionStatus> {
    let plan = PlanId(named(plan));
    chart.listed().iter().filter(|one| one.plan.id == plan).map(|one| one.status).collect()
}

fn billed(chart: &Chart, plan: &str) -> Vec<Billing> {
    chart.session_billing(PlanId(named(plan))).into_iter().map(|(_, billing)| billing).collect()
}

use SessionStatus::{AwaitingBooking, Booked, Completed};

#[sqlx::test(migrations = false)]
async fn a_clinic_of_the_first_version_keeps_its_series_and_bookings(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = upgraded(options, &[(1, FIRST_VERSION)]).await;
    let chart = maya(&clinics).await;
    assert_eq!(statuses(&chart, "plan"), [Completed, Booked, AwaitingBooking]);
    let plan = &chart.plans[0];
    assert_eq!((plan.procedures.len(), plan.procedures[0].name.as_str(), plan.minutes()), (1, "Laser hair removal", 45));
    assert_eq!(chart.balance(plan.id).remaining(), 2);
    // Nobody noted payments then: what was sold is taken as paid.
    assert_eq!(chart.plan_billing(plan.id), PlanBilling { price: 180_000, paid: 180_000, owed: 0 });
    assert_eq!(billed(&chart, "plan"), [Billing::Paid; 3]);
    assert_eq!(chart.exceptions(), []);
    // Its one procedure is the one that the plan was given.
    assert_eq!(deliveries(&clinics).await, [(named("one"), plan.procedures[0].id.0)]);
    assert_eq!(chart.session(SessionId(named("one"))).unwrap().signed.as_ref().unwrap().record.treatments[0].readings.len(), 1);
}

#[sqlx::test(migrations = false)]
async fn a_clinic_of_the_third_version_keeps_all_that_was_sold_booked_charted_and_refunded(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = upgraded(options, &[(1, FIRST_VERSION), (3, THIRD_VERSION)]).await;
    let chart = maya(&clinics).await;
    assert_eq!(statuses(&chart, "plan"), [Completed, Booked, AwaitingBooking]);
    assert_eq!(statuses(&chart, "second"), [Completed, Booked, AwaitingBooking, AwaitingBooking]);
    assert_eq!(statuses(&chart, "third"), []);

    // Taken as paid, less what was given back; the refund is still an event, and counted once.
    let (second, third) = (PlanId(named("second")), PlanId(named("third")));
    assert_eq!(chart.plan(second).unwrap().paid_before_minor, 90_001);
    assert_eq!(chart.plan_billing(second), PlanBilling { price: 90_001, paid: 80_000, owed: 10_001 });
    assert_eq!(billed(&chart, "second"), [Billing::Paid, Billing::Paid, Billing::Open, Billing::Free]);
    assert_eq!(chart.plan_billing(third), PlanBilling { price: 60_000, paid: 0, owed: 0 });
    assert_eq!(chart.balance(second).remaining(), 3);
    assert_eq!(chart.balance(third).remaining(), 0);

    // A session was delivered whole until now: all its procedures, in that visit.
    let (face, neck) = (named("face"), named("neck"));
    assert_eq!(deliveries(&clinics).await, [(named("one"), named("package")), (named("f_one"), face), (named("f_one"), neck)]);

    // Charted twice: beside the record, counted for nothing, and seen by whoever looks after the money.
    let (session, again) = (SessionId(named("f_one")), AddendumId(named("again")));
    assert!(!chart.session(session).unwrap().addenda[0].delivers);
    let exceptions: Vec<_> = chart.exceptions().into_iter().map(|exception| exception.kind).collect();
    assert_eq!(exceptions, [ExceptionKind::Item(BillingItem::Again { visit: session, addendum: again })]);

    // Bookings are of the whole session, without a room or device; so are those that are no more.
    let two = chart.session(SessionId(named("f_two"))).unwrap();
    let booked = &two.appointments[0];
    assert_eq!((booked.procedures.len(), booked.room, booked.device, booked.arrived), (0, None, None, None));
    assert_eq!((two.past_bookings[0].end, two.past_bookings[0].appointment.id), (BookingEnd::Moved, booked.id));
    let item = chart.undecided().next().unwrap();
    assert_eq!(item.rejection, Rejection::Taken);
    assert!(matches!(&item.change, Change::BookSession { procedures, time, .. } if procedures.is_empty() && time.room.is_none()));

    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let catalogue = store::catalogue::read(&mut tx, CLINIC, Moment::from_millis(1_795_000_000_000)).await.unwrap();
    let open = |from, to| vec![Open { from, to }];
    assert_eq!(catalogue.hours.week[..3], [open(480, 1080), open(540, 1020), vec![]]);
    assert_eq!((catalogue.hours.closures.clone(), catalogue.hours.staff.len()), (vec!["2026-12-25".parse::<Day>().unwrap()], 0));
    assert_eq!(catalogue.maintenance_percent, 15);
    let pair = catalogue.package(PackageId(named("pair"))).unwrap();
    assert_eq!((pair.procedures.len(), pair.procedures[1].template, pair.consents.len()), (2, None, 0));
    // Nothing was photographed then, and nothing asks for it until somebody says by which views.
    assert_eq!((catalogue.view_sets.len(), pair.view_sets.len(), chart.photos.len(), chart.shares.len()), (0, 0, 0, 0));
    assert!(chart.sessions.iter().all(|session| session.photos_skipped.is_none() && chart.photos_due(session.id, &catalogue).is_none()));

    // And it goes on from there: what is owed is paid, and one procedure of a session booked on its own.
    let author = Author { staff: StaffId(named("staff")), at: Moment::from_millis(1_795_000_000_000) };
    let pay = PlanAction::Pay { minor: 10_001, how: PaymentMethod::Card };
    let pay = Change::ChangePlan { plan: second, event: PlanEventId(id(900)), action: pay, reason: String::new() };
    let book = Change::BookSession {
        session: SessionId(named("f_three")),
        appointment: AppointmentId(id(901)),
        // A Monday, 10:00.
        time: domain::booking::Time {
            provider: StaffId(named("staff")),
            starts: Moment::new("2027-01-04T16:00:00Z".parse().unwrap()),
            minutes: 30,
            room: None,
            device: Some(DeviceId(named("laser"))),
        },
        procedures: vec![ProcedureId(face)],
        despite: String::new(),
    };
    let paid = chart.apply(&pay, author, &catalogue).unwrap();
    let after = paid.apply(&book, author, &catalogue).unwrap();
    chart::save(&mut tx, CLINIC, 8, &chart, &after).await.unwrap();
    assert_eq!(chart::rebuild(&mut tx, CLINIC, &[client(0)]).await.unwrap(), std::slice::from_ref(&after));
    assert_eq!(after.plan_billing(second).owed, 0);
    assert_eq!(statuses(&after, "second")[2], SessionStatus::PartiallyBooked);
}

/// Yesterday's clinic, which followed nobody up: a visit of last week, whose check-in would have been due yesterday.
const LAST_WEEK: &str = "
    delete from appointment;
    update client set email = 'maya@example.com';
    update signed_session set signed_at = now() - interval '8 days';
";

#[sqlx::test(migrations = false)]
async fn who_was_not_followed_up_yesterday_is_not_written_to_about_it_today(_: PgPoolOptions, options: PgConnectOptions) {
    let clinics = upgraded(options.clone(), &[(1, FIRST_VERSION), (MIGRATIONS.len() - 1, LAST_WEEK)]).await;
    let now: jiff_sqlx::Timestamp = sqlx::query_scalar("select now() + interval '1 minute'").fetch_one(&clinics.pool).await.unwrap();
    let desk = Desk::beside(options).await;
    desk.clock.set(&now.to_jiff().to_string());
    desk.server().await.once().await.unwrap();
    assert_eq!(desk.carrier.has(), []);
    let mut tx = store::begin(&clinics.pool, CLINIC).await.unwrap();
    let kinds: Vec<String> = sqlx::query_scalar("select kind from touch where state = 'planned' and due_at > now() order by due_at")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    // Half the interval is still ahead, and so is all that asks for the next session.
    assert_eq!(kinds[0], "midpoint");
    assert_eq!((kinds.len(), desk.count("select count(*) from touch where due_at < now()").await), (7, 0));
}
