//! Bookings by time, so that a day is looked up and not searched for in all charts.

use domain::{
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    ids::{AppointmentId, ClientId, SessionId},
    session::{Appointment, Session},
    time::Moment,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Drawn up in one go when somebody first asks for it, and kept up to date from then on: a first sync does not pay for it.
#[derive(Debug, Default)]
pub struct Diary {
    by_time: BTreeSet<Entry>,
    /// What other systems keep of that day: when it begins, and its place in the chart.
    elsewhere: BTreeSet<(Moment, ClientId, usize)>,
    /// The charts as they were entered: what an entry leads to, and what is struck out when a chart changes.
    charts: HashMap<ClientId, Arc<Chart>>,
    /// The longest booking there ever was: one that lasts into a time began at most so long before it.
    longest: u16,
}

/// When it begins, and where it stands.
type Entry = (Moment, ClientId, SessionId, AppointmentId);

/// One booking, with the chart it is part of.
#[derive(Clone, Copy, Debug)]
pub struct Booked<'a> {
    pub chart: &'a Arc<Chart>,
    pub session: &'a Session,
    pub appointment: &'a Appointment,
}

fn entries(chart: &Chart) -> impl Iterator<Item = Entry> {
    let booked = chart.sessions.iter().flat_map(|session| session.appointments.iter().map(|booked| (session.id, booked)));
    booked.map(|(session, booked)| (booked.starts, chart.client.id, session, booked.id))
}

fn entries_elsewhere(chart: &Chart) -> impl Iterator<Item = (Moment, ClientId, usize)> {
    let kept = chart.elsewhere.iter().enumerate().filter(|(_, kept)| kept.is_of_its_day());
    kept.map(|(n, kept)| (kept.starts, chart.client.id, n))
}

fn longest(chart: &Chart) -> u16 {
    chart.sessions.iter().flat_map(|session| &session.appointments).map(|booked| booked.minutes).max().unwrap_or(0)
}

