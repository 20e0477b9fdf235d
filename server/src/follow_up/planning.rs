//! Which touches a chart should have, and what that changes among those it has.

use super::{elsewhere::plan_held, reach};
use crate::{
    clinic::Clinics,
    store::{
        self, Result, Tx, clinic,
        follow_up::{
            self as kept, call_step,
            touch::{self, TouchRow},
        },
    },
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        facts::{Beside, Facts, UNSAID_DAYS},
        planner::{Fate, Identity, Touch, schedule},
        reconcile::{Change, never_came, reconcile},
        times::local,
        touch_state::State,
    },
    ids::{ClientId, ClinicId, PlanId},
    time::{ClinicClock, Moment},
};
use std::collections::HashMap;

/// Charts planned in one transaction when nobody has changed them: it holds the clinic's version meanwhile, and people wait for that.
pub const AT_ONCE: usize = 5;

/// Charts looked up at once. The list is long after an update or an edit of the policies, and reading it costs more than a chart.
const LOOKED_UP: i64 = 500;

/// Plans a chart anew, in the transaction of what changed it. Says when something of it is due first: the caller says so, once, to
/// [`due::sooner`], as the last thing before its audit.
pub async fn replan(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, chart: &Chart, catalogue: &Catalogue) -> Result<Option<Moment>> {
    let (now, client) = (clinics.host.now(), chart.client.id);
    let (policies, followed_since) = clinics.policies(tx, clinic).await?;
    let declined = call_step::declined(tx, clinic, &[client]).await?.remove(&client).unwrap_or_default();
    let beside = known(declined, followed_since);
    let facts = chart.follow_up_facts(catalogue, &policies, &beside, now);
    let own_clock = reach::own_clock(tx, clinic, client, now).await?;
    let rows = touch::lock_of_client(tx, clinic, client).await?;
    // A retry belongs to the touch it retries, and goes or does not by the last look.
    let (mut rows, _): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.retry_of.is_none());
    let have: Vec<_> = rows.iter().map(TouchRow::kept).collect();
    let wanted = schedule(&facts, &policies, reach::clocks(&catalogue.clock, own_clock.as_ref()), never_came(&have, now));
    let changes = reconcile(&have, &wanted, now);
    let epochs: HashMap<_, _> = kept::epochs(tx, clinic, client).await?.into_iter().collect();
    let epoch = |identity: &Identity| epochs.get(&identity.plan).copied().unwrap_or_default();

    let mut fresh: Vec<TouchRow> = Vec::new();
    for change in &changes {
        if let Change::Insert(touch) = change {
            fresh.push(TouchRow::new(clinic, clinics.host.uuid(), touch, epoch(&touch.identity), now));
        }
    }
    let known = rows.len();
    rows.append(&mut fresh);
    let places: HashMap<Identity, usize> = rows.iter().enumerate().map(|(n, row)| (row.identity(), n)).collect();
    let ids: HashMap<Identity, uuid::Uuid> = rows.iter().map(|row| (row.identity(), row.id)).collect();
    let mut changed = vec![false; rows.len()];
    let mut settle = |identity: &Identity, settle: &mut dyn FnMut(&mut TouchRow)| {
        if let Some(n) = places.get(identity) {
            settle(&mut rows[*n]);
            changed[*n] = true;
        }
    };
    let suppress = |row: &mut TouchRow, why| end(row, |row| row.suppress(why, now));
    let merge = |row: &mut TouchRow, into: &Identity| {
        end(row, |row| row.become_(State::Merged, now));
        row.merged_into = ids.get(into).copied();
    };
    for change in changes {
        match change {
            Change::Insert(touch) => settle(&touch.identity, &mut |row| match touch.fate {
                Fate::Send => {}
                Fate::Suppressed(why) => suppress(row, why),
                Fate::Merged { into } => merge(row, &into),
            }),
            Change::Plan(touch) => settle(&touch.identity, &mut |row| plan_again(row, &touch, epoch(&touch.identity), now)),
            Change::Suppress(identity, why) => settle(&identity, &mut |row| suppress(row, why)),
            Change::Merge(identity, into) => settle(&identity, &mut |row| merge(row, &into)),
        }
    }
    let fresh = rows.split_off(known);
    touch::add(tx, &fresh).await?;
    let of_before: Vec<_> = rows.into_iter().zip(changed).filter(|(_, changed)| *changed).map(|(row, _)| row).collect();
    touch::save(tx, &of_before).await?;

    let again = when_said_nothing(&facts, &catalogue.clock, now);
    kept::set_replan(tx, clinic, client, again).await?;
    let looks = fresh.iter().chain(&of_before).filter_map(|row| row.look_at).map(|at| at.0);
    Ok(looks.chain(again).min())
}

