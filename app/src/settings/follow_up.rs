//! What the clinic sends between the sessions of a series: for each package that has its own, and as usual. Read from the server and
//! saved there; the device keeps only what is half typed.

mod closing_block;
mod draft;
mod editor;
mod example;
mod form;
mod rule_block;
mod text_block;
mod timeline;

use super::{
    desk::Desk,
    frame::SettingsFrame,
    side_list::{Entry, SideList, selected},
};
use crate::{
    api::{self, numbers::KeptPolicies},
    icon::Icon,
    words::count,
    workspace::use_workspace,
};
use domain::{follow_up::policy::Policies, ids::PackageId};
use editor::PolicyEditor;
use form::policy_form;
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

const PARAMETER: &str = "package";
const ADDRESS: &str = "/settings/follow-up?package=";

/// Stands for what is sent as usual, where others name a package.
const USUAL: Uuid = Uuid::nil();

/// What the server told last.
#[derive(Clone, Copy)]
pub struct Rulebook(RwSignal<Option<Result<KeptPolicies, String>>>);

impl Rulebook {
    /// Asks again. What is shown stays until there is an answer.
    fn load(self) {
        spawn_local(async move { self.take(api::follow_up_policies().await.map_err(|error| error.to_string())) });
    }

    fn take(self, told: Result<KeptPolicies, String>) {
        self.0.try_update(|kept| {
            if told.is_ok() || !matches!(kept, Some(Ok(_))) {
                *kept = Some(told);
            }
        });
    }

    fn kept(&self) -> Option<KeptPolicies> {
        self.0.with(|kept| kept.as_ref()?.as_ref().ok().cloned())
    }
}

/// Which package an entry of the list is; `None`: what is sent as usual.
fn package_of(id: Uuid) -> Option<PackageId> {
    (id != USUAL).then_some(PackageId(id))
}

#[component]
pub fn FollowUpPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Rules />
        </SettingsFrame>
    }
}

#[component]
fn Rules() -> impl IntoView {
    let workspace = use_workspace();
    let book = Rulebook(RwSignal::new(None));
    let desk = Desk::<PolicyEditor>::of_this_tab();
    book.load();
    let entries = Memo::new(move |_| {
        let (Some(kept), Some(catalogue)) = (book.kept(), workspace.catalogue()) else { return Vec::new() };
        let own = |policies: &Policies, package| policies.of_packages.iter().any(|(own, _)| *own == package);
        let usual = Entry { id: USUAL, name: "As usual".to_owned(), note: "packages without their own".to_owned() };
        let packages = catalogue.packages.iter().filter(|package| !package.retired || own(&kept.policies, package.id));
        let entry = |package: &domain::package::Package| {
            let has = if own(&kept.policies, package.id) { "has its own" } else { "as usual" };
            let sessions = count(package.sessions, "session", "sessions");
            Entry {
                id: package.id.0,
                name: package.name.clone(),
                note: format!("{sessions}, {} days apart · {has}", package.interval_days),
            }
        };
        std::iter::once(usual).chain(packages.map(entry)).collect::<Vec<_>>()
    });
    let here = Memo::new(move |_| book.kept().is_some());
    let problem = move || book.0.with(|kept| kept.as_ref().and_then(|told| told.as_ref().err()).cloned());
    let selected = selected(PARAMETER, entries);
    let open = move |id: Uuid| {
        let kept = untrack(|| book.kept())?;
        let make = || PolicyEditor::new(package_of(id), &kept.policies, workspace);
        Some(policy_form(desk.open(id, make), desk, book))
    };
    let changed = Callback::new(move |id| desk.has_changes(id));
    view! {
        <Show when=move || here.get() fallback=move || view! { <Waiting problem=problem() book /> }>
            <div class="set">
                <SideList entries selected address=ADDRESS changed />
                <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                    {open(form.0)}
                </For>
            </div>
        </Show>
    }
}

/// Nothing is known yet: it is being asked for, or cannot be.
#[component]
fn Waiting(problem: Option<String>, book: Rulebook) -> impl IntoView {
    match problem {
        None => view! {
            <p class="soft" role="status">
                "Asking the clinic’s server…"
            </p>
        }
        .into_any(),
        Some(problem) => view! {
            <div class="card empty">
                <Icon name="cloud-off" />
                <h2>"What is sent is not kept on this device"</h2>
                <p role="alert">{problem}</p>
                <button class="btn" type="button" on:click=move |_| book.load()>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
    }
}
