//! One pill says where the entries are: here, or at the clinic.

use crate::{
    icon::Icon,
    workspace::{Link, use_workspace},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// What the pill shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    pub class: &'static str,
    pub icon: &'static str,
    pub text: String,
}

/// Words and look of the pill. `fetching` is how far a first sync is.
pub fn pill(link: Link, unsent: usize, attention: usize, fetching: Option<(usize, usize)>) -> Pill {
    let saved = |n: usize| format!("{n} saved here");
    let pill = |class, icon, text| Pill { class, icon, text };
    match link {
        Link::SignedOut if unsent > 0 => pill("sync is-attention", "alert", format!("Sign in to send {unsent}")),
        Link::SignedOut => pill("sync is-attention", "alert", "Signed out".to_owned()),
        Link::Mismatch => pill("sync is-attention", "update", "Reload to update".to_owned()),
        Link::Offline if unsent > 0 => pill("sync is-offline", "cloud-off", format!("Offline, {}", saved(unsent))),
        Link::Offline => pill("sync is-offline", "cloud-off", "Offline".to_owned()),
        _ if attention > 0 && unsent == 0 && fetching.is_none() => {
            let verb = if attention == 1 { "needs" } else { "need" };
            pill("sync is-attention", "alert", format!("{attention} {verb} attention"))
        }
        Link::Connecting | Link::Online => match fetching {
            Some((here, all)) => pill("sync is-saved", "update", format!("Fetching charts, {here} of {all}")),
            None if unsent > 0 => pill("sync is-saved", "tablet", saved(unsent)),
            None if link == Link::Connecting => pill("sync is-saved", "update", "Connecting".to_owned()),
            None => pill("sync is-home", "check-circle", "All at the clinic".to_owned()),
        },
    }
}

#[component]
pub fn SyncPill() -> impl IntoView {
    let workspace = use_workspace();
    let state = Memo::new(move |_| {
        let fetching = workspace.read(|replica| (!replica.is_whole()).then(|| replica.progress()));
        pill(workspace.link.get(), workspace.unsent(), workspace.attention_count(), fetching)
    });
    view! {
        <A href="/attention" attr:class=move || state.get().class attr:aria-live="polite">
            {move || view! { <Icon name=state.get().icon /> }}
            <span>{move || state.get().text}</span>
        </A>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(link: Link, unsent: usize, attention: usize) -> String {
        pill(link, unsent, attention, None).text
    }

    #[test]
    fn says_where_the_entries_are() {
        assert_eq!(text(Link::Online, 0, 0), "All at the clinic");
        assert_eq!(text(Link::Online, 3, 0), "3 saved here");
        assert_eq!(text(Link::Offline, 3, 1), "Offline, 3 saved here");
        assert_eq!(text(Link::Online, 0, 1), "1 needs attention");
        assert_eq!(text(Link::SignedOut, 2, 0), "Sign in to send 2");
        assert_eq!(pill(Link::Online, 0, 3, Some((10, 400))).text, "Fetching charts, 10 of 400");
    }
}