impl Diary {
    pub fn of<'a>(charts: impl Iterator<Item = &'a Arc<Chart>>) -> Self {
        let charts: HashMap<_, _> = charts.map(|chart| (chart.client.id, chart.clone())).collect();
        // Made of a whole list, the set is sorted once instead of grown.
        let by_time = charts.values().flat_map(|chart| entries(chart)).collect();
        let elsewhere = charts.values().flat_map(|chart| entries_elsewhere(chart)).collect();
        let longest = charts.values().map(|chart| longest(chart)).max().unwrap_or(0);
        Self { by_time, elsewhere, charts, longest }
    }

    /// Enters a chart, in place of what it was before.
    pub fn enter(&mut self, chart: &Arc<Chart>) {
        let before = self.charts.insert(chart.client.id, chart.clone());
        if before.as_ref().is_some_and(|before| Arc::ptr_eq(before, chart)) {
            return;
        }
        for entry in before.iter().flat_map(|before| entries(before)) {
            self.by_time.remove(&entry);
        }
        for entry in before.iter().flat_map(|before| entries_elsewhere(before)) {
            self.elsewhere.remove(&entry);
        }
        self.by_time.extend(entries(chart));
        self.elsewhere.extend(entries_elsewhere(chart));
        self.longest = self.longest.max(longest(chart));
    }

    /// All that is held at some moment from `from` on and before `to`, by the time it begins.
    pub fn between(&self, from: Moment, to: Moment) -> impl Iterator<Item = Booked<'_>> {
        let earliest = Moment::from_millis(from.millis().saturating_sub(i64::from(self.longest) * 60_000));
        let nil = uuid::Uuid::nil();
        let start = |at: Moment| (at, ClientId(nil), SessionId(nil), AppointmentId(nil));
        // A range that ends before it begins is no range.
        let range = (earliest < to).then(|| self.by_time.range(start(earliest)..start(to)));
        range.into_iter().flatten().filter_map(|entry| self.booked(entry)).filter(move |booked| booked.appointment.ends() > from)
    }

    /// All that other systems keep that begins from `from` on and before `to`, by time.
    pub fn elsewhere_between(&self, from: Moment, to: Moment) -> impl Iterator<Item = (&Arc<Chart>, &Elsewhere)> {
        let start = |at: Moment| (at, ClientId(uuid::Uuid::nil()), 0);
        let range = (from < to).then(|| self.elsewhere.range(start(from)..start(to)));
        range.into_iter().flatten().filter_map(|(_, client, n)| {
            let chart = self.charts.get(client)?;
            Some((chart, chart.elsewhere.get(*n)?))
        })
    }

    fn booked(&self, (_, client, session, appointment): &Entry) -> Option<Booked<'_>> {
        let chart = self.charts.get(client)?;
        let session = chart.session(*session)?;
        Some(Booked { chart, session, appointment: session.booking(*appointment)? })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        ports::Queued,
        signed_record::sample,
        sync::{Pending, Replica},
    };
    use domain::{
        booking::Time,
        chart::Chart,
        command::{COMMAND_VERSION, Change, Command},
        ids::{AppointmentId, ClinicId, CommandId, InstallationId},
        session::Appointment,
        sync::Outcome,
        time::Moment,
    };
    use std::sync::Arc;
    use uuid::Uuid;

    /// The same numbers at every run, and no two alike for long.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }
    }

    const START: i64 = 1_767_225_600_000;
    const QUARTER: i64 = 15 * 60_000;

    fn at(quarter: u64) -> Moment {
        Moment::from_millis(START + i64::try_from(quarter).unwrap() * QUARTER)
    }

    fn chart(client: u128, dice: &mut Dice) -> Chart {
        let mut chart = sample::chart(3);
        chart.client.id.0 = Uuid::from_u128(client);
        for session in &mut chart.sessions {
            for n in 0..dice.below(3) {
                let minutes = u16::try_from(5 + dice.below(476)).unwrap();
                let id = AppointmentId(Uuid::from_u128(client * 1000 + u128::from(session.number) * 10 + u128::from(n)));
                let one = sample::booked("2026-01-01T00:00:00Z").remove(0);
                session.appointments.push(Appointment { id, minutes, starts: at(dice.below(400)), ..one });
            }
        }
        chart
    }

    type Listed = Vec<(Moment, Uuid, Uuid, Uuid)>;

    fn by_scan(replica: &Replica, from: Moment, to: Moment) -> Listed {
        let mut found: Listed = Vec::new();
        for chart in replica.charts() {
            for session in &chart.sessions {
                let here = session.appointments.iter().filter(|booked| booked.starts < to && booked.ends() > from);
                found.extend(here.map(|booked| (booked.starts, chart.client.id.0, session.id.0, booked.id.0)));
            }
        }
        found.sort();
        found
    }

    fn by_diary(replica: &Replica, from: Moment, to: Moment) -> Listed {
        let found = replica.bookings(from, to);
        found.map(|one| (one.appointment.starts, one.chart.client.id.0, one.session.id.0, one.appointment.id.0)).collect()
    }

    fn agree(replica: &Replica, dice: &mut Dice) {
        for _ in 0..8 {
            let (from, to) = (at(dice.below(420)), at(dice.below(420)));
            assert_eq!(by_diary(replica, from, to), by_scan(replica, from, to));
        }
        let (all, end) = (Moment::from_millis(i64::MIN), Moment::from_millis(i64::MAX));
        assert_eq!(by_diary(replica, all, end), by_scan(replica, all, end));
    }

    /// Something done on this device: a booking is made, moved or cancelled.
    fn command(replica: &Replica, number: u64, dice: &mut Dice) -> Option<Command> {
        let mut charts: Vec<_> = replica.charts().cloned().collect();
        charts.sort_by_key(|chart| chart.client.id);
        let chart: Arc<Chart> = charts.get(usize::try_from(dice.below(charts.len().try_into().ok()?)).ok()?)?.clone();
        let session = &chart.sessions[usize::try_from(dice.below(3)).ok()?];
        let time = Time { provider: sample::PROVIDER, starts: at(dice.below(400)), minutes: 45, room: None, device: None };
        let change = match session.appointments.first().map(|booked| booked.id) {
            None => {
                let appointment = AppointmentId(Uuid::from_u128(1_000_000 + u128::from(number)));
                Change::BookSession { session: session.id, appointment, time, procedures: vec![], despite: String::new() }
            }
            Some(appointment) if dice.below(2) == 0 => {
                Change::MoveBooking { session: session.id, appointment, time, despite: String::new() }
            }
            Some(appointment) => Change::CancelBooking { session: session.id, appointment, no_show: false, reason: "Ill".into() },
        };
        Some(Command {
            v: COMMAND_VERSION,
            id: CommandId(Uuid::from_u128(u128::from(number))),
            clinic: ClinicId(Uuid::from_u128(9)),
            installation: InstallationId(Uuid::nil()),
            client: chart.client.id,
            by: sample::DESK,
            at: at(0),
            change,
        })
    }

    #[test]
    fn the_diary_lists_what_a_search_of_all_charts_finds_whatever_happens() {
        for seed in 0..12 {
            let mut dice = Dice(seed);
            let catalogue = sample::catalogue();
            let charts: Vec<_> = (1..=6).map(|client| chart(client, &mut dice)).collect();
            let mut replica = sample::replica(&charts, &catalogue);
            let mut version = 1;
            let mut waiting = Vec::new();
            for number in 1..60 {
                match dice.below(6) {
                    0 => {
                        version += 1;
                        let changed: Vec<_> = (0..=dice.below(3)).map(|_| chart(u128::from(1 + dice.below(9)), &mut dice)).collect();
                        sample::take(&mut replica, &changed, None, version);
                    }
                    1 if dice.below(8) == 0 => {
                        version += 1;
                        sample::take(&mut replica, &[chart(2, &mut dice), chart(3, &mut dice)], Some(&catalogue), version);
                    }
                    1 | 2 if !waiting.is_empty() => {
                        let answered = waiting.remove(0);
                        replica.answer(answered, Outcome::Applied { version: version + 1 });
                    }
                    _ => {
                        if let Some(command) = command(&replica, number, &mut dice) {
                            let text = serde_json::to_string(&command).unwrap();
                            replica.add_pending(Pending::new(Queued { number, text, answer: None }));
                            waiting.push(number);
                        }
                    }
                }
                agree(&replica, &mut dice);
            }
        }
    }

    #[test]
    fn a_booking_that_began_before_is_found_while_it_lasts() {
        let mut one = sample::chart(1);
        one.sessions[0].appointments = sample::booked("2026-11-21T09:00:00Z");
        one.sessions[0].appointments[0].minutes = 480;
        let replica = sample::replica(&[one], &sample::catalogue());
        let count = |from: &str, to: &str| replica.bookings(sample::moment(from), sample::moment(to)).count();
        assert_eq!(count("2026-11-21T16:59:00Z", "2026-11-21T18:00:00Z"), 1);
        assert_eq!(count("2026-11-21T17:00:00Z", "2026-11-21T18:00:00Z"), 0);
        assert_eq!(count("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z"), 0);
        assert_eq!(count("2026-11-22T00:00:00Z", "2026-11-21T00:00:00Z"), 0);
    }
}
