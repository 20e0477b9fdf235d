//! One policy while it is edited, and its saving.

use super::{Rulebook, USUAL, draft::Draft};
use crate::{
    api::{self, ApiError},
    settings::{desk::Editor, saving::Saving},
    workspace::Workspace,
};
use domain::{
    follow_up::policy::{Policies, Policy},
    ids::PackageId,
};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Copy)]
pub struct PolicyEditor {
    /// `None`: what is sent as usual.
    pub package: Option<PackageId>,
    /// What was saved when the editing began.
    base: RwSignal<Draft>,
    pub draft: RwSignal<Draft>,
    pub saving: Saving,
}

/// As it is kept on the device while it is half typed.
#[derive(Serialize, Deserialize)]
struct HalfTyped {
    base: Draft,
    draft: Draft,
}

impl Editor for PolicyEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| self.draft.with(|draft| !base.is_same(draft)))
    }
}

/// What is saved of one of them.
fn saved(package: Option<PackageId>, policies: &Policies) -> Draft {
    match package {
        None => Draft::of(&policies.usual, true),
        Some(package) => Draft::of(policies.of(package), policies.of_packages.iter().any(|(own, _)| *own == package)),
    }
}

/// All policies with one of them replaced; `None`: the package goes back to the usual.
fn replaced(policies: &Policies, package: Option<PackageId>, policy: Option<Policy>) -> Policies {
    let mut all = policies.clone();
    match (package, policy) {
        (None, Some(policy)) => all.usual = policy,
        (None, None) => {}
        (Some(package), policy) => {
            all.of_packages.retain(|(other, _)| *other != package);
            all.of_packages.extend(policy.map(|policy| (package, policy)));
        }
    }
    all
}

impl PolicyEditor {
    /// Goes on with what was half typed, if there is anything.
    pub fn new(package: Option<PackageId>, policies: &Policies, workspace: Workspace) -> Self {
        let saved = saved(package, policies);
        let typed = serde_json::from_str::<HalfTyped>(&workspace.typed(&about(package))).ok();
        // It may have been saved while nobody looked.
        let typed = typed.filter(|typed| !typed.draft.is_same(&saved));
        let HalfTyped { base, draft } = typed.unwrap_or_else(|| HalfTyped { base: saved.clone(), draft: saved });
        Self { package, base: RwSignal::new(base), draft: RwSignal::new(draft), saving: Saving::new() }
    }

    pub fn id(&self) -> Uuid {
        self.package.map_or(USUAL, |package| package.0)
    }

    /// What is saved by now is something else than what the edit is based on.
    pub fn is_outdated(&self, book: Rulebook) -> bool {
        let is_other = |policies: &Policies| !self.base.with(|base| base.is_same(&saved(self.package, policies)));
        !self.saving.is_busy() && book.kept().is_some_and(|kept| is_other(&kept.policies))
    }

    /// Keeps what is typed over a reload, until it is saved or given up.
    pub fn keep_half_typed(&self, workspace: Workspace) {
        let typed = match self.has_changes() {
            true => serde_json::to_string(&HalfTyped { base: self.base.get(), draft: self.draft.get() }).unwrap_or_default(),
            false => String::new(),
        };
        workspace.save_typed(&about(self.package), &typed);
    }

    pub fn forget_half_typed(&self, workspace: Workspace) {
        workspace.save_typed(&about(self.package), "");
    }

    pub fn change(&self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
    }

    /// What the timeline shows: what is typed, as far as it can be read.
    pub fn policy(&self) -> Policy {
        self.draft.with(|draft| draft.read().0)
    }

    pub fn faults(&self) -> Vec<String> {
        self.draft.with(|draft| if draft.own { draft.read().1 } else { Vec::new() })
    }

    /// Saves it, in the midst of all others as they are known here. Whoever saved meanwhile is not overwritten.
    pub fn send(self, workspace: Workspace, book: Rulebook) {
        let Some(kept) = untrack(|| book.kept()) else { return };
        let draft = self.draft.get_untracked();
        let (policy, faults) = draft.read();
        if draft.own && !faults.is_empty() {
            return self.saving.refuse(faults);
        }
        let policies = replaced(&kept.policies, self.package, draft.own.then_some(policy));
        self.saving.begin();
        spawn_local(async move {
            let answer = api::save_follow_up_policies(policies, kept.version).await;
            match &answer {
                Ok(kept) => {
                    self.base.try_set(draft);
                    self.forget_half_typed(workspace);
                    book.take(Ok(kept.clone()));
                }
                // What is there now is what the next try is based on.
                Err(ApiError::Stale) => book.load(),
                Err(_) => {}
            }
            self.saving.finish(&answer.map(|_| ()), workspace);
        });
    }
}

fn about(package: Option<PackageId>) -> String {
    format!("follow-up/{}", package.map_or(USUAL, |package| package.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_policy_is_replaced_and_the_others_stay() {
        let (one, other) = (PackageId(Uuid::from_u128(1)), PackageId(Uuid::from_u128(2)));
        let all = Policies { usual: Policy::standard(), of_packages: vec![(other, Policy::light())] };
        let own = replaced(&all, Some(one), Some(Policy::light()));
        assert_eq!((own.of(one), own.of(other), own.of_packages.len()), (&Policy::light(), &Policy::light(), 2));
        let back = replaced(&own, Some(other), None);
        assert_eq!((back.of(other), back.of_packages.len()), (&Policy::standard(), 1));
        assert_eq!(replaced(&all, None, Some(Policy::light())).usual, Policy::light());
        assert!(!saved(Some(one), &all).own && saved(Some(other), &all).own && saved(None, &all).own);
    }
}
