//! Before and after, for whoever has the address, as long as the chart says so: it is asked at every look.

use super::{PhotosError, Result};
use crate::{
    clinic::Clinics,
    photo_store::{Item, Stored},
    store::{self, chart, clinic},
};
use bytes::Bytes;
use domain::{
    chart::Chart,
    ids::{ClientId, ClinicId, PhotoId, ShareId},
    photo::Share,
    time::Moment,
};
use futures::StreamExt;
use picture::beside;

const QUALITY: u8 = 90;

/// A shared picture that may be seen now.
#[derive(Clone, Debug)]
pub struct Live {
    pub clinic: ClinicId,
    /// Who is in it.
    pub client: ClientId,
    pub share: ShareId,
    before: PhotoId,
    after: PhotoId,
    pub words: beside::Words,
    /// Both pictures are at the clinic; before that there is nothing to show yet.
    pub is_there: bool,
}

/// What an address shows. Unknown, revoked, withdrawn, expired: nobody outside is told which.
pub async fn by_token(clinics: &Clinics, token: &str) -> Result<Option<Live>> {
    let Some((clinic, client, share)) = store::photo::find_share(&clinics.pool, token).await? else { return Ok(None) };
    let live = look(clinics, clinic, client, share).await?;
    if live.is_none() {
        clinics.photos.delete(clinic, Item::Shared(share)).await?;
    }
    Ok(live)
}

/// A clinic's shared picture, if it may be seen.
pub async fn of_clinic(clinics: &Clinics, clinic: ClinicId, share: ShareId) -> Result<Option<Live>> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let client = store::photo::client_of_share(&mut tx, clinic, share).await?;
    tx.commit().await?;
    match client {
        Some(client) => look(clinics, clinic, client, share).await,
        None => Ok(None),
    }
}

async fn look(clinics: &Clinics, clinic: ClinicId, client: ClientId, share: ShareId) -> Result<Option<Live>> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let version = clinic::read_version(&mut tx, clinic).await?;
    let catalogue = clinics.catalogue(&mut tx, clinic, version.catalogue).await?;
    let chart = chart::load(&mut tx, clinic, client).await?;
    tx.commit().await?;
    let Some(chart) = chart else { return Ok(None) };
    let today = catalogue.clock.day(clinics.host.now());
    let share = chart.shares.iter().find(|known| known.id == share).filter(|share| chart.is_shared(share, today));
    Ok(share.map(|share| live(&chart, share, clinic, &catalogue.name)))
}

fn live(chart: &Chart, share: &Share, clinic: ClinicId, name: &str) -> Live {
    let photo = |id| chart.photo(id);
    let words = |what: &str, id| {
        let session = photo(id).and_then(|photo| chart.session(photo.shot.session));
        session.map_or_else(|| what.to_owned(), |session| format!("{what} · session {}", session.number))
    };
    let between = photo(share.before).zip(photo(share.after)).and_then(|(before, after)| later(before.at, after.at));
    let after = between.into_iter().fold(words("After", share.after), |after, later| format!("{after} · {later}"));
    Live {
        clinic,
        client: chart.client.id,
        share: share.id,
        before: share.before,
        after: share.after,
        words: beside::Words { before: words("Before", share.before), after, clinic: name.to_owned() },
        is_there: [share.before, share.after].into_iter().all(|id| photo(id).is_some_and(|photo| photo.arrived.is_some())),
    }
}

/// How long after: nobody outside learns the day itself.
fn later(before: Moment, after: Moment) -> Option<String> {
    const DAY: i64 = 24 * 3600 * 1000;
    let days = (after.millis() - before.millis()) / DAY;
    let words = |count: i64, unit: &str| format!("{count} {unit}{} later", if count == 1 { "" } else { "s" });
    match days {
        ..1 => None,
        1..14 => Some(words(days, "day")),
        14..61 => Some(words(days / 7, "week")),
        61..730 => Some(words(days * 10 / 304, "month")),
        _ => Some(words(days / 365, "year")),
    }
}

/// The picture itself: drawn when it is first asked for, and kept for the next who asks.
pub async fn picture(clinics: &Clinics, live: &Live) -> Result<Stored> {
    let item = Item::Shared(live.share);
    if let Some(stored) = clinics.photos.open(live.clinic, item).await? {
        return Ok(stored);
    }
    let body = draw(clinics, live).await?;
    clinics.photos.put(live.clinic, item, body.clone()).await?;
    let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
    Ok(Stored { bytes, stream: futures::stream::once(async move { Ok(body) }).boxed() })
}

async fn draw(clinics: &Clinics, live: &Live) -> Result<Bytes> {
    let turn = clinics.drawing.turn().await;
    let original = |photo| async move {
        let found = clinics.photos.read(live.clinic, Item::Picture(photo)).await?;
        found.ok_or_else(|| PhotosError::Lost(format!("photograph {photo}")))
    };
    let (before, after) = tokio::try_join!(original(live.before), original(live.after))?;
    let words = live.words.clone();
    let drawn = turn.run(move || {
        let (before, after) = (picture::read(&before)?, picture::read(&after)?);
        picture::jpeg(&beside::draw(&before, &after, &words)?, QUALITY)
    });
    Ok(drawn.await?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_between_is_told_in_words() {
        let after = |days: i64| later(Moment::from_millis(0), Moment::from_millis(days * 24 * 3600 * 1000));
        assert_eq!(after(0), None);
        assert_eq!(after(1).as_deref(), Some("1 day later"));
        assert_eq!(after(42).as_deref(), Some("6 weeks later"));
        assert_eq!(after(61).as_deref(), Some("2 months later"));
        assert_eq!(after(153).as_deref(), Some("5 months later"));
        assert_eq!(after(800).as_deref(), Some("2 years later"));
    }
}