/// What is known of a client beside her chart.
pub async fn beside(tx: &mut Tx, clinic: ClinicId, client: ClientId, followed_since: Moment) -> Result<Beside> {
    Ok(beside_all(tx, clinic, &[client], followed_since).await?.remove(&client).unwrap_or_default())
}

/// The same of each of these clients.
pub async fn beside_all(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId], followed_since: Moment) -> Result<HashMap<ClientId, Beside>> {
    let mut declined = call_step::declined(tx, clinic, clients).await?;
    Ok(clients.iter().map(|client| (*client, known(declined.remove(client).unwrap_or_default(), followed_since))).collect())
}

fn known(declined: Vec<(PlanId, Moment)>, followed_since: Moment) -> Beside {
    Beside { declined, followed_since: Some(followed_since), ..Beside::default() }
}

/// Ends what is pending. What a server has just taken is looked at once more when that would be over: if the server is gone, what it tried
/// is still unsaid.
fn end(row: &mut TouchRow, by: impl FnOnce(&mut TouchRow)) {
    let taken_until = row.look_at.filter(|_| row.state.0 == State::Claimed);
    by(row);
    row.look_at = taken_until;
}

fn plan_again(row: &mut TouchRow, touch: &Touch, epoch: i64, now: Moment) {
    use crate::store::chart::Stamp;
    if row.state.0 != State::Planned {
        row.plan(touch.due, now);
    }
    row.due_at = Stamp(touch.due);
    row.look_at = Some(Stamp(touch.due));
    row.expires_at = touch.expires.map(Stamp);
    row.day_0 = touch.lapse.map(|lapse| lapse.day_0);
    row.epoch = epoch;
}

/// When a booking that lies ahead would count as missed, if nobody says anything.
fn when_said_nothing(facts: &[Facts], clock: &ClinicClock, now: Moment) -> Option<Moment> {
    let bookings = facts.iter().flat_map(|facts| &facts.sessions).flat_map(|session| &session.bookings);
    bookings.map(|booking| local(clock, clock.day(booking.starts).plus(UNSAID_DAYS), 0)).filter(|at| *at > now).min()
}

/// Charts that are to be planned anew although nobody changed them; not more than a server takes on at a time.
pub async fn waiting(clinics: &Clinics, id: ClinicId) -> Result<Vec<ClientId>> {
    let mut tx = store::begin(&clinics.pool, id).await?;
    kept::to_replan(&mut tx, id, clinics.host.now(), LOOKED_UP).await
}

/// Plans those of them that nobody has planned meanwhile.
pub async fn catch_up(clinics: &Clinics, id: ClinicId, waiting: &[ClientId]) -> Result<()> {
    let mut tx = store::begin(&clinics.pool, id).await?;
    let version = clinic::lock_version(&mut tx, id).await?;
    let clients = kept::still_to_replan(&mut tx, id, waiting, clinics.host.now()).await?;
    kept::lock_clients(&mut tx, id, &clients).await?;
    plan_held(&mut tx, clinics, id, version, &clients).await?;
    tx.commit().await?;
    Ok(())
}
