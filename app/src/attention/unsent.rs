//! What is saved here and not yet at the clinic.

use crate::{
    icon::Icon,
    words,
    workspace::{Link, use_workspace},
};
use domain::ids::ClientId;
use leptos::prelude::*;

/// One entry of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    number: u64,
    label: &'static str,
    about: String,
    client: Option<ClientId>,
}

#[component]
pub fn Unsent() -> impl IntoView {
    let workspace = use_workspace();
    let entries = Memo::new(move |_| {
        workspace.read(|replica| {
            let catalogue = replica.catalogue();
            let entry = |pending: &crate::sync::Pending| {
                let Some(command) = &pending.command else {
                    let about = "It is kept, and sent as it is.".to_owned();
                    return Entry { number: pending.number, label: "An entry this version cannot read", about, client: None };
                };
                let chart = replica.chart(command.client);
                let name = chart.as_ref().map_or("A client not on this device", |chart| chart.client.name.as_str());
                let made = catalogue.as_ref().map_or_else(String::new, |catalogue| {
                    format!(", {}, {}", words::moment(&catalogue.clock, command.at), catalogue.staff_name(command.by))
                });
                Entry {
                    number: pending.number,
                    label: command.change.label(),
                    about: format!("{name}{made}"),
                    client: chart.is_some().then_some(command.client),
                }
            };
            replica.unsent().map(entry).collect::<Vec<_>>()
        })
    });
    let count = move || entries.with(Vec::len);
    let head = move || {
        let n = count();
        format!("{} saved here, not yet at the clinic", words::count(n as u64, "entry", "entries"))
    };
    let when = move || match workspace.link.get() {
        Link::Online | Link::Connecting => "They are being sent now.",
        Link::Offline => "They are sent by themselves once the network is back. Nothing needs to be done.",
        Link::SignedOut => "They are sent once you sign in again.",
        Link::Mismatch => "They are sent once the app is updated. Reload it.",
    };
    view! {
        <Show when=move || { count() > 0 }>
            <section class="sec" aria-labelledby="unsent-head" style:margin-top="var(--s6)">
                <div class="sec-head">
                    <h2 id="unsent-head">{head}</h2>
                </div>
                <p class="soft">{when}</p>
                <ul class="attn-list card">
                    <For each=move || entries.get() key=Clone::clone let:entry>
                        <li>
                            // Without a chart here there is nowhere to go; it is a plain line then.
                            <a href=entry.client.map(|client| format!("/clients/{client}"))>
                                <Icon name="tablet" />
                                <span>
                                    <b>{entry.label}</b>
                                    <small>{entry.about}</small>
                                </span>
                            </a>
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}
