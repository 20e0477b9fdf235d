//! The demo clinic, with all that can become of a series, over two months.

use super::reference::Reference;
use crate::{
    clinic::audit_key,
    follow_up::{
        desk::{Clock, at},
        year::dice::Dice,
    },
};
use domain::{
    booking::Time,
    chart::{Author, Chart},
    command::Change,
    follow_up::{elsewhere::BookingState, policy::Policies},
    ids::{AddendumId, AppointmentId, ClientId, ClinicId, PlanEventId, ReportId, SessionId, StaffId},
    numbers::{Numbers, Span},
    plan::PlanAction,
    session::Appointment,
    sync::decode,
    time::Moment,
};
use server::{
    clinic::Clinics,
    demo::{self, Size},
    follow_up::{FollowUp, call_list, elsewhere, policies, transport::InApp},
    host::Host,
    numbers,
    photo_store::PhotoStore,
    seed,
    store::{
        self, chart, clinic,
        follow_up::{
            elsewhere::{self as kept, Key, Placed, Them, Told},
            feed,
            touch::{self, TouchRow},
        },
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};
use uuid::Uuid;

const SIZE: Size = Size { clients: 400, sessions: 2_400, seed: 1 };
const START: &str = "2026-11-23T16:00:00Z";
const DAY: i64 = 24 * 60;
/// Another booking system that feeds it.
const FEED: Uuid = Uuid::from_u128(4_711);

/// Who books there.
fn books_elsewhere(n: usize) -> bool {
    n % 9 == 3 || n % 9 == 7
}

struct Demo {
    clock: Arc<Clock>,
    clinics: Arc<Clinics>,
    id: ClinicId,
    staff: StaffId,
    server: FollowUp,
    /// All that was told of bookings elsewhere.
    told: Mutex<HashMap<Key, Vec<Told>>>,
}

impl Demo {
    async fn open(options: PgConnectOptions) -> Self {
        let clock = Clock::at(START);
        let pool = server::database::pool(options).await.unwrap();
        let clinics = Arc::new(Clinics::new(pool, clock.clone(), PhotoStore::in_memory(), audit_key()));
        seed::seed(&clinics.pool, clock.as_ref(), SIZE, &|_, _| {}).await.unwrap();
        let catalogue = demo::clinic(SIZE, at(START)).catalogue;
        let staff = catalogue.staff[0].id;
        let server = FollowUp::new(clinics.clone(), Arc::new(InApp), "https://clinic.example".into());
        let (id, made_at) = (catalogue.clinic, clock.now());
        let mut tx = store::begin(&clinics.pool, id).await.unwrap();
        let system = feed::Kept { id: FEED, name: "Booker".into(), secret: vec![0], old: None, made_by: staff, made_at };
        feed::add(&mut tx, id, &system).await.unwrap();
        tx.commit().await.unwrap();
        Self { clock, clinics, id, staff, server, told: Mutex::default() }
    }

    async fn charts(&self) -> Vec<Chart> {
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        let (mut charts, mut since) = (Vec::new(), 0);
        loop {
            let page = chart::page(&mut tx, self.id, since).await.unwrap();
            let Some(last) = page.last() else { return charts };
            since = last.version.cast_signed();
            charts.extend(page.iter().map(|row| decode::<Chart>(&row.body.0).unwrap()));
        }
    }

    /// As a device's command does it, where the chart allows it.
    async fn change(&self, chart: &Chart, change: &Change, by: StaffId) -> Option<Chart> {
        let at = self.clinics.host.now();
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        let version = clinic::lock_version(&mut tx, self.id).await.unwrap();
        store::follow_up::say_now(&mut tx, at).await.unwrap();
        let catalogue = self.clinics.catalogue(&mut tx, self.id, version.catalogue).await.unwrap();
        let next = chart.apply(change, Author { staff: by, at }, &catalogue).ok()?;
        // Somebody else may have the time.
        chart::save(&mut tx, self.id, version.version + 1, chart, &next).await.ok()?;
        let log = clinic::Change { client: Some(chart.client.id), command: None, by: Some(self.staff), at };
        clinic::raise_version(&mut tx, self.id, version.version + 1, log).await.unwrap();
        let first = elsewhere::plan_saved(&mut tx, &self.clinics, self.id, version.version + 1, &next, &catalogue).await.unwrap();
        if let Some(first) = first {
            store::follow_up::due::sooner(&mut tx, self.id, first).await.unwrap();
        }
        tx.commit().await.unwrap();
        Some(next)
    }

    /// Another system tells of a booking. The days are from today.
    async fn tell(&self, client: ClientId, booking: &str, state: BookingState, changed: i64, starts: i64) {
        let day = |days: i64| Moment::from_millis(self.clock.now().millis() + days * DAY * 60_000);
        let key = Key { feed: FEED, booking: format!("{client} {booking}") };
        let them = Them { id: client.to_string(), ..Them::default() };
        let told = Told { key: key.clone(), state, starts: day(starts), changed: day(changed), them, service: String::new() };
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        feed::set_client(&mut tx, self.id, FEED, &client.to_string(), client).await.unwrap();
        tx.commit().await.unwrap();
        elsewhere::take(&self.clinics, self.id, &told).await.unwrap();
        self.told.lock().unwrap().entry(key).or_default().push(told);
    }

    /// What other systems have booked, and tell of now: long before, moved, cancelled, missed, held; also late, and in another order.
    async fn tell_of_the_past(&self) {
        use BookingState::{Booked, Cancelled, Completed, Missed};
        for (n, chart) in self.charts().await.into_iter().enumerate().filter(|(n, _)| books_elsewhere(*n)) {
            let mut dice = Dice::new(4_711, u64::try_from(n).unwrap());
            let long_ago = -dice.within(15, 400);
            let events: &[(BookingState, i64, i64)] = match dice.within(0, 6) {
                0 => &[(Booked, long_ago, 3)],
                1 => &[(Cancelled, -5, 10), (Booked, long_ago, 10)],
                2 => &[(Booked, long_ago, -12), (Completed, -12, -12)],
                3 => &[(Booked, long_ago, -10)],
                4 => &[(Missed, -9, -10), (Booked, long_ago, -10)],
                5 => &[(Booked, long_ago, -5), (Booked, -14, 20)],
                _ => &[(Completed, -4, -4)],
            };
            for (state, changed, starts) in events {
                self.tell(chart.client.id, "past", *state, *changed, *starts).await;
            }
        }
    }

    /// Those that lie ahead, held at last.
    async fn some_are_held(&self) -> usize {
        let held: Vec<_> = {
            let told = self.told.lock().unwrap();
            let one = |told: &Vec<Told>| told.iter().max_by_key(|told| (told.changed, told.state)).cloned();
            told.values().filter_map(one).filter(|told| told.state == BookingState::Booked && told.starts <= self.clock.now()).collect()
        };
        let mut count = 0;
        for told in held.into_iter().filter(|told| told.key.booking.as_bytes()[0] % 2 == 0) {
            let told = Told { state: BookingState::Completed, changed: self.clock.now(), ..told };
            elsewhere::take(&self.clinics, self.id, &told).await.unwrap();
            self.told.lock().unwrap().entry(told.key.clone()).or_default().push(told);
            count += 1;
        }
        count
    }

    async fn elsewhere(&self) -> HashMap<ClientId, Vec<Placed>> {
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        let clients: Vec<_> = self.charts().await.iter().map(|chart| chart.client.id).collect();
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for (client, placed) in kept::of_clients(&mut tx, self.id, &clients).await.unwrap() {
            all.entry(client).or_default().push(placed);
        }
        all
    }

    fn event(&self) -> PlanEventId {
        PlanEventId(self.clinics.host.uuid())
    }

    fn sessions(&self, n: usize) -> Vec<SessionId> {
        (0..n).map(|_| SessionId(self.clinics.host.uuid())).collect()
    }

    /// Something else for each chart: series end, pause, grow and go over to others, bookings fall away.
    async fn live(&self) -> BTreeMap<usize, usize> {
        let mut done = BTreeMap::new();
        for (n, chart) in self.charts().await.into_iter().enumerate() {
            let Some(plan) = chart.plans.first() else { continue };
            let act = |action| Change::ChangePlan { plan: plan.id, event: self.event(), action, reason: "so it is".into() };
            let open = chart.sessions.iter().find(|session| session.signed.is_none() && !session.appointments.is_empty());
            let signed = chart.sessions.iter().rfind(|session| session.plan == plan.id && session.signed.is_some());
            let cancel = |no_show| {
                let session = open?;
                Some(Change::CancelBooking { session: session.id, appointment: session.appointments[0].id, no_show, reason: "ill".into() })
            };
            let changes: Vec<Change> = match n % 12 {
                0 => vec![act(PlanAction::Void)],
                1 => vec![act(PlanAction::Refund { minor: 100 })],
                2 => vec![act(PlanAction::Extend { sessions: self.sessions(2) })],
                3 => vec![act(PlanAction::Freeze { until: None })],
                4 => vec![act(PlanAction::Freeze { until: None }), act(PlanAction::Resume)],
                5 => {
                    let catalogue = demo::clinic(SIZE, at(START)).catalogue;
                    let price_minor = chart.maintenance_minor(plan.id, 2, &catalogue);
                    vec![act(PlanAction::Maintain { sessions: self.sessions(2), price_minor })]
                }
                6 => cancel(false).into_iter().collect(),
                7 => {
                    let worry = signed.map(|session| Change::ReportAfterSession {
                        session: session.id,
                        report: ReportId(self.clinics.host.uuid()),
                        worried: true,
                        text: "It itches.".into(),
                    });
                    worry.into_iter().chain([act(PlanAction::Void)]).collect()
                }
                8 => open
                    .map(|session| {
                        let Appointment { id, provider, starts, minutes, .. } = session.appointments[0];
                        let time = Time { provider, starts: later(starts), minutes, room: None, device: None };
                        Change::MoveBooking { session: session.id, appointment: id, time, despite: String::new() }
                    })
                    .into_iter()
                    .collect(),
                9 => signed
                    .map(|session| Change::AddAddendum {
                        session: session.id,
                        addendum: AddendumId(self.clinics.host.uuid()),
                        text: "Well.".into(),
                    })
                    .into_iter()
                    .collect(),
                _ => Vec::new(),
            };
            let mut chart = chart;
            for change in changes {
                let by = if matches!(change, Change::ReportAfterSession { .. }) { StaffId::CLIENT } else { self.staff };
                if let Some(next) = self.change(&chart, &change, by).await {
                    *done.entry(n % 12).or_default() += 1;
                    chart = next;
                }
            }
        }
        done
    }

    /// Some who have nothing booked, book.
    async fn some_book(&self, which: usize) -> usize {
        let mut booked = 0;
        for (n, chart) in self.charts().await.into_iter().enumerate().filter(|(n, _)| n % 9 == which) {
            let Some(next) = chart.plans.iter().rev().find_map(|plan| chart.next_session(plan.id)) else { continue };
            if next.first_booking().is_some() {
                continue;
            }
            if books_elsewhere(n) {
                self.tell(chart.client.id, &format!("b-{which}"), BookingState::Booked, 0, 3).await;
                continue;
            }
            let starts = Moment::from_millis(self.clinics.host.now().millis() + (3 * DAY + i64::try_from(n).unwrap() % 7 * 60) * 60_000);
            let time = Time { provider: self.staff, starts, minutes: 15, room: None, device: None };
            let appointment = AppointmentId(self.clinics.host.uuid());
            let change = Change::BookSession { session: next.id, appointment, time, procedures: vec![], despite: "asked for it".into() };
            booked += usize::from(self.change(&chart, &change, self.staff).await.is_some());
        }
        booked
    }

    async fn touches(&self) -> Vec<TouchRow> {
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        let mut touches = Vec::new();
        for client in self.charts().await.iter().map(|chart| chart.client.id) {
            touches.extend(touch::of_client(&mut tx, self.id, client).await.unwrap());
        }
        touches
    }

    /// The database's numbers, and that they are the domain's.
    async fn compare(&self) -> Numbers {
        let numbers = numbers::read(&self.clinics, self.id, Span::default()).await.unwrap();
        let charts = self.charts().await;
        let kept = policies::read(&self.clinics, self.id).await.unwrap();
        let mut tx = store::begin(&self.clinics.pool, self.id).await.unwrap();
        let catalogue = store::catalogue::read(&mut tx, self.id, self.clinics.host.now()).await.unwrap();
        drop(tx);
        let reference = Reference {
            charts: &charts,
            catalogue: &catalogue,
            policies: &kept.policies,
            followed_since: kept.followed_since,
            elsewhere: &self.elsewhere().await,
            told: &self.told.lock().unwrap().clone(),
            now: self.clinics.host.now(),
        };
        let (series, young) = reference.series();
        assert_eq!((&numbers.series, numbers.young), (&series, young));
        assert_eq!(numbers.drop_off, reference.drop_off());
        assert_eq!(numbers.months, reference.months());
        let mut at_risk: Vec<_> = numbers.at_risk.iter().map(|one| one.session).collect();
        at_risk.sort_unstable();
        assert_eq!(at_risk, reference.at_risk());
        let stranded: BTreeMap<_, _> = numbers.packages.iter().map(|one| (one.package, one.stranded_minor)).collect();
        assert_eq!(stranded, reference.stranded());
        for one in &numbers.apart {
            let chart = charts.iter().find(|chart| chart.client.id == one.client).unwrap();
            assert_eq!(Some(one.because), reference.apart(chart, chart.plan(one.plan).unwrap()));
        }
        let apart = charts.iter().flat_map(|chart| chart.plans.iter().filter(|plan| reference.apart(chart, plan).is_some()));
        assert_eq!(numbers.apart.len(), apart.count());
        assert_eq!((numbers.on_time().part, numbers.on_time().whole), reference.punctual(&self.touches().await));
        assert_eq!(usize::try_from(numbers.lapses.open).unwrap(), reference.open_lapses());
        let list = call_list::of_clinic(&self.clinics, self.id).await.unwrap();
        assert_eq!(usize::try_from(numbers.calls.open).unwrap(), list.len());
        let mut ages: Vec<_> = list.iter().map(|one| one.entry.age_days(catalogue.clock.day(self.clinics.host.now()))).collect();
        ages.sort_unstable();
        let middle = (!ages.is_empty()).then(|| u32::try_from(ages[(ages.len() - 1) / 2]).unwrap());
        assert_eq!(numbers.calls.median_age_days, middle);
        assert_eq!((numbers.zero.after_booking, numbers.zero.twice, numbers.zero.fifth), (0, 0, 0));
        // The parts and the whole.
        let sum = |of: fn(&domain::numbers::OfPackage) -> u32| numbers.packages.iter().map(of).sum::<u32>();
        assert_eq!((sum(|one| one.mature), sum(|one| one.complete)), (numbers.mature(), numbers.series_completion().part));
        let share = numbers.session_completion();
        assert_eq!((sum(|one| one.mature_delivered), sum(|one| one.mature_sold)), (share.part, share.whole));
        numbers
    }
}

fn later(at: Moment) -> Moment {
    Moment::from_millis(at.millis() + 7 * DAY * 60_000)
}

#[sqlx::test(migrator = "server::database::MIGRATIONS")]
async fn what_the_database_counts_is_what_the_rules_count(_: PgPoolOptions, options: PgConnectOptions) {
    let demo = Demo::open(options).await;
    let fresh = demo.compare().await;
    assert!(fresh.mature() > 100 && fresh.drop_off.len() > 5 && fresh.young > 50, "{fresh:?}");
    let done = demo.live().await;
    assert_eq!(done.keys().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "each was done at least once: {done:?}");
    let before = demo.compare().await;
    demo.tell_of_the_past().await;
    // What was booked elsewhere all the time was no drop-off, and nobody there is at risk.
    let told = demo.compare().await;
    let dropped = |numbers: &Numbers| numbers.drop_off.iter().map(|one| one.dropped).sum::<u32>();
    assert!(dropped(&told) < dropped(&before), "{} {}", dropped(&told), dropped(&before));
    assert!(told.at_risk.len() < before.at_risk.len(), "{} {}", told.at_risk.len(), before.at_risk.len());
    let (mut booked, mut held) = (0, 0);
    for day in 0..45 {
        demo.server.once().await.unwrap();
        if day % 15 == 0 {
            demo.compare().await;
        }
        if day % 5 == 4 {
            booked += demo.some_book(day / 5).await;
            held += demo.some_are_held().await;
        }
        demo.clock.pass(DAY);
    }
    demo.server.once().await.unwrap();
    let numbers = demo.compare().await;
    assert!(booked > 20 && held > 5, "{booked} {held}");
    assert!(numbers.lapses.passed > 0 && numbers.lapses.rebooked > 0 && numbers.on_time().part > 100, "{numbers:?}");
    assert!(!numbers.apart.is_empty() && numbers.calls.opened > 0);
    // Since another policy holds, too.
    assert_eq!(policies::read(&demo.clinics, demo.id).await.unwrap().policies, Policies::standard());
}
