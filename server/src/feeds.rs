//! Other booking systems that feed a clinic: its owner connects them. A secret is told once, when it is made.

pub mod event;
pub mod signature;

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result, clinic,
        follow_up::{
            due,
            feed::{self, Kept, Means},
        },
    },
    ways_in::SecretKey,
};
use app::api::SignedIn;
use domain::{audit::Action, time::Moment};
use uuid::Uuid;

/// The secret before a new one holds so long, so that the other system can be told in peace.
const OLD_SECRET_HOURS: i64 = 24;

/// More systems no clinic has.
const MOST_FEEDS: usize = 20;
const LONGEST_NAME: usize = 60;
pub const LONGEST_SERVICE: usize = 200;

/// The address another system calls.
pub fn path(feed: Uuid) -> String {
    format!("/webhooks/bookings/{feed}")
}

/// A feed that was made, or renewed: its secret as the other system is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub id: Uuid,
    pub secret: String,
}

fn draw(clinics: &Clinics) -> [u8; 32] {
    let mut secret = [0; 32];
    clinics.host.fill(&mut secret);
    secret
}

/// Connects a system. The faults are words for whoever typed.
pub async fn make(clinics: &Clinics, key: &SecretKey, who: &SignedIn, name: &str) -> Result<std::result::Result<Made, String>> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Ok(Err(format!("Type what you call the other system, in up to {LONGEST_NAME} characters.")));
    }
    let (host, secret) = (clinics.host.as_ref(), draw(clinics));
    let id = host.uuid();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    // One after the other, so that nobody makes more than there may be.
    clinic::lock_version(&mut tx, who.clinic).await?;
    if feed::of_clinic(&mut tx, who.clinic).await?.len() >= MOST_FEEDS {
        return Ok(Err(format!("{MOST_FEEDS} systems are connected. Disconnect one first.")));
    }
    let secret_sealed = feed::seal(key, who.clinic, id, &secret, host);
    let kept = Kept { id, name: name.to_owned(), secret: secret_sealed, old: None, made_by: who.staff, made_at: host.now() };
    feed::add(&mut tx, who.clinic, &kept).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::MakeFeed).id("feed", id)).await?;
    tx.commit().await?;
    Ok(Ok(Made { id, secret: signature::told(&secret) }))
}

/// Draws another secret; the one before holds for a day. `None`: there is no such feed.
pub async fn renew(clinics: &Clinics, key: &SecretKey, who: &SignedIn, id: Uuid) -> Result<Option<Made>> {
    let (host, secret) = (clinics.host.as_ref(), draw(clinics));
    let old_ends = Moment::from_millis(host.now().millis() + OLD_SECRET_HOURS * 60 * 60_000);
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    if !feed::renew(&mut tx, who.clinic, id, &feed::seal(key, who.clinic, id, &secret, host), old_ends).await? {
        return Ok(None);
    }
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::RenewFeed).id("feed", id)).await?;
    tx.commit().await?;
    Ok(Some(Made { id, secret: signature::told(&secret) }))
}

/// Nothing is heard from it any more, and what it still had booked does not count. `false`: there is no such feed.
pub async fn remove(clinics: &Clinics, who: &SignedIn, id: Uuid) -> Result<bool> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    clinic::lock_version(&mut tx, who.clinic).await?;
    if !feed::remove(&mut tx, who.clinic, id, now).await? {
        return Ok(false);
    }
    feed::replan(&mut tx, who.clinic, id, None).await?;
    due::sooner(&mut tx, who.clinic, now).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::RemoveFeed).id("feed", id)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Says what a service of the other system is here. `false`: there is no such feed, or no such package.
pub async fn set_service(clinics: &Clinics, who: &SignedIn, id: Uuid, service: &str, means: Means) -> Result<bool> {
    let (now, service) = (clinics.host.now(), service.trim());
    if service.is_empty() || service.chars().count() > LONGEST_SERVICE {
        return Ok(false);
    }
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let version = clinic::lock_version(&mut tx, who.clinic).await?;
    let catalogue = clinics.catalogue(&mut tx, who.clinic, version.catalogue).await?;
    let is_known = feed::of_clinic(&mut tx, who.clinic).await?.iter().any(|feed| feed.id == id);
    if !is_known || matches!(means, Means::Package(package) if catalogue.packages.iter().all(|other| other.id != package)) {
        return Ok(false);
    }
    feed::set_service(&mut tx, who.clinic, id, service, means).await?;
    feed::replan(&mut tx, who.clinic, id, Some(service)).await?;
    due::sooner(&mut tx, who.clinic, now).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::EditFeedService).id("feed", id)).await?;
    tx.commit().await?;
    Ok(true)
}
