//! Whether a booking can be where somebody means to put it, and if not, why: in words, before it is dropped. The chart decides
//! as it always does; what no single chart can know is looked up among everybody's bookings.

use super::{
    address::{By, Holder},
    board::Other,
};
use crate::booking::model::with_free_room;
use domain::{
    booking::Time,
    catalogue::Catalogue,
    chart::{Author, Chart},
    command::Change,
    ids::{AppointmentId, SessionId},
    rejection::Rejection,
    session::Appointment,
    time::Day,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there already.
    Same,
    Free(Time),
    /// Only the spacing stands in its way; with a reason it can be.
    TooSoon {
        time: Time,
        concern: String,
    },
    Refused(String),
}

impl Verdict {
    /// The time, where it can be.
    pub fn time(&self) -> Option<Time> {
        match self {
            Self::Free(time) | Self::TooSoon { time, .. } => Some(*time),
            Self::Same | Self::Refused(_) => None,
        }
    }
}

/// That time in its own room or in another that is free then.
pub fn in_a_free_room(catalogue: &Catalogue, others: &[Time], time: Time) -> Result<Time, String> {
    with_free_room(catalogue, others, time).ok_or_else(|| "All rooms are taken at that time.".to_owned())
}

/// The time a booking would have in that column, `minute` after midnight: the column's person, room or device, everything else
/// as before; but another room where its own is taken.
pub fn time_in(catalogue: &Catalogue, (holder, day): (Holder, Day), minute: u16, before: Time, others: &[Time]) -> Result<Time, String> {
    let starts = catalogue.clock.instant(day, minute).ok_or("This time never comes: clocks go forward over it.")?;
    let wanted = Time { starts, ..before };
    let kept = |time: Time| match time.room {
        None => Ok(time),
        Some(_) => in_a_free_room(catalogue, others, time),
    };
    match holder {
        Holder::Provider(provider) => kept(Time { provider, ..wanted }),
        Holder::Device(device) => kept(Time { device: Some(device), ..wanted }),
        Holder::Without(By::Device) => kept(Time { device: None, ..wanted }),
        Holder::Room(room) => Ok(Time { room: Some(room), ..wanted }),
        Holder::Without(By::Room) => Ok(Time { room: None, ..wanted }),
        Holder::Without(By::Provider) => Err("Here stands what other systems have booked.".to_owned()),
    }
}

/// What becomes of a booking that is dropped at that time. `all` are everybody's bookings of the days around.
pub fn drop_verdict(
    chart: &Chart,
    session: SessionId,
    moved: &Appointment,
    wanted: Time,
    all: &[Other],
    catalogue: &Catalogue,
    author: Author,
) -> Verdict {
    if moved.time() == wanted {
        return Verdict::Same;
    }
    let change = Change::MoveBooking { session, appointment: moved.id, time: wanted, despite: String::new() };
    judge(chart, &change, wanted, all.iter().filter(|other| other.appointment != moved.id), catalogue, author)
}

/// Whether a session can be booked at that time.
pub fn book_verdict(
    chart: &Chart,
    session: SessionId,
    wanted: Time,
    all: &[Other],
    catalogue: &Catalogue,
    author: Author,
    appointment: AppointmentId,
) -> Verdict {
    let change = Change::BookSession { session, appointment, time: wanted, procedures: Vec::new(), despite: String::new() };
    judge(chart, &change, wanted, all.iter(), catalogue, author)
}

fn judge<'a>(
    chart: &Chart,
    change: &Change,
    wanted: Time,
    others: impl Iterator<Item = &'a Other>,
    catalogue: &Catalogue,
    author: Author,
) -> Verdict {
    let decided = chart.apply(change, author, catalogue).map(|_| ());
    match decided {
        Err(Rejection::Closed) => return Verdict::Refused(closed(wanted, catalogue)),
        Err(rejection) if !matches!(rejection, Rejection::TooSoon { .. }) => return Verdict::Refused(rejection.to_string()),
        _ => {}
    }
    let others: Vec<_> = others.collect();
    if let Some(taken) = others.iter().find_map(|other| taken_by(other, wanted, catalogue)) {
        return Verdict::Refused(taken);
    }
    match decided {
        Err(Rejection::TooSoon { concern }) => Verdict::TooSoon { time: wanted, concern },
        _ => Verdict::Free(wanted),
    }
}

/// The clinic, or only that person.
fn closed(wanted: Time, catalogue: &Catalogue) -> String {
    let minute = catalogue.clock.minute(wanted.starts);
    let open = catalogue.hours.on(catalogue.clock.day(wanted.starts));
    if open.iter().any(|span| span.from <= minute && minute.saturating_add(wanted.minutes) <= span.to) {
        format!("{} does not work at that time.", catalogue.staff_name(wanted.provider))
    } else {
        "The clinic is closed at that time.".to_owned()
    }
}

/// "A. Osei has Jonas Weber from 10:00 to 10:30."
fn taken_by(other: &Other, wanted: Time, catalogue: &Catalogue) -> Option<String> {
    if !other.time.collides(wanted) {
        return None;
    }
    let clock = &catalogue.clock;
    let (name, span) = (&other.name, format!("from {} to {}", clock.time(other.time.starts), clock.time(other.time.ends())));
    if other.time.provider == wanted.provider {
        return Some(format!("{} has {name} {span}.", catalogue.staff_name(wanted.provider)));
    }
    let room = wanted.room.filter(|room| other.time.room == Some(*room)).and_then(|room| catalogue.room(room));
    if let Some(room) = room {
        return Some(format!("{} is taken by {name} {span}.", room.name));
    }
    let device = wanted.device.and_then(|device| catalogue.device(device)).map_or("The device", |device| device.model.as_str());
    Some(format!("{device} is kept for {name} {span}."))
}

/// `10:15, A. Osei, Room 3`: where something is put, told by what is new about it.
pub fn place(time: Time, before: Option<Time>, catalogue: &Catalogue) -> String {
    let mut parts = vec![catalogue.clock.time(time.starts), catalogue.staff_name(time.provider)];
    if before.is_none_or(|before| catalogue.clock.day(before.starts) != catalogue.clock.day(time.starts)) {
        parts.insert(0, catalogue.clock.day(time.starts).heading());
    }
    if before.is_none_or(|before| before.room != time.room) {
        let room = time.room.and_then(|room| catalogue.room(room)).map(|room| room.name.clone());
        parts.extend(room.or_else(|| before.map(|_| "no room".to_owned())));
    }
    if before.is_none_or(|before| before.device != time.device) {
        let device = time.device.and_then(|device| catalogue.device(device)).map(|device| device.model.clone());
        parts.extend(device.or_else(|| before.map(|_| "no device".to_owned())));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests;
