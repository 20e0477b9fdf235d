//! Telling devices that there is something new: only the version travels, the device then pulls.

use crate::clinic::{Clinics, NewVersion};
use crate::store::{self, clinic};
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::ids::ClinicId;
use futures::{Stream, StreamExt};
use sqlx::postgres::PgListener;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio_stream::wrappers::BroadcastStream;

/// Passes on what Postgres announces, from whichever server process it came. Never ends; reconnects by itself.
pub async fn listen(clinics: Arc<Clinics>) {
    loop {
        if let Err(error) = pass_on(&clinics).await {
            tracing::warn!(%error, "lost the announcements of Postgres; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn pass_on(clinics: &Clinics) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(&clinics.pool).await?;
    listener.listen(clinic::CHANNEL).await?;
    loop {
        let notification = listener.recv().await?;
        let parsed = notification
            .payload()
            .split_once(':')
            .and_then(|(clinic, version)| Some(NewVersion { clinic: clinic.parse().ok()?, version: version.parse().ok()? }));
        if let Some(announcement) = parsed {
            // Nobody listening is no error.
            let _ = clinics.announcements.send(announcement);
        }
    }
}

/// The stream of one device: the version now, and each one after. A beat every ten seconds tells the device that the
/// line still stands.
pub async fn stream(clinics: Arc<Clinics>, clinic: ClinicId) -> store::Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let announcements = clinics.announcements.subscribe();
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let now = clinic::read_version(&mut tx, clinic).await?.version.unsigned_abs();
    tx.commit().await?;
    let version = |version: u64| Ok(Event::default().event("version").data(version.to_string()));
    let later = BroadcastStream::new(announcements).filter_map(move |announcement| {
        let announced = match announcement {
            Ok(announcement) if announcement.clinic == clinic => Some(version(announcement.version)),
            Ok(_) => None,
            // Some were missed: the device pulls everything new anyway.
            Err(_) => Some(Ok(Event::default().event("version").data("missed"))),
        };
        std::future::ready(announced)
    });
    let stream = futures::stream::once(std::future::ready(version(now))).chain(later);
    let beat = Event::default().event("beat").data("");
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(10)).event(beat)))
}
