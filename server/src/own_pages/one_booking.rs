//! Booking by the link in a message: one session, once. Whoever has the link is not signed in by it, and sees free times only.

use super::{SignedInClient, booking::NO_ROOM, own};
use crate::{
    audit,
    clinic::Clinics,
    store::{
        Result, clinic,
        own_pages::{
            booking_link::{self, Standing},
            diary,
        },
    },
    sync::push,
    token,
};
use app::me::{Offers, chosen, offers};
use domain::{
    command::Change,
    ids::AppointmentId,
    time::{Day, Moment},
};

/// What a link shows.
#[derive(Debug)]
pub enum Seen {
    Times(Offers),
    /// The session is booked: by this link, or in another way.
    Booked,
    /// Too old, never made, or there is nothing to book by it any more.
    Gone,
}

/// Free times, with the same person. Looking changes nothing: programs that look into messages do so, too.
pub async fn look(clinics: &Clinics, token: &str, from: Option<Day>) -> Result<Seen> {
    let now = clinics.host.now();
    let (mut tx, standing) = booking_link::standing(&clinics.pool, &token::hash(token), now).await?;
    let (clinic, link) = match standing {
        Standing::Open(clinic, link) => (clinic, link),
        Standing::Booked => return Ok(Seen::Booked),
        Standing::Gone => return Ok(Seen::Gone),
    };
    let who = SignedInClient { clinic, client: link.client };
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(Seen::Gone) };
    let taken = diary::taken(&mut tx, clinic, now).await?;
    Ok(offers(&own.chart, link.session, &own.catalogue, &taken, from, now).map_or(Seen::Gone, Seen::Times))
}

/// What became of a tap.
#[derive(Debug)]
pub enum Tapped {
    /// When it is, and with whom.
    Booked {
        clinic: String,
        when: String,
        with: String,
    },
    /// The link has done its work, or has had its time.
    Dead(Seen),
    /// It was free when she looked.
    Taken,
    NotPossible,
}

/// Books the time that begins then. The link dies with it, in the same transaction: of many taps at once one books.
pub async fn book(clinics: &Clinics, token: &str, starts: Moment) -> Result<Tapped> {
    let now = clinics.host.now();
    let hash = token::hash(token);
    let (mut tx, standing) = booking_link::standing(&clinics.pool, &hash, now).await?;
    let (clinic, link) = match standing {
        Standing::Open(clinic, link) => (clinic, link),
        Standing::Booked => return Ok(Tapped::Dead(Seen::Booked)),
        Standing::Gone => return Ok(Tapped::Dead(Seen::Gone)),
    };
    // As the first lock, as whoever changes a chart takes it.
    clinic::lock_version(&mut tx, clinic).await?;
    if !booking_link::take(&mut tx, clinic, &hash, now).await? {
        return Ok(Tapped::Dead(Seen::Booked));
    }
    let who = SignedInClient { clinic, client: link.client };
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(Tapped::Dead(Seen::Gone)) };
    let taken = diary::taken(&mut tx, clinic, now).await?;
    let Some(time) = chosen(&own.chart, link.session, &own.catalogue, &taken, starts, now) else {
        // Whether she may book it at all is told by the times that are shown next.
        return Ok(Tapped::Taken);
    };
    let appointment = AppointmentId(clinics.host.uuid());
    let change = Change::BookSession { session: link.session, appointment, time, procedures: Vec::new(), despite: String::new() };
    match push::apply_from_client(&mut tx, clinics, clinic, link.client, change).await? {
        Ok((_, entries)) => {
            audit::add_all(&mut tx, clinics, clinic, entries).await?;
            tx.commit().await?;
            let clock = &own.catalogue.clock;
            let day = clock.day(time.starts);
            Ok(Tapped::Booked {
                clinic: own.catalogue.name.clone(),
                when: format!("{} {}, {} ({})", day.heading(), day.0.year(), clock.time(time.starts), clock.zone),
                with: own.catalogue.staff_name(time.provider),
            })
        }
        Err(rejection) if NO_ROOM.contains(&rejection) => Ok(Tapped::Taken),
        Err(_) => Ok(Tapped::NotPossible),
    }
}
