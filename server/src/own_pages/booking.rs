//! A client books the next session of a series, and cancels in time.

use super::{SignedInClient, own};
use crate::{
    clinic::Clinics,
    store::{self, Result, own_pages::diary},
    sync::push,
};
use app::me::{Offers, chosen, offers};
use domain::{
    booking::clients_may_cancel,
    command::Change,
    ids::{AppointmentId, SessionId},
    rejection::Rejection,
    time::{Day, Moment},
};

/// What is written where a member of staff would give the client's reason.
const REASON: &str = "Cancelled by the client on her own pages.";

/// Free times, as the staff is offered them. `None`: this is no session of hers that can be booked.
pub async fn free(clinics: &Clinics, who: SignedInClient, session: SessionId, from: Option<Day>) -> Result<Option<Offers>> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(None) };
    let taken = diary::taken(&mut tx, who.clinic, now).await?;
    Ok(offers(&own.chart, session, &own.catalogue, &taken, from, now))
}

/// Somebody else was quicker.
pub(super) const NO_ROOM: [Rejection; 4] = [Rejection::Taken, Rejection::RoomTaken, Rejection::DeviceTaken, Rejection::ClientBusy];

/// What became of a tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tapped {
    Done,
    /// Not hers, or not there any more.
    NotThere,
    /// It was free when she looked.
    Taken,
    TooLate,
    Rejected(Rejection),
}

/// Books the time that begins then. Of what the browser sent only the beginning counts; the rest is as it was offered.
pub async fn book(clinics: &Clinics, who: SignedInClient, session: SessionId, starts: Moment) -> Result<Tapped> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(Tapped::NotThere) };
    let Some(known) = own.chart.session(session) else { return Ok(Tapped::NotThere) };
    // The same tap once more.
    if known.appointments.iter().any(|booked| booked.starts == starts) {
        return Ok(Tapped::Done);
    }
    let taken = diary::taken(&mut tx, who.clinic, now).await?;
    tx.commit().await?;
    if offers(&own.chart, session, &own.catalogue, &taken, None, now).is_none() {
        return Ok(Tapped::NotThere);
    }
    let Some(time) = chosen(&own.chart, session, &own.catalogue, &taken, starts, now) else { return Ok(Tapped::Taken) };
    let appointment = AppointmentId(clinics.host.uuid());
    let change = Change::BookSession { session, appointment, time, procedures: Vec::new(), despite: String::new() };
    Ok(match push::receive_from_client(clinics, who.clinic, who.client, change).await? {
        Ok(_) => Tapped::Done,
        Err(rejection) if NO_ROOM.contains(&rejection) => Tapped::Taken,
        Err(rejection) => Tapped::Rejected(rejection),
    })
}

pub async fn cancel(clinics: &Clinics, who: SignedInClient, appointment: AppointmentId) -> Result<Tapped> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(Tapped::NotThere) };
    tx.commit().await?;
    let found = own.chart.sessions.iter().find_map(|session| Some((session.id, session.booking(appointment)?)));
    let Some((session, booked)) = found else { return Ok(Tapped::NotThere) };
    if !clients_may_cancel(booked.starts, now) {
        return Ok(Tapped::TooLate);
    }
    let change = Change::CancelBooking { session, appointment, no_show: false, reason: REASON.to_owned() };
    Ok(match push::receive_from_client(clinics, who.clinic, who.client, change).await? {
        Ok(_) => Tapped::Done,
        Err(Rejection::NotAllowed) => Tapped::TooLate,
        Err(Rejection::Stale) => Tapped::NotThere,
        Err(rejection) => Tapped::Rejected(rejection),
    })
}
