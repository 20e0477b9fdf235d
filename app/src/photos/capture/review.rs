//! A picture that differs too much from the baseline: again, or kept with a reason.

use super::{
    hints::figures,
    studio::{Baseline, Questioned, use_studio},
};
use crate::{icon::Icon, photos::picture::address_of, problem::Problem};
use domain::photo::Concern;
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};
use web_sys::Url;

#[component]
pub fn Review() -> impl IntoView {
    let studio = use_studio();
    move || studio.questioned.get().map(|questioned| view! { <Question questioned /> })
}

/// `blurred, and taken from nearer`
pub fn differs(concerns: &[Concern]) -> String {
    let words: Vec<_> = concerns.iter().map(|concern| concern.words()).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[component]
fn Question(questioned: Questioned) -> impl IntoView {
    let studio = use_studio();
    let reason = RwSignal::new(String::new());
    let unsaid = RwSignal::new(None::<String>);
    let again = move || {
        studio.questioned.set(None);
        studio.problem.set(None);
    };
    let address = questioned.developed.with_value(|developed| address_of(&developed.picture));
    let given_back = address.clone();
    on_cleanup(move || {
        if let Some(address) = given_back {
            let _ = Url::revoke_object_url(&address);
        }
    });
    let baseline = match studio.baseline.get_untracked() {
        Baseline::Ready(_, address) => Some(address),
        _ => None,
    };
    let concerns = questioned.measures.concerns();
    let against = if baseline.is_some() { " than the baseline, or not like it" } else { "" };
    let words = format!("This photograph is {}.", differs(&concerns));
    let figures = figures(&questioned.measures).into_iter().map(|(term, text)| {
        view! {
            <dt>{term}</dt>
            <dd>{text}</dd>
        }
    });
    let figures = figures.collect_view();
    let keep = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = reason.get_untracked();
        if typed.trim().is_empty() {
            return unsaid.set(Some("Say why it is kept; the reason stands beside it.".to_owned()));
        }
        unsaid.set(None);
        studio.keep_nevertheless(&questioned, typed);
    };
    let usual = ["The skin has changed", "The client cannot hold the pose", "The light cannot be changed here", "Another camera"];
    let choices = usual.map(|words| {
        view! {
            <button class="btn" type="button" on:click=move |_| reason.set(words.to_owned())>
                {words}
            </button>
        }
    });
    let sheet = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        if let Some(sheet) = sheet.get() {
            let _ = sheet.focus();
        }
    });
    let by_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            again();
        }
    };
    view! {
        <div class="sheet-layer" on:keydown=by_key>
            <div class="scrim"></div>
            <section class="sheet review-sheet" role="dialog" aria-modal="true" aria-labelledby="review-h" tabindex="-1" node_ref=sheet>
                <div class="sheet-head">
                    <h2 id="review-h">{words}</h2>
                    <span class="vh">{against}</span>
                </div>
                <div class="review-pair">
                    {baseline
                        .map(|address| {
                            view! {
                                <figure>
                                    <img src=address alt="The baseline" />
                                    <figcaption>"Baseline"</figcaption>
                                </figure>
                            }
                        })}
                    {address
                        .map(|address| {
                            view! {
                                <figure>
                                    <img src=address alt="The photograph just taken" />
                                    <figcaption>"Now"</figcaption>
                                </figure>
                            }
                        })}
                </div>
                <dl class="facts">{figures}</dl>
                <button class="btn big primary wide" type="button" on:click=move |_| again()>
                    <Icon name="camera" />
                    "Take it again"
                </button>
                <form class="plan-form" on:submit=keep>
                    <div class="btn-row usual-reasons">{choices.collect_view()}</div>
                    <div class="field">
                        <label for="keep-why">"Or keep it, because"</label>
                        <input class="input" id="keep-why" autocomplete="off" maxlength="500" bind:value=reason />
                    </div>
                    <Problem words=unsaid />
                    <Problem words=studio.problem />
                    <button class="btn" type="submit" aria-disabled=move || studio.busy.get().to_string()>
                        "Keep it"
                    </button>
                </form>
            </section>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_concerns_are_one_sentence() {
        assert_eq!(differs(&[Concern::Blurred]), "blurred");
        assert_eq!(differs(&[Concern::Blurred, Concern::Nearer, Concern::Darker]), "blurred, taken from nearer and darker");
    }
}
