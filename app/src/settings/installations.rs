//! The browsers of the clinic: which there are, who was there last, and what to do when one is lost.

use super::frame::SettingsFrame;
use crate::{
    api::{
        self, ApiError,
        installation::{InstallationAct, InstallationFacts, InstallationState},
    },
    icon::Icon,
    sheet::Sheet,
    workspace::{Workspace, use_workspace},
};
use domain::ids::InstallationId;
use leptos::{prelude::*, task::spawn_local};

/// What the owner is asked about before it is done.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    Name(InstallationFacts),
    SignOut(InstallationFacts),
    Wipe(InstallationFacts),
}

#[derive(Clone, Copy)]
struct Installations {
    workspace: Workspace,
    list: RwSignal<Option<Result<Vec<InstallationFacts>, ApiError>>>,
    asked: RwSignal<Option<Asked>>,
    problem: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
}

impl Installations {
    fn load(self) {
        spawn_local(async move {
            let list = api::installations().await;
            self.list.try_set(Some(list));
        });
    }

    fn ask(self, asked: Asked) {
        self.problem.set(None);
        self.asked.set(Some(asked));
    }

    fn act(self, id: InstallationId, act: InstallationAct) {
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            match api::change_installation(id, act).await {
                Ok(()) => {
                    self.asked.try_set(None);
                    self.load();
                }
                Err(error) => {
                    self.problem.try_set(Some(error));
                }
            }
            self.busy.try_set(false);
        });
    }
}

/// What the clinic calls it, or what it calls itself.
fn title(facts: &InstallationFacts) -> String {
    if facts.name.is_empty() { facts.agent.clone() } else { facts.name.clone() }
}

#[component]
pub fn InstallationsPage() -> impl IntoView {
    let workspace = use_workspace();
    view! {
        <SettingsFrame>
            <Show
                when=move || workspace.runs_clinic()
                fallback=|| {
                    view! {
                        <div class="card empty">
                            <Icon name="tablet" />
                            <h2>"The owner looks after these"</h2>
                            <p>"Which iPads and computers open the clinic’s record, and emptying one that is lost."</p>
                        </div>
                    }
                }
            >
                <List />
            </Show>
        </SettingsFrame>
    }
}

