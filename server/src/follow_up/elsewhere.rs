//! Bookings of other systems: taking in what is told of one, and giving it to a session.
//!
//! An event carries the whole state of one booking, so one that was lost is made good by the next, and one that comes twice or late
//! changes nothing. Which session a booking is of follows from the chart and from all her bookings ([`domain::follow_up::elsewhere`]),
//! and is looked up whenever the chart is planned: it does not depend on what was heard of first either. What is found stands in the chart,
//! and devices hear of it as of any change.

use super::planning::replan;
use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result, Tx, chart, clinic,
        follow_up::{
            due,
            elsewhere::{self as kept, Key, Told, Which},
            feed, lock_clients, say_now,
        },
    },
};
use app::api::SignedIn;
use domain::{
    audit::{Action, Who},
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, ClinicId, PlanId},
    time::Moment,
};

/// The chart with her bookings as they are kept now, each with its session. `None`: it has them so. A trigger ends what asks for one that
/// is booked.
async fn placed(tx: &mut Tx, clinic: ClinicId, chart: &Chart, catalogue: &Catalogue, now: Moment) -> Result<Option<Chart>> {
    let known = kept::of_client(tx, clinic, chart.client.id).await?;
    let mut next = chart.clone();
    next.elsewhere = known.iter().map(|one| one.booking.clone()).collect();
    let places = next.place_elsewhere(&catalogue.clock, now);
    let found = known.iter().zip(places).zip(&next.elsewhere).map(|((one, place), now)| (one, place, now.unsaid));
    let moved: Vec<_> = found.filter(|(one, place, unsaid)| one.place != place.map_err(Some) || one.booking.unsaid != *unsaid).collect();
    if !moved.is_empty() {
        say_now(tx, now).await?;
    }
    for (one, place, unsaid) in moved {
        kept::set_place(tx, clinic, &one.key, place, unsaid).await?;
    }
    Ok((next.elsewhere != chart.elsewhere).then_some(next))
}

/// Plans a chart that this transaction has saved with that version, after its bookings elsewhere were looked up: what was charted or
/// booked here may have left them to other sessions.
pub async fn plan_saved(
    tx: &mut Tx,
    clinics: &Clinics,
    clinic: ClinicId,
    version: i64,
    saved: &Chart,
    catalogue: &Catalogue,
) -> Result<Option<Moment>> {
    // Whatever is told of one is in the chart when it is answered.
    if !saved.elsewhere.is_empty()
        && let Some(placed) = placed(tx, clinic, saved, catalogue, clinics.host.now()).await?
    {
        chart::save(tx, clinic, version, saved, &placed).await?;
        return replan(tx, clinics, clinic, &placed, catalogue).await;
    }
    replan(tx, clinics, clinic, saved, catalogue).await
}

/// Plans charts nobody changes, after their bookings elsewhere were looked up. Where those changed one, it gets the next version. Whoever
/// asks holds the clinic's version and the clients.
pub async fn plan_held(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, version: clinic::Version, clients: &[ClientId]) -> Result<()> {
    let now = clinics.host.now();
    let catalogue = clinics.catalogue(tx, clinic, version.catalogue).await?;
    let (mut version, mut first) = (version.version, None::<Moment>);
    for client in clients {
        let Some(mut chart) = chart::load(tx, clinic, *client).await? else { continue };
        if let Some(placed) = placed(tx, clinic, &chart, &catalogue, now).await? {
            version += 1;
            chart::save(tx, clinic, version, &chart, &placed).await?;
            let change = clinic::Change { client: Some(*client), command: None, by: None, at: now };
            clinic::raise_version(tx, clinic, version, change).await?;
            chart = placed;
        }
        let planned = replan(tx, clinics, clinic, &chart, &catalogue).await?;
        first = first.into_iter().chain(planned).min();
    }
    match first {
        Some(first) => due::sooner(tx, clinic, first).await,
        None => Ok(()),
    }
}

/// Takes in what a system has told of a booking, in one transaction with all that follows from it: once it is answered, nothing goes
/// out that asks for what is booked. `false`: it was nothing new.
pub async fn take(clinics: &Clinics, clinic: ClinicId, told: &Told) -> Result<bool> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let version = clinic::lock_version(&mut tx, clinic).await?;
    // It may have been removed while this waited.
    if !feed::of_clinic(&mut tx, clinic).await?.iter().any(|feed| feed.id == told.key.feed) {
        return Ok(false);
    }
    say_now(&mut tx, now).await?;
    let before = kept::before(&mut tx, clinic, &told.key).await?;
    let whose = match before.and_then(|before| before.picked) {
        Some(picked) => Ok(picked),
        None => kept::whose(&mut tx, clinic, told.key.feed, &told.them).await?,
    };
    let clients = each(before.and_then(|before| before.client), whose.ok());
    lock_clients(&mut tx, clinic, &clients).await?;
    if !kept::put(&mut tx, clinic, told, whose, now).await? {
        tx.commit().await?;
        return Ok(false);
    }
    plan_held(&mut tx, clinics, clinic, version, &clients).await?;
    let entry = Entry::by(Who::Nobody, Action::BookingElsewhere).id("feed", told.key.feed).word("state", told.state.code());
    let entry = whose.map_or(entry.clone(), |client| entry.about(client));
    audit::add(&mut tx, clinics, clinic, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Those who had it and have it, each once.
fn each(before: Option<ClientId>, now: Option<ClientId>) -> Vec<ClientId> {
    now.into_iter().chain(before.filter(|before| Some(*before) != now)).collect()
}

/// A person says whose a booking is, and of which series. Her id in the other system is hers from then on, with all that nobody knew
/// whose it was. `false`: there is no such booking, or no such open series of hers.
pub async fn pick(clinics: &Clinics, who: &SignedIn, key: &Key, client: ClientId, plan_id: PlanId) -> Result<bool> {
    let (clinic, now) = (who.clinic, clinics.host.now());
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let version = clinic::lock_version(&mut tx, clinic).await?;
    say_now(&mut tx, now).await?;
    let Some(seen) = kept::seen(&mut tx, clinic, Which::One(key)).await?.pop() else { return Ok(false) };
    let clients = each(seen.client, Some(client));
    lock_clients(&mut tx, clinic, &clients).await?;
    let chart = chart::load(&mut tx, clinic, client).await?;
    if chart.is_none_or(|chart| chart.plan(plan_id).is_none_or(|plan| plan.standing().is_over())) {
        return Ok(false);
    }
    kept::pick(&mut tx, clinic, key, client, plan_id, who.staff, now).await?;
    if !seen.them.id.is_empty() {
        feed::set_client(&mut tx, clinic, key.feed, &seen.them.id, client).await?;
        kept::give(&mut tx, clinic, key.feed, &seen.them.id, client).await?;
    }
    plan_held(&mut tx, clinics, clinic, version, &clients).await?;
    let entry = Entry::by_staff(who.staff, Action::PickBookingElsewhere).about(client).id("feed", key.feed).id("plan", plan_id.0);
    audit::add(&mut tx, clinics, clinic, entry).await?;
    tx.commit().await?;
    Ok(true)
}
