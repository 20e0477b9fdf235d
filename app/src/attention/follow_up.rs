//! An adverse event, or what worries a client, that waits for a provider.

use super::model::records;
use crate::{
    signed_record::{FactsView, FollowUpForm, RecordFacts},
    words,
    workspace::use_workspace,
};
use domain::ids::{ClientId, SessionId};
use leptos::prelude::*;

#[component]
pub fn FollowUpItem(client: ClientId, session: SessionId, told: RwSignal<&'static str>) -> impl IntoView {
    let workspace = use_workspace();
    let item = Memo::new(move |_| {
        let (chart, catalogue) = (workspace.chart(client)?, workspace.catalogue()?);
        let session = chart.session(session)?;
        let signed = session.signed.as_ref()?;
        let worries: Vec<_> = session.reports.iter().filter(|report| report.is_open()).collect();
        let head = match worries.as_slice() {
            [] => format!("{} had an adverse event at session {}", chart.client.name, session.number),
            _ => format!("{} is worried after session {}", chart.client.name, session.number),
        };
        let worries = worries.into_iter().map(|report| format!("{}. {}", workspace.when(report.at), words::report(report)));
        let by = format!("Signed by {}, {}.", catalogue.staff_name(signed.by), workspace.when(signed.at));
        let events = records(session)
            .filter_map(|record| record.response.adverse.as_ref())
            .map(|event| format!("Grade {}: {}", event.grade, event.text));
        let waits: Vec<_> = worries.chain(events).collect();
        Some((head, by, waits, chart.client.contact.phone.clone(), RecordFacts::new(&signed.record, &chart, &catalogue)))
    });
    let done = Callback::new(move |()| {
        told.try_set("The follow-up is closed. What was written stands in the session.");
    });
    view! {
        <article class="attn-item card" aria-labelledby="attn-head">
            {move || {
                item.get()
                    .map(|(head, by, waits, phone, facts)| {
                        view! {
                            <header>
                                <h2 id="attn-head">{head}</h2>
                                <p class="soft">{by}</p>
                            </header>
                            <ul>{waits.into_iter().map(|waits| view! { <li>{waits}</li> }).collect_view()}</ul>
                            {(!phone.is_empty())
                                .then(|| {
                                    view! {
                                        <p>
                                            "Phone: "
                                            <a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a>
                                        </p>
                                    }
                                })}
                            <FactsView facts label="The session’s record" />
                        }
                    })
            }}
            <FollowUpForm client session done />
            <div class="btn-row">
                <a class="btn" href=format!("/clients/{client}/sessions/{session}")>
                    "Open the session"
                </a>
            </div>
        </article>
    }
}