#[component]
fn List() -> impl IntoView {
    let here = Installations {
        workspace: use_workspace(),
        list: RwSignal::new(None),
        asked: RwSignal::new(None),
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    here.load();
    let body = move || match here.list.get() {
        None => view! { <p class="soft" role="status">"Asking the clinic’s server…"</p> }.into_any(),
        Some(Err(error)) => view! {
            <p class="say is-warn" role="alert">
                <Icon name="cloud-off" />
                <span>{error.to_string()}</span>
                <button class="btn" type="button" on:click=move |_| here.load()>
                    "Try again"
                </button>
            </p>
        }
        .into_any(),
        Some(Ok(list)) => {
            view! { <ul class="installations">{list.into_iter().map(|facts| row(here, facts)).collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <p class="soft lead">
            "Each iPad and computer that somebody has signed in on. What they keep is encrypted; emptied ones hand over first what only they had."
        </p>
        {body}
        {move || here.asked.get().map(|asked| sheet(here, asked))}
    }
}

fn row(here: Installations, facts: InstallationFacts) -> impl IntoView {
    let workspace = here.workspace;
    let last = workspace.catalogue().map(|catalogue| catalogue.staff_name(facts.last_staff)).unwrap_or_default();
    let seen = format!("{} · {last}", workspace.when(facts.last_seen));
    let since = format!("First used {}", workspace.when(facts.first_seen));
    let state = match facts.state {
        InstallationState::InUse => None,
        InstallationState::WipeAsked(at) => Some((format!("To be emptied, since {}", workspace.when(at)), "chip is-warn")),
        InstallationState::Wiped(at) => Some((format!("Emptied {}", workspace.when(at)), "chip")),
    };
    let kept = (facts.quarantined > 0).then(|| {
        let things = if facts.quarantined == 1 { "1 thing was".to_owned() } else { format!("{} things were", facts.quarantined) };
        view! {
            <a class="installation-kept" href=format!("/quarantine/{}", facts.id) rel="external" download>
                <Icon name="file" />
                {things}
                " only on it: save as a file"
            </a>
        }
    });
    let shown = title(&facts);
    let own = (!facts.name.is_empty()).then(|| facts.agent.clone());
    let acts = (facts.state == InstallationState::InUse).then(|| {
        let act = |label: &'static str, asked: fn(InstallationFacts) -> Asked| {
            let facts = facts.clone();
            view! {
                <button class="btn" type="button" on:click=move |_| here.ask(asked(facts.clone()))>
                    {label}
                </button>
            }
        };
        view! { <div class="btn-row">{act("Name", Asked::Name)} {act("Sign out", Asked::SignOut)} {act("Empty", Asked::Wipe)}</div> }
    });
    view! {
        <li class="installation">
            <Icon name="tablet" />
            <div class="installation-what">
                <b>{shown}</b>
                {own.map(|agent| view! { <span class="soft">{agent}</span> })}
                <span>"Last " {seen}</span>
                <span class="soft">{since}</span>
                {state.map(|(words, class)| view! { <span class=class>{words}</span> })}
                {kept}
            </div>
            {acts}
        </li>
    }
}

fn sheet(here: Installations, asked: Asked) -> AnyView {
    let close = Callback::new(move |()| here.asked.set(None));
    let (title_words, text, label, facts) = match asked {
        Asked::Name(facts) => return naming(here, facts, close),
        Asked::SignOut(facts) => (
            format!("Sign out {}?", title(&facts)),
            "Whoever is signed in there is not any more, and PINs open it only after a full sign-in. What is not at the clinic yet stays on it.",
            "Sign out",
            (facts.id, InstallationAct::SignOut),
        ),
        Asked::Wipe(facts) => (
            format!("Empty {}?", title(&facts)),
            "As soon as it is in a network: what is only on it is handed over to the clinic, then its keys and everything it keeps are destroyed. Until then it stays encrypted.",
            "Empty it",
            (facts.id, InstallationAct::Wipe),
        ),
    };
    let (id, act) = facts;
    view! {
        <Sheet title=title_words close>
            <p>{text}</p>
            <Problem here />
            <div class="btn-row">
                <button class="btn primary" type="button" disabled=move || here.busy.get() on:click=move |_| here.act(id, act.clone())>
                    {label}
                </button>
                <button class="btn" type="button" on:click=move |_| close.run(())>
                    "Leave it"
                </button>
            </div>
        </Sheet>
    }
    .into_any()
}

fn naming(here: Installations, facts: InstallationFacts, close: Callback<()>) -> AnyView {
    let (name, id) = (RwSignal::new(facts.name.clone()), facts.id);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        here.act(id, InstallationAct::Name(name.get_untracked()));
    };
    view! {
        <Sheet title=format!("Name {}", facts.agent) close>
            <form on:submit=save>
                <div class="field">
                    <label for="installation-name">"Name"</label>
                    <input
                        class="input"
                        id="installation-name"
                        placeholder="iPad in room 2"
                        maxlength="60"
                        prop:value=name
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                </div>
                <Problem here />
                <div class="btn-row">
                    <button class="btn primary" type="submit" disabled=move || here.busy.get()>
                        "Save"
                    </button>
                </div>
            </form>
        </Sheet>
    }
    .into_any()
}

#[component]
fn Problem(here: Installations) -> impl IntoView {
    view! {
        <Show when=move || here.problem.with(Option::is_some)>
            <p class="say is-refused" role="alert">
                <Icon name="refuse" />
                <span>{move || here.problem.with(|problem| problem.as_ref().map(ToString::to_string))}</span>
            </p>
        </Show>
    }
}
