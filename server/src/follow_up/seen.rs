//! What the staff sees of following up: all that became of a client's touches, and the call list.

use super::{
    call_list::{self, NotLogged, OnList},
    timeline::{self, OnTimeline},
};
use crate::{
    clinic::Clinics,
    own_pages::messages::without_token,
    store::{self, Result, chart},
};
use app::api::{
    ApiError, SignedIn,
    follow_up::{CallLogged, FollowUpStep, FollowUpTouch, FollowUpTry, OnCallList},
};
use domain::{
    follow_up::{call_list::Turn, kind::Kind, touch_state::State},
    ids::ClientId,
};

/// Of all her series. `None`: the clinic has no such client.
pub async fn of_client(clinics: &Clinics, who: &SignedIn, client: ClientId) -> Result<Option<Vec<FollowUpTouch>>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(chart) = chart::load(&mut tx, who.clinic, client).await? else { return Ok(None) };
    tx.commit().await?;
    let mut touches = Vec::new();
    for plan in &chart.plans {
        let of_plan = timeline::of_plan(clinics, who.clinic, plan.id).await?;
        touches.extend(of_plan.into_iter().map(|one| seen(one, who.role.charts())));
    }
    Ok(Some(touches))
}

/// Aftercare names what was done and at which settings: its words are for those who treat.
fn seen(one: OnTimeline, charts: bool) -> FollowUpTouch {
    let OnTimeline { touch, steps, tries } = one;
    let words = |text: String| (charts || touch.kind != Kind::Aftercare).then(|| without_token(&text));
    FollowUpTouch {
        plan: touch.plan_id,
        session: touch.session_id,
        kind: touch.kind,
        due: touch.due_at.0,
        state: touch.state.0,
        since: touch.since.0,
        why: touch.why,
        waits: touch.look_at.map(|at| at.0).filter(|at| touch.state.0 == State::Planned && *at > touch.due_at.0),
        again: touch.retry_of.is_some(),
        steps: steps.into_iter().map(|step| FollowUpStep { state: step.state, at: step.at, why: step.why }).collect(),
        tries: tries
            .into_iter()
            .map(|tried| FollowUpTry { channel: tried.channel, at: tried.started, answer: tried.answer, text: tried.text.and_then(words) })
            .collect(),
    }
}

pub async fn calls(clinics: &Clinics, who: &SignedIn) -> Result<Vec<OnCallList>> {
    let on_list = |OnList { id, entry, turn }: OnList| OnCallList {
        id,
        client: entry.client,
        session: entry.lapse.session,
        since: entry.lapse.day_0,
        stranded_minor: entry.stranded_minor,
        later: match turn {
            Turn::Later(day) => Some(day),
            Turn::Due | Turn::Gone(_) => None,
        },
        log: entry.log,
    };
    Ok(call_list::of_clinic(clinics, who.clinic).await?.into_iter().map(on_list).collect())
}

/// Notes what somebody did about an entry.
pub async fn log(clinics: &Clinics, who: &SignedIn, logged: CallLogged) -> Result<std::result::Result<(), ApiError>> {
    let CallLogged { id, what, note } = logged;
    Ok(call_list::log(clinics, who, id, what, note).await?.map_err(|error| match error {
        NotLogged::NotThere => ApiError::Stale,
        NotLogged::Faults(faults) => ApiError::Invalid(faults),
    }))
}
