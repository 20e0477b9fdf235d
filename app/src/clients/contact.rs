//! Phone and e-mail, and correcting them.

use crate::{
    api::messages::CameBack,
    half_typed::{HalfTyped, half_typed},
    icon::Icon,
    problem::Problem,
    workspace::use_workspace,
};
use domain::{client::Contact, command::Change, ids::ClientId, rejection::Rejection};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};

#[component]
pub fn ContactCard(
    client: ClientId,
    /// What the server told of addresses that are dead.
    came_back: RwSignal<Vec<CameBack>>,
) -> impl IntoView {
    let workspace = use_workspace();
    let contact = Memo::new(move |_| workspace.chart(client).map(|chart| chart.client.contact.clone()).unwrap_or_default());
    let kept = half_typed(&format!("contact/{client}"));
    // What the edit stands at; `None` while nothing is edited.
    let editing = RwSignal::new(serde_json::from_slice::<Contact>(kept.text.get_untracked().as_bytes()).ok());
    let kept = StoredValue::new(kept);
    view! {
        <section class="card plan-card" aria-label="Contact" style:margin-bottom="var(--s5)">
            <Show when=move || editing.with(Option::is_some) fallback=move || view! { <Shown contact came_back editing /> }>
                <ContactForm client contact editing kept=kept.get_value() />
            </Show>
        </section>
    }
}

#[component]
fn Shown(contact: Memo<Contact>, came_back: RwSignal<Vec<CameBack>>, editing: RwSignal<Option<Contact>>) -> impl IntoView {
    // Corrected meanwhile, it is another.
    let is_dead = move |address: &str| came_back.with(|dead| dead.iter().any(|one| one.address.trim() == address.trim()));
    let dead = move |address: fn(&Contact) -> &str, words: &'static str| {
        contact.with(|contact| is_dead(address(contact))).then(|| view! { <span class="chip is-warn">{words}</span> })
    };
    view! {
        <h2 class="vh">"Contact"</h2>
        <dl class="facts">
            <dt>"Phone"</dt>
            <dd>
                {move || match contact.with(|contact| contact.phone.clone()) {
                    phone if phone.is_empty() => view! { <span class="soft">"none"</span> }.into_any(),
                    phone => {
                        let dialled: String = phone.chars().filter(|c| !c.is_whitespace()).collect();
                        view! { <a href=format!("tel:{dialled}")>{phone}</a> }.into_any()
                    }
                }} {move || dead(|contact| &contact.phone, "Messages to this number come back")}
            </dd>
            <dt>"E-mail"</dt>
            <dd>
                {move || match contact.with(|contact| contact.email.clone()) {
                    email if email.is_empty() => view! { <span class="soft">"none"</span> }.into_any(),
                    email => view! { <a href=format!("mailto:{email}")>{email.clone()}</a> }.into_any(),
                }} {move || dead(|contact| &contact.email, "Messages to this address come back")}
            </dd>
        </dl>
        <div class="btn-row">
            <button class="btn quiet" type="button" on:click=move |_| editing.set(Some(contact.get_untracked()))>
                <Icon name="pen" />
                "Correct contact details"
            </button>
        </div>
    }
}

#[component]
fn ContactForm(client: ClientId, contact: Memo<Contact>, editing: RwSignal<Option<Contact>>, kept: HalfTyped) -> impl IntoView {
    let workspace = use_workspace();
    let began = editing.get_untracked().unwrap_or_default();
    let (phone, email) = (RwSignal::new(began.phone), RwSignal::new(began.email));
    let based_on = RwSignal::new(began.version);
    let typed = move || Contact { version: based_on.get(), phone: phone.get(), email: email.get() };
    Effect::new(move |_| kept.text.set(serde_json::to_string(&typed()).unwrap_or_default()));
    on_cleanup(move || {
        // Saved or given up: nothing is half typed any more. Left for another page, it is.
        if editing.try_with_untracked(Option::is_none) == Some(true) {
            kept.text.try_set(String::new());
        }
    });
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let first = NodeRef::<html::Input>::new();
    // The button that opened the form is gone, and the focus would be with it.
    Effect::new(move |_| {
        if let Some(first) = first.get() {
            let _ = first.focus();
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let change =
            Change::CorrectContact { based_on: based_on.get_untracked(), phone: phone.get_untracked(), email: email.get_untracked() };
        spawn_local(async move {
            match workspace.record(client, change, None).await {
                Ok(_) => {
                    editing.try_set(None);
                }
                Err(error) => {
                    let now = contact.try_get_untracked();
                    let words = match (error, now) {
                        (crate::sync::RecordError::Rejected(Rejection::Stale), Some(now)) => {
                            // Whoever saves after reading this has seen the other version.
                            based_on.try_set(now.version);
                            theirs(&now)
                        }
                        (error, _) => format!("This was not saved. {error} What you typed is still here; try again."),
                    };
                    problem.try_set(Some(words));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form on:submit=save>
            <h2 class="vh">"Correct contact details"</h2>
            <div class="field">
                <label for="contact-phone">"Phone"</label>
                <input class="input" id="contact-phone" type="tel" autocomplete="off" maxlength="200" node_ref=first bind:value=phone />
            </div>
            <div class="field">
                <label for="contact-email">"E-mail"</label>
                <input class="input" id="contact-email" type="email" autocomplete="off" maxlength="200" bind:value=email />
            </div>
            <Problem words=problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || busy.get().to_string()>
                    <Icon name="check" />
                    "Save"
                </button>
                <button class="btn" type="button" on:click=move |_| editing.set(None)>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}

/// What to say when somebody else was quicker.
fn theirs(now: &Contact) -> String {
    let said = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    format!(
        "This was not saved: somebody changed it meanwhile. It says now: phone {}, e-mail {}. What you typed is still here; save again to use yours.",
        said(&now.phone),
        said(&now.email)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_version_is_told() {
        let now = Contact { version: 2, phone: "123".into(), email: String::new() };
        assert!(theirs(&now).contains("phone 123, e-mail none"));
    }
}
