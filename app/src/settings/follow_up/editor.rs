//! One policy while it is edited, and its saving.

use super::{
    Rulebook, USUAL,
    draft::{ClosingDraft, Draft},
};
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
        None => {
            let closing = ClosingDraft { review_link: policies.closing.review_link.clone(), next: None };
            Draft { closing, ..Draft::of(&policies.usual, true) }
        }
        Some(package) => {
            let closing = ClosingDraft { review_link: String::new(), next: policies.closing.after(package).cloned() };
            let own = policies.of_packages.iter().any(|(own, _)| *own == package);
            Draft { closing, ..Draft::of(policies.of(package), own) }
        }
    }
}

/// All policies with one of them replaced; `None`: the package goes back to the usual.
fn replaced(policies: &Policies, package: Option<PackageId>, policy: Option<Policy>, closing: &ClosingDraft) -> Policies {
    let mut all = policies.clone();
    match package {
        None => all.closing.review_link = closing.review_link.trim().to_owned(),
        Some(package) => {
            all.closing.next.retain(|(after, _)| *after != package);
            all.closing.next.extend(closing.next.clone().map(|next| (package, next)));
        }
    }
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
        let closing = self.closing_faults();
        self.draft.with(|draft| if draft.own { draft.read().1 } else { Vec::new() }).into_iter().chain(closing).collect()
    }

    /// Of what a finished series ends in.
    pub fn closing_faults(&self) -> Vec<String> {
        let none = Policies::standard();
        self.draft.with(|draft| replaced(&none, self.package, None, &draft.closing).closing.faults())
    }

    /// Saves it, in the midst of all others as they are known here. Whoever saved meanwhile is not overwritten.
    pub fn send(self, workspace: Workspace, book: Rulebook) {
        let Some(kept) = untrack(|| book.kept()) else { return };
        let draft = self.draft.get_untracked();
        let (policy, _) = draft.read();
        let faults = untrack(|| self.faults());
        if !faults.is_empty() {
            return self.saving.refuse(faults);
        }
        let policies = replaced(&kept.policies, self.package, draft.own.then_some(policy), &draft.closing);
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
    use domain::follow_up::closing::Next;

    #[test]
    fn one_policy_is_replaced_and_the_others_stay() {
        let (one, other) = (PackageId(Uuid::from_u128(1)), PackageId(Uuid::from_u128(2)));
        let all = Policies { of_packages: vec![(other, Policy::light())], ..Policies::standard() };
        let none = ClosingDraft::default();
        let own = replaced(&all, Some(one), Some(Policy::light()), &none);
        assert_eq!((own.of(one), own.of(other), own.of_packages.len()), (&Policy::light(), &Policy::light(), 2));
        let back = replaced(&own, Some(other), None, &none);
        assert_eq!((back.of(other), back.of_packages.len()), (&Policy::standard(), 1));
        assert_eq!(replaced(&all, None, Some(Policy::light()), &none).usual, Policy::light());
        assert!(!saved(Some(one), &all).own && saved(Some(other), &all).own && saved(None, &all).own);
    }

    #[test]
    fn what_a_series_ends_in_is_kept_with_its_package_and_the_link_with_the_clinic() {
        let (one, other) = (PackageId(Uuid::from_u128(1)), PackageId(Uuid::from_u128(2)));
        let link = ClosingDraft { review_link: " https://example.com/review ".into(), next: None };
        let next = ClosingDraft { next: Some(Next::Package(other)), ..ClosingDraft::default() };
        let all = replaced(&Policies::standard(), None, Some(Policy::standard()), &link);
        let all = replaced(&all, Some(one), None, &next);
        assert_eq!((all.closing.review_link.as_str(), all.closing.after(one)), ("https://example.com/review", Some(&Next::Package(other))));
        assert!(all.of_packages.is_empty());
        assert_eq!((saved(Some(one), &all).closing, saved(None, &all).closing.next), (next, None));
        let none = replaced(&all, Some(one), None, &ClosingDraft::default());
        assert_eq!((none.closing.after(one), &none.closing.review_link), (None, &all.closing.review_link));
    }
}
