//! What can be booked: plain data, tested without a browser.

use crate::sync::Replica;
use domain::{
    booking::{self, Time},
    catalogue::{Catalogue, Device},
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    ids::{DeviceId, PlanId, ProcedureId, RoomId, SessionId, StaffId},
    package::Procedure,
    plan::Plan,
    record::Treatment,
    session::Appointment,
    spacing::{Concern, Intended},
    status::SessionStatus,
    time::{Day, Moment},
};

/// So many times are offered.
const OFFERED: usize = 3;
/// Within so many days after it is due.
pub const SEARCHED_DAYS: i32 = 28;
/// How long a session of unknown length is booked for.
const USUAL_MINUTES: u16 = 45;

/// What is still to come of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// Not held yet, by time.
    pub bookings: Vec<Appointment>,
    /// What another system has booked of it, or says was held.
    pub elsewhere: Option<Elsewhere>,
    /// Something of it is not booked, here or elsewhere.
    pub more: bool,
}

/// `None` for a session of which nothing is to come: completed, or its series ended before it began.
pub fn ahead(chart: &Chart, session: SessionId) -> Option<Ahead> {
    let listed = chart.listed_session(chart.session(session)?)?;
    if listed.status == SessionStatus::Completed {
        return None;
    }
    let mut bookings: Vec<_> = listed.session.appointments.iter().filter(|booked| !listed.session.is_held(booked)).cloned().collect();
    bookings.sort_by_key(|booked| booked.starts);
    let open = listed.elsewhere.is_none() && (listed.session.appointments.is_empty() || !chart.unbooked(session).is_empty());
    Some(Ahead { bookings, elsewhere: listed.elsewhere.cloned(), more: open && !listed.plan.standing().is_over() })
}

/// A procedure that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub id: ProcedureId,
    pub name: String,
    pub minutes: u16,
}

/// What of a session is neither performed nor booked.
pub fn parts(chart: &Chart, session: SessionId) -> Vec<Part> {
    let part = |procedure: &Procedure| Part { id: procedure.id, name: procedure.name.clone(), minutes: procedure.minutes };
    chart.unbooked(session).into_iter().map(part).collect()
}

/// Who would hold a session, when it is due, how long it takes, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub provider: StaffId,
    pub day: Day,
    pub minutes: u16,
    /// The room the client knows.
    pub room: Option<RoomId>,
    /// That room and no other.
    only_room: bool,
    pub device: Option<DeviceId>,
    /// The time of the visit before: people keep to their hour.
    like: Option<Moment>,
}

impl Due {
    /// Looked for from that day on.
    pub fn beginning(self, day: Day) -> Self {
        Self { day, ..self }
    }

    pub fn with(self, provider: StaffId) -> Self {
        Self { provider, ..self }
    }

    /// In that room and no other; `None` is any that is free.
    pub fn within(self, room: Option<RoomId>) -> Self {
        Self { room: room.or(self.room), only_room: room.is_some(), ..self }
    }

    pub fn by(self, device: Tool) -> Self {
        match device {
            Tool::Usual => self,
            Tool::None => Self { device: None, ..self },
            Tool::Only(device) => Self { device: Some(device), ..self },
        }
    }

    pub fn at(self, starts: Moment) -> Time {
        let Self { provider, minutes, room, device, .. } = self;
        Time { provider, starts, minutes, room, device }
    }
}

/// The device that is kept for a booking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// What the series is treated with.
    #[default]
    Usual,
    None,
    Only(DeviceId),
}

impl Tool {
    pub fn value(self) -> String {
        match self {
            Self::Usual => String::new(),
            Self::None => "none".to_owned(),
            Self::Only(device) => device.to_string(),
        }
    }

    pub fn read(value: &str) -> Self {
        match value {
            "none" => Self::None,
            value => value.parse().map_or(Self::Usual, Self::Only),
        }
    }
}

/// When all that is not booked of a session is due. A booking that is moved keeps its length, room and device.
pub fn due(chart: &Chart, session: SessionId, moving: Option<&Appointment>, catalogue: &Catalogue, today: Day) -> Option<Due> {
    let part = moving.map_or_else(|| chart.unbooked(session).iter().map(|one| one.id).collect(), |moved| moved.procedures.clone());
    due_part(chart, session, moving, &part, catalogue, today)
}

