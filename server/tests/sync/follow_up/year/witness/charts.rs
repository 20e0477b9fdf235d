//! What is planned is what each chart asks for, as it is: nothing that would not come is promised, and nothing that is wanted is missing.
//! What a chart asks for is the planner's word; that the table keeps to it, after all that anybody did, is looked at here.

use crate::{clinic::CLINIC, follow_up::desk::Desk};
use domain::{
    follow_up::{planner::Fate, touch_state::State},
    ids::ClientId,
};
use server::{follow_up::look::Look, store};

/// What is wrong with the touches of these clients. Nothing may be waiting to be planned.
pub async fn faults(desk: &Desk, clients: &[ClientId]) -> Vec<String> {
    let mut tx = store::begin(&desk.clinics.pool, CLINIC).await.unwrap();
    let looks = Look::at_all(&mut tx, &desk.clinics, CLINIC, clients).await.unwrap();
    looks.values().flat_map(faults_of).collect()
}

fn faults_of(look: &Look) -> Vec<String> {
    let mut faults = Vec::new();
    for row in look.rows.iter().filter(|row| row.retry_of.is_none()) {
        let wanted = look.touch(&row.identity()).filter(|touch| touch.fate == Fate::Send);
        let is_as_wanted = wanted.is_some_and(|touch| touch.due == row.due_at.0 && touch.expires == row.expires_at.map(|at| at.0));
        let fault = match row.state.0 {
            State::Planned if wanted.is_none() => "planned, and the chart does not ask for it",
            State::Planned if !is_as_wanted => "planned for another time than the chart asks for",
            // What may have gone does not go once more, wherever it moves.
            _ if row.may_have_gone() => continue,
            State::Suppressed | State::Merged if wanted.is_some_and(|touch| touch.due > look.now) => "given up, and the chart asks for it",
            _ => continue,
        };
        faults.push(format!("{fault}: {:?} of {:?}, {:?}, due {}", row.kind, row.client_id, row.state.0, row.due_at.0.timestamp()));
    }
    for touch in &look.schedule {
        if let Fate::Merged { into } = touch.fate
            && look.id_of(&into).is_none()
        {
            let (kind, client) = (touch.identity.kind, touch.client);
            faults.push(format!("given way to what never comes: {kind:?} of {client:?}, due {}", touch.due.timestamp()));
        }
    }
    let is_to_come = |touch: &&domain::follow_up::planner::Touch| touch.is_to_send() && touch.due > look.now;
    for touch in look.schedule.iter().filter(is_to_come) {
        if look.id_of(&touch.identity).is_none() {
            let (kind, client) = (touch.identity.kind, touch.client);
            faults.push(format!("asked for by the chart and not there: {kind:?} of {client:?}, due {}", touch.due.timestamp()));
        }
    }
    faults
}
