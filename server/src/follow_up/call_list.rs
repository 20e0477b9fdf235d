//! The call list: stalled plans that came to it, and what people do about them.

use super::planning::{beside, replan};
use crate::{
    clinic::Clinics,
    store::{
        self, Result, chart, clinic,
        follow_up::{call_step, due, say_now, touch},
    },
};
use app::api::SignedIn;
use domain::{
    follow_up::{
        call_list::{Action, Entry, Step, Turn, sort},
        kind::Kind,
        touch_state::State,
    },
    ids::{ClientId, ClinicId},
};
use std::collections::HashMap;
use uuid::Uuid;

/// An entry, and whether it waits for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnList {
    /// By which it is named when somebody logs a call.
    pub id: Uuid,
    pub entry: Entry,
    pub turn: Turn,
}

/// Everything that ever came to the list and is not gone from it, in the order in which it is to be called.
pub async fn of_clinic(clinics: &Clinics, id: ClinicId) -> Result<Vec<OnList>> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, id).await?;
    let version = clinic::read_version(&mut tx, id).await?;
    let catalogue = clinics.catalogue(&mut tx, id, version.catalogue).await?;
    let (policies, followed_since) = clinics.policies(&mut tx, id).await?;
    let mut logs: HashMap<Uuid, Vec<Step>> = HashMap::new();
    for (flag, step) in call_step::all(&mut tx, id).await? {
        logs.entry(flag).or_default().push(step);
    }
    let (mut entries, mut about) = (Vec::new(), HashMap::new());
    let mut facts: (Option<ClientId>, Vec<_>) = (None, Vec::new());
    for flag in touch::flags(&mut tx, id).await? {
        if facts.0 != Some(flag.client_id) {
            let Some(chart) = chart::load(&mut tx, id, flag.client_id).await? else { continue };
            let beside = beside(&mut tx, id, flag.client_id, followed_since).await?;
            facts = (Some(flag.client_id), chart.follow_up_facts(&catalogue, &policies, &beside, now));
        }
        let (Some(plan), Some(lapse)) = (facts.1.iter().find(|facts| facts.plan == flag.plan_id), flag.lapse()) else { continue };
        let entry = Entry {
            client: flag.client_id,
            lapse,
            opened: flag.accepted_at.unwrap_or(flag.since).0,
            stranded_minor: plan.stranded_minor,
            first: policies.of(plan.package).first_on_call_list,
            log: logs.remove(&flag.id).unwrap_or_default(),
        };
        let turn = entry.turn(plan, &catalogue.clock, now);
        if !matches!(turn, Turn::Gone(_)) {
            about.insert(lapse, (flag.id, turn));
            entries.push(entry);
        }
    }
    sort(&mut entries);
    let on_list = |entry: Entry| about.get(&entry.lapse).map(|(id, turn)| OnList { id: *id, turn: *turn, entry });
    Ok(entries.into_iter().filter_map(on_list).collect())
}

/// Why a step was not logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLogged {
    /// It is on no list.
    NotThere,
    /// In words for the person who logs.
    Faults(Vec<String>),
}

/// Logs what somebody did about an entry. What a client says in a call changes what is sent: the chart is planned anew for it.
pub async fn log(clinics: &Clinics, who: &SignedIn, flag: Uuid, what: Action, note: String) -> Result<std::result::Result<(), NotLogged>> {
    let (id, now) = (who.clinic, clinics.host.now());
    let step = Step { by: who.staff, at: now, what, note };
    let mut tx = store::begin(&clinics.pool, id).await?;
    let version = clinic::lock_version(&mut tx, id).await?;
    say_now(&mut tx, now).await?;
    let catalogue = clinics.catalogue(&mut tx, id, version.catalogue).await?;
    let faults = step.faults(&catalogue.clock);
    if !faults.is_empty() {
        return Ok(Err(NotLogged::Faults(faults)));
    }
    let flag = touch::lock(&mut tx, id, flag).await?.filter(|flag| flag.kind == Kind::Flag && flag.state.0 == State::Accepted);
    let Some(flag) = flag else { return Ok(Err(NotLogged::NotThere)) };
    call_step::add(&mut tx, id, flag.id, flag.client_id, flag.plan_id, &step).await?;
    if let Some(chart) = chart::load(&mut tx, id, flag.client_id).await?
        && let Some(first) = replan(&mut tx, clinics, id, &chart, &catalogue).await?
    {
        due::sooner(&mut tx, id, first).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}