/// When these procedures of a session are due: its interval after the session before it, today at the earliest, and not
/// before the skin has had the days it needs. An empty `part` is the whole session.
pub fn due_part(
    chart: &Chart,
    session: SessionId,
    moving: Option<&Appointment>,
    part: &[ProcedureId],
    catalogue: &Catalogue,
    today: Day,
) -> Option<Due> {
    let session = chart.session(session)?;
    let plan = chart.plan(session.plan)?;
    let before =
        chart.sessions.iter().filter(|other| other.plan == plan.id && other.number < session.number).max_by_key(|other| other.number);
    let visit = before.and_then(|before| chart.delivered_in(before.id).or(Some(before)));
    let booked = visit.and_then(|visit| visit.first_booking());
    let signed = visit.and_then(|visit| visit.signed.as_ref());
    let last = booked.map(|booked| booked.starts).or(signed.map(|signed| signed.at));
    let usual = signed.map(|signed| signed.by).or(booked.map(|booked| booked.provider));
    let treats = |id: &StaffId| catalogue.providers().any(|staff| staff.id == *id);
    let anybody = || catalogue.providers().next().map(|staff| staff.id);
    let procedures: Vec<_> = plan.procedures.iter().filter(|one| part.is_empty() || part.contains(&one.id)).collect();
    let kept_device = moving.and_then(|moved| moved.device).filter(|device| in_use(catalogue, *device).is_some());
    let at_interval = last.map_or(today, |last| catalogue.clock.day(last).plus(i32::from(plan.interval_days))).max(today);
    Some(Due {
        provider: usual.filter(treats).or_else(anybody)?,
        day: chart.clear_day(&intended(chart, session.id, part), at_interval, catalogue),
        minutes: moving.map_or_else(|| minutes(&procedures), |moved| moved.minutes),
        room: moving.and_then(|moved| moved.room).or_else(|| last_room(chart, plan.id)).filter(|room| is_open(catalogue, *room)),
        only_room: false,
        device: kept_device.or_else(|| usual_device(chart, plan.id, procedures.first().copied(), catalogue)),
        like: last,
    })
}

fn intended(chart: &Chart, session: SessionId, part: &[ProcedureId]) -> Vec<Intended> {
    let Some(plan) = chart.session(session).and_then(|session| chart.plan(session.plan)) else { return Vec::new() };
    // As a booking is kept: what is all of the session is not called a part.
    let part = if part.len() == plan.procedures.len() { &[] } else { part };
    chart.intended_part(plan.id, part)
}

/// What stands against holding that part of a session on a day: it was treated too short a time before.
pub fn concerns(chart: &Chart, session: SessionId, part: &[ProcedureId], day: Day, catalogue: &Catalogue) -> Vec<String> {
    let concerns = chart.spacing_concerns(&intended(chart, session, part), day, catalogue);
    concerns.iter().map(Concern::sentence).collect()
}

/// How long a session of a plan takes as a rule.
pub fn usual_minutes(plan: Option<&Plan>) -> u16 {
    minutes(&plan.map(|plan| plan.procedures.iter().collect::<Vec<_>>()).unwrap_or_default())
}

fn minutes(part: &[&Procedure]) -> u16 {
    match part.iter().map(|procedure| procedure.minutes).fold(0, u16::saturating_add) {
        0 => USUAL_MINUTES,
        minutes => minutes,
    }
}

fn is_open(catalogue: &Catalogue, room: RoomId) -> bool {
    catalogue.room(room).is_some_and(|room| !room.retired)
}

fn last_room(chart: &Chart, plan: PlanId) -> Option<RoomId> {
    let bookings = chart.sessions.iter().filter(|session| session.plan == plan).flat_map(|session| &session.appointments);
    bookings.max_by_key(|booked| booked.starts)?.room
}

fn in_use(catalogue: &Catalogue, device: DeviceId) -> Option<&Device> {
    catalogue.device(device).filter(|device| !device.retired)
}

/// What the series was treated with in its last visit; before that, the one device that fits what is booked first.
fn usual_device(chart: &Chart, plan: PlanId, first: Option<&Procedure>, catalogue: &Catalogue) -> Option<DeviceId> {
    let template = first.and_then(|procedure| procedure.template);
    let fits = |device: &&Device| template.is_none_or(|template| device.works_by(template));
    let used = last_devices(chart, plan).into_iter().find(|device| in_use(catalogue, *device).as_ref().is_some_and(fits));
    used.or_else(|| {
        let template = template?;
        let mut fitting = catalogue.devices.iter().filter(|device| !device.retired && device.works_by(template));
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only.id)
    })
}

