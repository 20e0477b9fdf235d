//! A before-and-after picture for people outside the clinic: made only under a live consent, and taken back at any time.

use crate::{
    api::photos::shared_address, icon::Icon, problem::Problem, recording::Recording, sheet::Sheet, words, workspace::use_workspace,
};
use domain::{
    command::Change,
    consent::PhotoScope,
    ids::{ClientId, PhotoId, ShareId},
    photo::{Share, Sharing},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// Uses for which a picture leaves the clinic.
fn outside() -> impl Iterator<Item = PhotoScope> {
    PhotoScope::ALL.into_iter().filter(|scope| *scope != PhotoScope::Record)
}

fn whole_address(token: &str) -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}{}", shared_address(token))
}

#[component]
pub fn ShareSheet(client: ClientId, pair: Signal<Option<(PhotoId, PhotoId)>>, close: Callback<()>) -> impl IntoView {
    let workspace = use_workspace();
    let recording = Recording::new(client);
    let allowed = Memo::new(move |_| {
        let known = workspace.chart(client).zip(workspace.today());
        known.map(|(chart, today)| outside().filter(|scope| chart.photos_may(*scope, today)).collect::<Vec<_>>()).unwrap_or_default()
    });
    let scope = RwSignal::new(None::<PhotoScope>);
    let made = RwSignal::new(None::<String>);
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some((before, after)), Some(scope)) = (pair.get_untracked(), scope.get_untracked()) else {
            return recording.refuse("Choose what it is for.");
        };
        let id = ShareId(workspace.new_id());
        // Drawn anew: an id begins with the time and could be guessed at.
        let [one, two] = [workspace.new_id(), workspace.new_id()].map(|id| id.simple().to_string());
        let token = format!("{}{}", &one[16..], &two[16..]);
        let address = whole_address(&token);
        let change = Change::SharePhotos(Sharing { id, token, before, after, scope });
        recording.record(change, "The picture was not made.", move || drop(made.try_set(Some(address))));
    };
    let none = move || allowed.with(Vec::is_empty);
    let same = move || pair.get().is_none_or(|(before, after)| before == after);
    let choice = move |choice: PhotoScope| {
        view! {
            <label class="tick">
                <input type="radio" name="share-for" prop:checked=move || scope.get() == Some(choice) on:change=move |_| scope.set(Some(choice)) />
                <span>{choice.label()}</span>
            </label>
        }
    };
    view! {
        <Sheet title="Before and after, to show" close>
                {move || match (made.get(), same(), none()) {
                    (Some(address), ..) => view! { <Made address /> }.into_any(),
                    (None, true, _) => {
                        view! { <p class="say">"There is only one photograph of this view. A second one makes a before and an after."</p> }
                            .into_any()
                    }
                    (None, false, true) => {
                        view! {
                            <p class="say is-warn">
                                <Icon name="alert" />
                                <span>
                                    "The client has not agreed to any use of photographs outside the treatment record. Nothing can be shared."
                                </span>
                            </p>
                            <a class="btn" href=format!("/clients/{client}#consents-head")>
                                "To the client’s consents"
                            </a>
                        }
                            .into_any()
                    }
                    (None, false, false) => {
                        view! {
                            <form class="plan-form" on:submit=make>
                                <p>
                                    "A picture with both photographs and the clinic’s name, without the client’s. Whoever has its address can see it, until you take it back or the consent ends."
                                </p>
                                <fieldset class="asked-forms">
                                    <legend>"What is it for?"</legend>
                                    {allowed.get().into_iter().map(choice).collect_view()}
                                </fieldset>
                                <Problem words=recording.problem />
                                <button class="btn big primary" type="submit" aria-disabled=move || recording.busy.get().to_string()>
                                    "Make the picture"
                                </button>
                            </form>
                        }
                            .into_any()
                    }
                }}
        </Sheet>
    }
}

#[component]
fn Made(address: String) -> impl IntoView {
    view! {
        <p class="say">
            <Icon name="check-circle" />
            <span>"Made. It can be seen as soon as this device has told the clinic of it."</span>
        </p>
        <Address address />
    }
}

#[component]
fn Address(address: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let link = address.clone();
    let copy = move |_| {
        // Refused, the address can still be marked and copied by hand.
        let _ = window().navigator().clipboard().write_text(&link);
        copied.set(true);
    };
    view! {
        <div class="share-address">
            <input class="input" readonly aria-label="Address of the picture" value=address />
            <button class="btn" type="button" on:click=copy>
                <Icon name="copy" />
                {move || if copied.get() { "Copied" } else { "Copy" }}
            </button>
        </div>
    }
}

/// A shared picture, as it stands today.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    id: ShareId,
    scope: &'static str,
    made: String,
    /// Why it is not shown any more.
    over: Option<String>,
    token: String,
}

/// All that was made to be shown of one client.
#[component]
pub fn SharedPictures(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let lines = Memo::new(move |_| {
        let Some(((chart, catalogue), today)) = workspace.chart(client).zip(workspace.catalogue()).zip(workspace.today()) else {
            return Vec::new();
        };
        let line = |share: &Share| Line {
            id: share.id,
            scope: share.scope.label(),
            made: format!("{}, {}", words::moment(&catalogue.clock, share.at), catalogue.staff_name(share.by)),
            over: (!chart.is_shared(share, today)).then(|| match &share.revoked {
                Some(remark) => format!("Taken back: {}", remark.text),
                None => "Not shown any more: the consent ended, or a photograph was taken out.".to_owned(),
            }),
            token: share.token.clone(),
        };
        chart.shares.iter().rev().map(line).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <section class="sec" aria-labelledby="shared-head">
                <div class="sec-head">
                    <h2 id="shared-head">"Shared pictures"</h2>
                </div>
                <ul class="card shares">
                    <For each=move || lines.get() key=|line| (line.id, line.over.clone()) let:line>
                        <SharedLine client line />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn SharedLine(client: ClientId, line: Line) -> impl IntoView {
    let recording = Recording::new(client);
    let asking = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let Line { id, scope, made, over, token } = line;
    let revoke = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return recording.refuse("Say why it is taken back.");
        }
        recording.record(Change::RevokeShare { share: id, reason: typed }, "It was not taken back.", move || {
            asking.try_set(false);
        });
    };
    let live = over.is_none();
    view! {
        <li class:is-over=!live>
            <p>
                <b>{scope}</b>
                " "
                <span class="soft">{made}</span>
            </p>
            {over.map(|over| view! { <p class="soft">{over}</p> })}
            <Show when=move || live>
                <Address address=whole_address(&token) />
                <Show
                    when=move || asking.get()
                    fallback=move || {
                        view! {
                            <button class="btn" type="button" on:click=move |_| asking.set(true)>
                                "Take it back"
                            </button>
                        }
                    }
                >
                    <form class="take-out" on:submit=revoke>
                        <div class="field">
                            <label for=format!("revoke-{id}")>"Why is it taken back?"</label>
                            <input class="input" id=format!("revoke-{id}") autocomplete="off" maxlength="500" bind:value=reason />
                        </div>
                        <Problem words=recording.problem />
                        <div class="btn-row">
                            <button class="btn danger" type="submit">
                                "Take it back"
                            </button>
                            <button class="btn" type="button" on:click=move |_| asking.set(false)>
                                "Leave it"
                            </button>
                        </div>
                    </form>
                </Show>
            </Show>
        </li>
    }
}
