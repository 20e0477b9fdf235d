//! What the calendar shows, as plain data: columns, the hours they are open, and the bookings in them.

use super::{
    address::{Asked, By, Holder, Span},
    lanes::{Lane, lanes},
};
use crate::{
    booking::model::usual_minutes,
    sync::{Booked, Replica},
    words,
};
use domain::{
    booking::{GRID_MINUTES, Time},
    catalogue::{Catalogue, Staff},
    chart::Chart,
    follow_up::elsewhere::Elsewhere,
    hours::Open,
    ids::{AppointmentId, ClientId, SessionId, StaffId},
    session::Appointment,
    status::SessionStatus,
    time::{ClinicClock, Day, Moment},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The hours that are drawn, in minutes after midnight; whole hours. Equal when there is nothing to draw.
    pub from: u16,
    pub to: u16,
    pub columns: Vec<Column>,
    /// Everybody's bookings of these days and the days beside them, whether they are drawn or not.
    pub all: Vec<Other>,
}

/// One person, room or device on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub holder: Holder,
    pub day: Day,
    pub title: String,
    pub open: Vec<Open>,
    pub cards: Vec<Card>,
    pub elsewhere: Vec<Block>,
}

/// What another system has booked: it is looked at here, and moved there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    pub client: ClientId,
    /// The client's name.
    pub name: String,
    /// `Laser hair removal · 5 of 6`; empty: it is of no series.
    pub series: String,
    /// As the clinic calls it.
    pub system: String,
    /// `09:00`.
    pub from: String,
    pub minute: u16,
    /// As long as its series takes as a rule: the other system does not say.
    pub minutes: u16,
    pub lane: Lane,
}

/// A booking as it is drawn. Says nothing that depends on the clock, so that it only changes when a chart does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub client: ClientId,
    pub session: SessionId,
    pub booked: Appointment,
    /// The client's name.
    pub name: String,
    /// `Laser hair removal`.
    pub package: String,
    /// `5 of 6`.
    pub nth: String,
    /// `09:00`.
    pub from: String,
    /// `09:30`.
    pub until: String,
    /// `A. Osei`.
    pub provider: String,
    /// `Room 2 · Clarity II`; empty when it needs neither.
    pub place: String,
    pub minute: u16,
    pub lane: Lane,
    pub completed: bool,
    /// Done here, and not at the clinic yet.
    pub tentative: bool,
}

/// A booking that may stand in the way of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub appointment: AppointmentId,
    pub name: String,
    pub time: Time,
}

const HOUR: u16 = 60;
const LAST: u16 = 24 * HOUR;

impl Card {
    pub fn ends(&self) -> Moment {
        self.booked.ends()
    }

    pub fn is_undocumented(&self, now: Moment) -> bool {
        !self.completed && self.ends() <= now
    }

    /// So high it is drawn: a very short booking can still be read and touched.
    pub fn drawn_minutes(&self) -> u16 {
        self.booked.minutes.max(GRID_MINUTES)
    }
}

impl Column {
    /// Nobody can be booked and nobody is.
    pub fn is_idle(&self) -> bool {
        self.open.is_empty() && self.cards.is_empty() && self.elsewhere.is_empty()
    }

    /// When it is not open, between these minutes.
    pub fn shut(&self, from: u16, to: u16) -> Vec<Open> {
        let mut shut = Vec::new();
        let mut at = from;
        for open in &self.open {
            if open.from > at && at < to {
                shut.push(Open { from: at, to: open.from.min(to) });
            }
            at = at.max(open.to);
        }
        if at < to {
            shut.push(Open { from: at, to });
        }
        shut
    }
}

impl Board {
    /// The column and the card of a booking.
    pub fn find(&self, appointment: AppointmentId) -> Option<(usize, &Card)> {
        let mut found = self.columns.iter().enumerate().flat_map(|(n, column)| column.cards.iter().map(move |card| (n, card)));
        found.find(|(_, card)| card.booked.id == appointment)
    }

    /// What everybody, rooms and devices are taken for on these days, but for one booking.
    pub fn taken(&self, but: Option<AppointmentId>) -> Vec<Time> {
        self.all.iter().filter(|other| Some(other.appointment) != but).map(|other| other.time).collect()
    }
}

/// Those who have columns of a kind, with the names of them.
pub fn holders(catalogue: &Catalogue, by: By) -> Vec<(Holder, String)> {
    match by {
        By::Provider => catalogue.providers().map(|staff| (Holder::Provider(staff.id), staff.short_name())).collect(),
        By::Room => catalogue.rooms.iter().filter(|room| !room.retired).map(|room| (Holder::Room(room.id), room.name.clone())).collect(),
        By::Device => {
            let kept = catalogue.devices.iter().filter(|device| !device.retired);
            kept.map(|device| (Holder::Device(device.id), device.model.clone())).collect()
        }
    }
}