fn last_devices(chart: &Chart, plan: PlanId) -> Vec<DeviceId> {
    let of_plan = |done: &&Treatment| done.counts_for.and_then(|id| chart.session(id)).is_some_and(|session| session.plan == plan);
    let devices = chart.history().into_iter().map(|(visit, _)| {
        let treatments = visit.records().flat_map(|record| &record.treatments).filter(of_plan);
        treatments.map(|done| done.device).collect::<Vec<_>>()
    });
    devices.into_iter().find(|devices| !devices.is_empty()).unwrap_or_default()
}

/// Everybody's bookings that are still ahead.
pub fn taken(replica: &Replica, now: Moment) -> Vec<Time> {
    replica.bookings_ahead(now).map(|booked| booked.appointment.time()).collect()
}

/// What a client's booking with that provider has to keep clear of: what is `taken`, but for the booking that is moved; and
/// the client's own bookings, whoever holds them.
pub fn around(taken: &[Time], chart: &Chart, moving: Option<&Appointment>, provider: StaffId) -> Vec<Time> {
    let moved = moving.map(Appointment::time);
    let own = chart.sessions.iter().flat_map(|session| &session.appointments);
    let own = own.filter(|own| moving.is_none_or(|moved| own.id != moved.id)).map(|own| Time { provider, ..own.time() });
    taken.iter().copied().filter(|time| Some(*time) != moved).chain(own).collect()
}

/// That time in the wanted room, or else in the first that is free then. `None` when all are taken; without rooms, none is
/// needed.
pub fn with_free_room(catalogue: &Catalogue, taken: &[Time], wanted: Time) -> Option<Time> {
    let rooms: Vec<_> = catalogue.rooms.iter().filter(|room| !room.retired).map(|room| room.id).collect();
    if rooms.is_empty() {
        return Some(Time { room: None, ..wanted });
    }
    let known = wanted.room.filter(|room| rooms.contains(room));
    let is_free = |room: &RoomId| !taken.iter().any(|other| other.room == Some(*room) && other.overlaps(wanted));
    let room = known.into_iter().chain(rooms).find(is_free)?;
    Some(Time { room: Some(room), ..wanted })
}

/// The times on a day at which the provider, the device and some room are free.
pub fn free(catalogue: &Catalogue, taken: &[Time], due: Due, day: Day, now: Moment) -> Vec<Time> {
    let anywhere = Time { room: due.room.filter(|_| due.only_room), ..due.at(now) };
    let starts = booking::free_times(catalogue, taken, anywhere, day, now).into_iter().map(|starts| due.at(starts));
    starts.filter_map(|time| if due.only_room { Some(time) } else { with_free_room(catalogue, taken, time) }).collect()
}

