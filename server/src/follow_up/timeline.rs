//! Why somebody got a message, or did not: every touch of a plan, with all that became of it.

use crate::{
    clinic::Clinics,
    store::{
        self, Result,
        follow_up::{
            attempt::{self, Tried},
            touch::{self, StepRow, TouchRow},
        },
    },
};
use domain::ids::{ClinicId, PlanId};

#[derive(Clone, Debug)]
pub struct OnTimeline {
    pub touch: TouchRow,
    /// Oldest first.
    pub steps: Vec<StepRow>,
    /// Oldest first.
    pub tries: Vec<Tried>,
}

/// By when they are due.
pub async fn of_plan(clinics: &Clinics, clinic: ClinicId, plan: PlanId) -> Result<Vec<OnTimeline>> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let touches = touch::of_plan(&mut tx, clinic, plan).await?;
    let steps = touch::steps_of_plan(&mut tx, clinic, plan).await?;
    let tries = attempt::of_plan(&mut tx, clinic, plan).await?;
    let with = |touch: TouchRow| OnTimeline {
        steps: steps.iter().filter(|step| step.touch == touch.id).copied().collect(),
        tries: tries.iter().filter(|one| one.touch == touch.id).cloned().collect(),
        touch,
    };
    Ok(touches.into_iter().map(with).collect())
}