/// Whose week is shown: the one in the address; else the person who looks, if they treat; else the first.
pub fn chosen(catalogue: &Catalogue, asked: &Asked, own: Option<StaffId>) -> Option<(Holder, String)> {
    let all = holders(catalogue, asked.by);
    let is = |wanted: Option<uuid::Uuid>| wanted.and_then(|wanted| all.iter().find(|(holder, _)| holder.id() == Some(wanted)));
    is(asked.of).or_else(|| is(own.map(|own| own.0))).or(all.first()).cloned()
}

pub fn board(replica: &Replica, catalogue: &Catalogue, asked: &Asked, today: Day, own: Option<StaffId>) -> Board {
    let days = asked.days(today);
    let bookings: Vec<_> = match days.first().zip(days.last()) {
        // No clock on earth is more than a day off from UTC.
        Some((first, last)) => replica.bookings(midnight(first.plus(-1)), midnight(last.plus(2))).collect(),
        None => Vec::new(),
    };
    let elsewhere = match (asked.span, days.first()) {
        (Span::Day, Some(day)) => blocks(replica, catalogue, *day),
        // It is nobody's week in particular.
        _ => Vec::new(),
    };
    let mut columns: Vec<Column> = match asked.span {
        Span::Day => columns_of_day(catalogue, asked.by, &days, &bookings, !elsewhere.is_empty()),
        Span::Week => {
            let chosen = chosen(catalogue, asked, own);
            chosen.into_iter().flat_map(|(holder, _)| days.iter().map(move |day| column(catalogue, holder, *day, day.heading()))).collect()
        }
    };
    for column in &mut columns {
        let here = bookings.iter().filter(|one| catalogue.clock.day(one.appointment.starts) == column.day);
        column.cards = here.filter(|one| column.holder.holds(one.appointment)).map(|one| card(one, replica, catalogue)).collect();
        if matches!(column.holder, Holder::Without(_)) {
            column.elsewhere.clone_from(&elsewhere);
        }
        let cards = column.cards.iter().map(|card| (card.minute, card.minute + card.drawn_minutes()));
        let spans: Vec<_> = cards.chain(column.elsewhere.iter().map(|block| (block.minute, block.minute + block.minutes))).collect();
        let drawn = column.cards.iter_mut().map(|card| &mut card.lane).chain(column.elsewhere.iter_mut().map(|block| &mut block.lane));
        for (drawn, lane) in drawn.zip(lanes(&spans)) {
            *drawn = lane;
        }
    }
    let other =
        |one: &Booked<'_>| Other { appointment: one.appointment.id, name: one.chart.client.name.clone(), time: one.appointment.time() };
    let (from, to) = drawn_hours(catalogue, &columns);
    Board { from, to, all: bookings.iter().map(other).collect(), columns }
}

impl Holder {
    pub fn holds(self, booked: &Appointment) -> bool {
        match self {
            Self::Provider(id) => booked.provider == id,
            Self::Room(id) => booked.room == Some(id),
            Self::Device(id) => booked.device == Some(id),
            Self::Without(By::Room) => booked.room.is_none(),
            Self::Without(By::Device) => booked.device.is_none(),
            Self::Without(By::Provider) => false,
        }
    }
}

/// Midnight in UTC.
fn midnight(day: Day) -> Moment {
    Moment::from_millis(i64::from(day.number()) * 24 * 60 * 60_000)
}

/// What other systems have booked that day. With whom, where and with what, they do not say.
fn blocks(replica: &Replica, catalogue: &Catalogue, day: Day) -> Vec<Block> {
    let near = replica.elsewhere(midnight(day.plus(-1)), midnight(day.plus(2)));
    let here = near.filter(|(chart, kept)| catalogue.clock.day(kept.starts) == day && !is_booked_here(chart, kept, catalogue));
    here.map(|(chart, kept)| {
        let plan = kept.session.and_then(|session| chart.session(session)).and_then(|session| chart.plan(session.plan));
        let minute = catalogue.clock.minute(kept.starts);
        Block {
            client: chart.client.id,
            name: chart.client.name.clone(),
            series: kept.session.map(|session| words::series(chart, session)).unwrap_or_default(),
            system: kept.system.clone(),
            from: catalogue.clock.time(kept.starts),
            minute,
            minutes: usual_minutes(plan).max(GRID_MINUTES).min(LAST.saturating_sub(minute)),
            lane: Lane { lane: 0, of: 1 },
        }
    })
    .collect()
}

/// Both know the same visit.
fn is_booked_here(chart: &Chart, kept: &Elsewhere, catalogue: &Catalogue) -> bool {
    let session = kept.session.and_then(|session| chart.session(session));
    let day = catalogue.clock.day(kept.starts);
    session.is_some_and(|session| session.appointments.iter().any(|booked| catalogue.clock.day(booked.starts) == day))
}