/// The next free times with that provider, one a day, near the client's usual hour.
pub fn offers(catalogue: &Catalogue, taken: &[Time], due: Due, now: Moment) -> Vec<Time> {
    const TEN: u16 = 10 * 60;
    let clock = &catalogue.clock;
    let usual = due.like.map_or(TEN, |like| clock.minute(like));
    let on = |day| free(catalogue, taken, due, day, now).into_iter().min_by_key(|time| clock.minute(time.starts).abs_diff(usual));
    (0..SEARCHED_DAYS).filter_map(|days| on(due.day.plus(days))).take(OFFERED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{catalogue::Room, spacing::SpacingRule};
    use uuid::Uuid;

    const NOW: &str = "2026-01-10T15:00:00Z";

    fn room(id: u128, retired: bool) -> Room {
        Room { id: room_id(id), name: format!("Room {id}"), retired, version: 1 }
    }

    fn room_id(id: u128) -> RoomId {
        RoomId(Uuid::from_u128(id))
    }

    fn procedure(id: u128, minutes: u16) -> Procedure {
        Procedure { id: ProcedureId(Uuid::from_u128(id)), name: format!("Procedure {id}"), minutes, template: None }
    }

    fn time(starts: &str, room: Option<u128>) -> Time {
        Time { room: room.map(room_id), ..sample::booked(starts)[0].time() }
    }

    #[test]
    fn the_next_session_is_offered_at_its_interval_with_the_same_provider_at_the_same_hour() {
        let catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        chart.sessions[0].appointments = sample::booked("2026-01-10T14:00:00Z");
        let by = chart.sessions[0].signed.as_ref().unwrap().by;
        let due = due(&chart, sample::session(2), None, &catalogue, sample::day("2026-01-10")).unwrap();
        assert_eq!((due.provider, due.day, due.minutes), (by, sample::day("2026-02-21"), 45));
        let now = sample::moment(NOW);
        let offered = offers(&catalogue, &[], due, now);
        let times: Vec<_> = offered.iter().map(|time| catalogue.clock.time(time.starts)).collect();
        assert_eq!(times, vec![catalogue.clock.time(sample::moment("2026-01-10T14:00:00Z")); 3]);
    }

    #[test]
    fn the_room_is_kept_while_it_is_free() {
        let mut catalogue = sample::catalogue();
        let wanted = time("2026-02-21T09:00:00Z", Some(2));
        let given = |catalogue: &Catalogue, taken: &[Time]| with_free_room(catalogue, taken, wanted).map(|time| time.room);
        assert_eq!(given(&catalogue, &[]), Some(None));
        catalogue.rooms = vec![room(1, false), room(2, false), room(3, true)];
        let (first, second) = (time("2026-02-21T08:45:00Z", Some(1)), time("2026-02-21T09:15:00Z", Some(2)));
        let after = time("2026-02-21T09:30:00Z", Some(2));
        assert_eq!(given(&catalogue, &[first, after]), Some(Some(room_id(2))));
        assert_eq!(given(&catalogue, &[second]), Some(Some(room_id(1))));
        assert_eq!(given(&catalogue, &[first, second]), None);
        catalogue.rooms[1].retired = true;
        assert_eq!(given(&catalogue, &[]), Some(Some(room_id(1))));
    }

    #[test]
    fn nothing_is_offered_while_all_rooms_are_taken() {
        let mut catalogue = sample::catalogue();
        catalogue.rooms = vec![room(1, false)];
        let (chart, now) = (sample::chart(1), sample::moment(NOW));
        let due = due(&chart, sample::session(1), None, &catalogue, sample::day("2026-01-11")).unwrap();
        // Somebody else's, and in that person's hands all day.
        let other = Time { provider: sample::OTHER, minutes: 24 * 60, ..time("2026-01-11T00:00:00Z", Some(1)) };
        assert!(free(&catalogue, &[other], due, sample::day("2026-01-11"), now).is_empty());
        let days: Vec<_> = offers(&catalogue, &[other], due, now).iter().map(|time| catalogue.clock.day(time.starts)).collect();
        assert_eq!(days, ["2026-01-12", "2026-01-13", "2026-01-14"].map(sample::day));
    }

    #[test]
    fn the_rest_of_a_session_takes_as_long_as_what_is_left() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(1);
        chart.plans[0].procedures = vec![procedure(1, 45), procedure(2, 20)];
        let today = sample::day("2026-01-10");
        let minutes =
            |chart: &Chart, moving: Option<&Appointment>| due(chart, sample::session(1), moving, &catalogue, today).unwrap().minutes;
        assert_eq!(minutes(&chart, None), 65);
        assert_eq!(ahead(&chart, sample::session(1)), Some(Ahead { bookings: vec![], elsewhere: None, more: true }));
        let mut part = sample::booked("2026-01-12T09:00:00Z").remove(0);
        part.procedures = vec![ProcedureId(Uuid::from_u128(1))];
        chart.sessions[0].appointments = vec![part.clone()];
        assert_eq!((minutes(&chart, None), minutes(&chart, Some(&part))), (20, 30));
        assert_eq!(ahead(&chart, sample::session(1)), Some(Ahead { bookings: vec![part], elsewhere: None, more: true }));
        chart.sessions[0].appointments[0].procedures.clear();
        assert!(ahead(&chart, sample::session(1)).is_some_and(|ahead| !ahead.more));
    }

    #[test]
    fn the_device_of_the_last_visit_is_kept_for_the_next_one() {
        let mut catalogue = sample::catalogue();
        let device = |chart: &Chart, catalogue: &Catalogue| {
            due(chart, sample::session(2), None, catalogue, sample::day("2026-01-10")).unwrap().device
        };
        let mut chart = sample::chart(2);
        let laser = catalogue.devices[0].id;
        assert_eq!(device(&chart, &catalogue), None);
        let template = Some(catalogue.devices[0].handpieces[0].template);
        chart.plans[0].procedures = vec![Procedure { template, ..procedure(1, 45) }];
        assert_eq!(device(&chart, &catalogue), Some(laser));
        let treated = sample::signed(&sample::chart(2), &catalogue, 1, 18);
        assert_eq!(device(&treated, &catalogue), Some(laser));
        catalogue.devices[0].retired = true;
        assert_eq!((device(&treated, &catalogue), device(&chart, &catalogue)), (None, None));
    }

    #[test]
    fn a_client_is_in_one_place_at_a_time_and_a_booking_does_not_stand_in_its_own_way() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(2);
        chart.sessions[0].appointments = sample::booked("2026-02-21T09:00:00Z");
        let moved = chart.sessions[0].appointments[0].clone();
        let elsewhere = Time { provider: sample::OTHER, ..time("2026-02-21T13:00:00Z", None) };
        let taken = [moved.time(), elsewhere];
        let (day, now) = (sample::day("2026-02-21"), sample::moment(NOW));
        let is_free = |moving: Option<&Appointment>, provider, at: &str| {
            let due = due(&chart, sample::session(1), moving, &catalogue, day).unwrap().with(provider);
            let around = around(&taken, &chart, moving, provider);
            free(&catalogue, &around, due, day, now).iter().any(|time| time.starts == sample::moment(at))
        };
        for provider in [sample::PROVIDER, sample::OTHER] {
            assert!(!is_free(None, provider, "2026-02-21T09:15:00Z"));
            assert!(is_free(Some(&moved), provider, "2026-02-21T09:15:00Z"));
        }
        assert!(is_free(None, sample::PROVIDER, "2026-02-21T13:00:00Z"));
        assert!(!is_free(None, sample::OTHER, "2026-02-21T13:00:00Z"));
    }

    #[test]
    fn a_room_that_is_asked_for_is_the_only_one_offered() {
        let mut catalogue = sample::catalogue();
        catalogue.rooms = vec![room(1, false), room(2, false)];
        let (chart, now, day) = (sample::chart(1), sample::moment(NOW), sample::day("2026-01-11"));
        let due = due(&chart, sample::session(1), None, &catalogue, day).unwrap();
        let other = Time { provider: sample::OTHER, minutes: 24 * 60, ..time("2026-01-11T00:00:00Z", Some(1)) };
        assert!(free(&catalogue, &[other], due.within(Some(room_id(1))), day, now).is_empty());
        let rooms: Vec<_> = free(&catalogue, &[other], due.within(None), day, now).iter().map(|time| time.room).collect();
        assert!(!rooms.is_empty() && rooms.iter().all(|room| *room == Some(room_id(2))));
    }

    #[test]
    fn the_skin_has_its_days_before_a_session_is_due() {
        let mut catalogue = sample::catalogue();
        let mut chart = sample::signed(&sample::chart(3), &catalogue, 1, 18);
        chart.plans[0].interval_days = 7;
        let template = catalogue.devices[0].handpieces[0].template;
        let day = |catalogue: &Catalogue| due(&chart, sample::session(2), None, catalogue, sample::day("2026-01-11")).unwrap().day;
        assert_eq!(day(&catalogue), sample::day("2026-01-17"));
        catalogue.spacing = vec![SpacingRule { earlier: template, later: template, region: None, days: 28 }];
        assert_eq!(day(&catalogue), sample::day("2026-02-07"));
        let against = |day: &str| concerns(&chart, sample::session(2), &[], sample::day(day), &catalogue);
        assert_eq!(against("2026-01-17"), ["Alexandrite on Cheek L 7 days before; 28 are usual."]);
        assert!(against("2026-02-07").is_empty());
    }

    #[test]
    fn a_part_takes_its_own_time() {
        let catalogue = sample::catalogue();
        let mut chart = sample::chart(1);
        chart.plans[0].procedures = vec![procedure(1, 45), procedure(2, 20)];
        let names = parts(&chart, sample::session(1)).into_iter().map(|part| part.name).collect::<Vec<_>>();
        assert_eq!(names, ["Procedure 1", "Procedure 2"]);
        let part = [ProcedureId(Uuid::from_u128(2))];
        let due = due_part(&chart, sample::session(1), None, &part, &catalogue, sample::day("2026-01-10")).unwrap();
        assert_eq!(due.minutes, 20);
        assert_eq!(Tool::read(&Tool::Only(DeviceId(Uuid::from_u128(3))).value()), Tool::Only(DeviceId(Uuid::from_u128(3))));
        assert_eq!((Tool::read(""), Tool::read(&Tool::None.value())), (Tool::Usual, Tool::None));
    }
}
