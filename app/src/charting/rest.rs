//! What was left of a signed session is charted: it goes beside the signed record, and counts.

use super::{performs::names, use_charting};
use crate::{icon::Icon, signed_record::RecordView};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Says what is charted, beside what was signed first.
#[component]
pub fn ChartingRest() -> impl IntoView {
    let charting = use_charting();
    let said = Memo::new(move |_| {
        let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
        let signed = chart.session(charting.session)?.signed.clone()?;
        let open = names(chart.outstanding(charting.session));
        let who = catalogue.staff_name(signed.by);
        Some((open, format!("{who} signed the first part on {}.", charting.workspace.when(signed.at)), signed.record))
    });
    let navigate = use_navigate();
    let back = move || format!("/clients/{}/sessions/{}", charting.client, charting.session);
    let throw_away = Callback::new(move |()| {
        charting.workspace.drop_draft(charting.session);
        navigate(&back(), Default::default());
    });
    let has_typed = move || charting.workspace.draft(charting.session).is_some();
    move || {
        let (open, signed, record) = said.get()?;
        let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
        Some(view! {
            <div class="say" role="status">
                <Icon name="info" />
                <span>
                    <b>{format!("Still to be done: {open}. ")}</b>
                    {signed}
                    " It stays as it is; this goes beside it."
                </span>
            </div>
            <div class="btn-row">
                <Show
                    when=has_typed
                    fallback=move || {
                        view! {
                            <a class="btn" href=back()>
                                "Not now"
                            </a>
                        }
                    }
                >
                    <button class="btn" type="button" on:click=move |_| throw_away.run(())>
                        "Throw away what I typed"
                    </button>
                </Show>
            </div>
            <details class="plan-more">
                <summary>"What was signed first" <Icon name="down" /></summary>
                <RecordView chart record catalogue label="What was signed first" />
            </details>
        })
    }
}
