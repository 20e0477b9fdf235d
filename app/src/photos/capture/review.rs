//! A picture that differs too much from the baseline, or that found no room: again, or kept with a reason.

use super::{
    hints::figures,
    studio::{Baseline, Questioned, use_studio},
};
use crate::{
    icon::Icon,
    photos::{picture::address_of, why::Why},
    problem::Problem,
    sheet::Sheet,
};
use domain::photo::Concern;
use leptos::{ev::SubmitEvent, prelude::*};
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

const USUAL: [&str; 4] = ["The skin has changed", "The client cannot hold the pose", "The light cannot be changed here", "Another camera"];

#[component]
fn Question(questioned: Questioned) -> impl IntoView {
    let studio = use_studio();
    let reason = RwSignal::new(questioned.despite.clone());
    let unsaid = RwSignal::new(None::<String>);
    let again = Callback::new(move |()| {
        studio.questioned.set(None);
        studio.problem.set(None);
    });
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
    // Nothing is wrong with it; it could not be stored.
    let as_it_should_be = concerns.is_empty();
    let title =
        if as_it_should_be { "This photograph is not kept yet.".to_owned() } else { format!("This photograph is {}.", differs(&concerns)) };
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
        if typed.trim().is_empty() && !as_it_should_be {
            return unsaid.set(Some("Say why it is kept; the reason stands beside it.".to_owned()));
        }
        unsaid.set(None);
        studio.keep_nevertheless(&questioned, typed);
    };
    let picture = |address: Option<String>, alt: &'static str, caption: &'static str| {
        address.map(|address| {
            view! {
                <figure>
                    <img src=address alt=alt />
                    <figcaption>{caption}</figcaption>
                </figure>
            }
        })
    };
    view! {
        <Sheet class="review-sheet" title firm=true close=again>
            <div class="review-pair">
                {picture(baseline, "The baseline", "Baseline")} {picture(address, "The photograph just taken", "Now")}
            </div>
            <dl class="facts">{figures}</dl>
            <button class="btn big primary wide" type="button" on:click=move |_| again.run(())>
                <Icon name="camera" />
                "Take it again"
            </button>
            <form class="plan-form" on:submit=keep>
                <Show when=move || !as_it_should_be>
                    <Why id="keep-why" label="Or keep it, because" usual=&USUAL reason />
                </Show>
                <Problem words=unsaid />
                <Problem words=studio.problem />
                <button class="btn" type="submit" aria-disabled=move || studio.busy.get().to_string()>
                    "Keep it"
                </button>
            </form>
        </Sheet>
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
