//! The document of a signature: opened, and told from any other by its fingerprint.

use crate::{
    api::{self, DocumentFacts},
    icon::Icon,
    problem::Problem,
};
use domain::{
    ids::{ClientId, ConsentFormId},
    time::Moment,
};
use leptos::{prelude::*, task::spawn_local};

/// The buttons, and below them the fingerprint.
#[component]
pub fn Document(client: ClientId, form: ConsentFormId, at: Moment, title: String) -> impl IntoView {
    let (facts, problem, busy) = (RwSignal::new(None::<DocumentFacts>), RwSignal::new(None::<String>), RwSignal::new(false));
    let ask = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match api::signed_document(client, form, at).await {
                Ok(Some(found)) => {
                    facts.try_set(Some(found));
                }
                Ok(None) => {
                    problem.try_set(Some("No document of this signature is on file: it was signed before documents were kept.".to_owned()));
                }
                Err(error) => {
                    problem.try_set(Some(format!("The fingerprint could not be read. {error}")));
                }
            }
            busy.try_set(false);
        });
    };
    let title = StoredValue::new(title);
    view! {
        <div class="btn-row">
            <a
                class="btn quiet"
                href=format!("/consents/{client}/{form}/{}", at.millis())
                target="_blank"
                rel="external noopener"
                aria-label=move || format!("Open the document (PDF): {}, in a new tab", title.get_value())
            >
                <Icon name="file" />
                "Open the document (PDF)"
            </a>
            <Show when=move || facts.with(Option::is_none)>
                <button
                    class="btn quiet"
                    type="button"
                    aria-disabled=move || busy.get().to_string()
                    aria-label=move || format!("Show its fingerprint: {}", title.get_value())
                    on:click=ask
                >
                    <Icon name="eye" />
                    "Show its fingerprint"
                </button>
            </Show>
        </div>
        <Problem words=problem />
        <div role="status">
            {move || {
                facts
                    .get()
                    .map(|facts| {
                        view! {
                            <p class="fingerprint">
                                <span class="soft">"SHA-256 of the document, " {facts.bytes} " bytes"</span>
                                <code>{grouped(&facts.sha256)}</code>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// `9f86d081 884c7d65 …`: so that two can be compared by eye.
fn grouped(digits: &str) -> String {
    let spaced =
        digits.chars().enumerate().flat_map(|(place, digit)| (place > 0 && place % 8 == 0).then_some(' ').into_iter().chain([digit]));
    spaced.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_in_groups() {
        assert_eq!(grouped("9f86d081884c7d65"), "9f86d081 884c7d65");
        assert_eq!(grouped(&"a".repeat(64)).split(' ').count(), 8);
        assert_eq!(grouped(""), "");
    }
}
