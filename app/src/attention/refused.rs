//! An entry the server did not take. Its text is on this device and nowhere else.

use super::{copy::KeptText, kept};
use crate::{
    icon::Icon,
    problem::Problem,
    words,
    workspace::{Workspace, use_workspace},
};
use domain::command::Refusal;
use leptos::{html, prelude::*, task::spawn_local};

/// What is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    head: String,
    by: String,
    why: String,
    text: String,
    /// The entry as it was sent, for whoever has to find out what went wrong.
    raw: String,
}

#[component]
pub fn RefusedItem(number: u64, told: RwSignal<&'static str>) -> impl IntoView {
    let workspace = use_workspace();
    let shown = Memo::new(move |_| shown(workspace, number));
    let (asking, busy, problem) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None::<String>));
    let keep = NodeRef::<html::Button>::new();
    // The button that asked is gone, and the focus would be with it.
    Effect::new(move |_| {
        if let Some(keep) = keep.get() {
            let _ = keep.focus();
        }
    });
    let discard = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match workspace.dismiss(number).await {
                Ok(()) => {
                    told.try_set("Discarded. The entry is no longer on this device.");
                }
                Err(error) => {
                    problem.try_set(Some(format!("It was not discarded, and the text is still here. {error} Try again.")));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <article class="attn-item card" aria-labelledby="attn-head">
            {move || {
                shown
                    .get()
                    .map(|Shown { head, by, why, text, raw }| {
                        view! {
                            <header>
                                <h2 id="attn-head">{head}</h2>
                                <p class="soft">{by} "Nothing is lost: this is all that was typed. It is on this device only."</p>
                            </header>
                            <p class="say is-refused">
                                <Icon name="refuse" />
                                <span>{why}</span>
                            </p>
                            <KeptText text button_class="btn big primary" />
                            <details>
                                <summary>"The entry as it was sent"</summary>
                                <pre class="kept" tabindex="0" aria-label="The entry as it was sent">
                                    {raw}
                                </pre>
                            </details>
                        }
                    })
            }}
            <div class="decide">
                <Problem words=problem />
                <Show
                    when=move || asking.get()
                    fallback=move || {
                        view! {
                            <div class="btn-row">
                                <button class="btn big danger" type="button" on:click=move |_| asking.set(true)>
                                    <Icon name="trash" />
                                    "Discard…"
                                </button>
                            </div>
                        }
                    }
                >
                    <p class="say is-warn" role="alert">
                        <Icon name="alert" />
                        <span>"This text is nowhere else. Once discarded it cannot be brought back: copy it first, or enter it again in the chart."</span>
                    </p>
                    <div class="btn-row">
                        <button class="btn big" type="button" node_ref=keep on:click=move |_| asking.set(false)>
                            "Keep it"
                        </button>
                        <button class="btn big danger" type="button" aria-disabled=move || busy.get().to_string() on:click=discard>
                            <Icon name="trash" />
                            "Discard for good"
                        </button>
                    </div>
                </Show>
            </div>
        </article>
    }
}

fn shown(workspace: Workspace, number: u64) -> Option<Shown> {
    let item = workspace.refused().into_iter().find(|item| item.number == number)?;
    let raw = pretty(&item.text);
    let why = format!("{} {}", item.refusal, what_to_do(&item.refusal));
    let Some(command) = item.command else {
        let (head, by) = ("The clinic did not take an entry".to_owned(), String::new());
        return Some(Shown { head, by, why, text: raw.clone(), raw });
    };
    let catalogue = workspace.catalogue()?;
    let by = format!("Typed here by {}, {}. ", catalogue.staff_name(command.by), words::moment(&catalogue.clock, command.at));
    let chart = workspace.chart(command.client);
    let what = command.change.label().to_lowercase();
    let (head, text) = match &chart {
        Some(chart) => {
            let lines = kept::lines(&command.change, chart, &catalogue);
            (format!("The clinic did not take an entry of {}: {what}", chart.client.name), lines.join("\n"))
        }
        None => (format!("The clinic did not take an entry: {what}"), raw.clone()),
    };
    Some(Shown { head, by, why, text, raw })
}

/// JSON with line breaks; as it is when it is not even JSON.
fn pretty(text: &str) -> String {
    let value = serde_json::from_slice::<serde_json::Value>(text.as_bytes());
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

fn what_to_do(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::TooLarge => "Enter it again in smaller parts.",
        Refusal::UnknownVersion { .. } => "Update the app, then enter it again.",
        Refusal::ForeignClinic => "Copy it, sign in at the right clinic, and enter it there.",
        Refusal::WrongAuthor => "Whoever wrote it can enter it again.",
        Refusal::Malformed | Refusal::IdReused | Refusal::UnknownClient => "Copy the text, and enter it again in the chart.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_typed_is_shown() {
        assert_eq!(pretty("{\"v\":1}"), "{\n  \"v\": 1\n}");
        assert_eq!(pretty("{ half"), "{ half");
    }
}