/// A column for each; for those no longer listed, too, while somebody is booked with them; and one for what has none.
fn columns_of_day(catalogue: &Catalogue, by: By, days: &[Day], bookings: &[Booked<'_>], elsewhere: bool) -> Vec<Column> {
    let Some(day) = days.first().copied() else { return Vec::new() };
    let mut holders = holders(catalogue, by);
    for booked in bookings.iter().map(|one| one.appointment).filter(|booked| catalogue.clock.day(booked.starts) == day) {
        if holders.iter().any(|(holder, _)| holder.holds(booked)) {
            continue;
        }
        let (holder, title) = match (by, booked.room, booked.device) {
            (By::Provider, ..) => (Holder::Provider(booked.provider), catalogue.staff_name(booked.provider)),
            (By::Room, Some(id), _) => {
                (Holder::Room(id), catalogue.room(id).map_or_else(|| "A room no longer listed".to_owned(), |room| room.name.clone()))
            }
            (By::Device, _, Some(id)) => {
                let name = catalogue.device(id).map_or_else(|| "A device no longer listed".to_owned(), |device| device.model.clone());
                (Holder::Device(id), name)
            }
            (By::Room | By::Device, ..) => (Holder::Without(by), format!("Without a {}", by.one())),
        };
        holders.push((holder, title));
    }
    if elsewhere && !holders.iter().any(|(holder, _)| matches!(holder, Holder::Without(_))) {
        let title = if by == By::Provider { "Other systems".to_owned() } else { format!("Without a {}", by.one()) };
        holders.push((Holder::Without(by), title));
    }
    holders.sort_by_key(|(holder, _)| matches!(holder, Holder::Without(_)));
    holders.into_iter().map(|(holder, title)| column(catalogue, holder, day, title)).collect()
}

fn column(catalogue: &Catalogue, holder: Holder, day: Day, title: String) -> Column {
    let open = match holder {
        Holder::Provider(staff) => catalogue.hours.of(staff, day),
        _ => catalogue.hours.on(day).to_vec(),
    };
    Column { holder, day, title, open: shown_by_the_clock(&catalogue.clock, day, open), cards: Vec::new(), elsewhere: Vec::new() }
}

/// On the day clocks go forward some quarter hours never come, and nobody can be booked in them.
fn shown_by_the_clock(clock: &ClinicClock, day: Day, open: Vec<Open>) -> Vec<Open> {
    if !clock.offsets.iter().any(|(from, _)| clock.day(*from) == day) {
        return open;
    }
    let mut shown: Vec<Open> = Vec::new();
    for span in open {
        let mut from = span.from;
        while from < span.to {
            let to = ((from / GRID_MINUTES + 1) * GRID_MINUTES).min(span.to);
            if clock.instant(day, from).is_some() {
                match shown.last_mut() {
                    // A break between two spans stays one.
                    Some(last) if last.to == from && from > span.from => last.to = to,
                    _ => shown.push(Open { from, to }),
                }
            }
            from = to;
        }
    }
    shown
}

fn card(one: &Booked<'_>, replica: &Replica, catalogue: &Catalogue) -> Card {
    let Booked { chart, session, appointment } = *one;
    let clock = &catalogue.clock;
    let room = appointment.room.and_then(|room| catalogue.room(room)).map(|room| room.name.clone());
    let device = appointment.device.and_then(|device| catalogue.device(device)).map(|device| device.model.clone());
    let all_done = || chart.listed_session(session).is_some_and(|listed| listed.status == SessionStatus::Completed);
    Card {
        client: chart.client.id,
        session: session.id,
        booked: appointment.clone(),
        name: chart.client.name.clone(),
        package: chart.plan(session.plan).map(|plan| plan.name.clone()).unwrap_or_default(),
        nth: format!("{} of {}", session.number, chart.balance(session.plan).purchased),
        from: clock.time(appointment.starts),
        until: clock.time(appointment.ends()),
        provider: catalogue.staff_member(appointment.provider).map_or_else(String::new, Staff::short_name),
        place: room.into_iter().chain(device).collect::<Vec<_>>().join(" · "),
        minute: clock.minute(appointment.starts),
        lane: Lane { lane: 0, of: 1 },
        completed: session.is_held(appointment) || all_done(),
        tentative: replica.has_unsent(chart.client.id),
    }
}

/// The clinic's hours on these days, and whatever is booked outside of them.
fn drawn_hours(catalogue: &Catalogue, columns: &[Column]) -> (u16, u16) {
    let open = columns.iter().flat_map(|column| catalogue.hours.on(column.day)).map(|open| (open.from, open.to));
    let cards = columns.iter().flat_map(|column| &column.cards).map(|card| (card.minute, card.minute + card.drawn_minutes()));
    let blocks = columns.iter().flat_map(|column| &column.elsewhere).map(|block| (block.minute, block.minute + block.minutes));
    let (from, to) = open.chain(cards).chain(blocks).fold((LAST, 0), |(first, last), (from, to)| (first.min(from), last.max(to)));
    if from >= to { (0, 0) } else { (from / HOUR * HOUR, (to.div_ceil(HOUR) * HOUR).min(LAST)) }
}

/// The first day after this one on which the clinic is open.
pub fn next_open(catalogue: &Catalogue, day: Day) -> Option<Day> {
    (1..=400).map(|days| day.plus(days)).find(|day| !catalogue.hours.on(*day).is_empty())
}

#[cfg(test)]
mod tests;
