//! One stalled series: whom to call, and what was done about it.

use super::{CallList, log_form::LogForm, model::CallLine};
use crate::icon::Icon;
use leptos::prelude::*;

#[component]
pub fn EntryCard(line: CallLine, list: CallList) -> impl IntoView {
    let CallLine { id, client, name, phone, series, stalled, stranded, later, holder, log, .. } = line;
    let open = RwSignal::new(false);
    let about = format!("call-{id}");
    let labelled_by = about.clone();
    let tel = format!("tel:{}", phone.replace(' ', ""));
    let more = log.len() > 1;
    let latest = log.first().cloned();
    view! {
        <li class="card call" aria-labelledby=labelled_by>
            <div class="call-head">
                <div>
                    <h3 id=about>
                        <a href=format!("/clients/{client}")>{name}</a>
                    </h3>
                    <p>{series}</p>
                    <p class="soft small num">{stalled}</p>
                </div>
                <p class="call-money num">{stranded}</p>
            </div>
            {later.map(|day| view! { <p class="soft small num">"Not before " {day}</p> })}
            {holder.map(|holder| view! { <p class="soft small">"Looked after by " {holder}</p> })}
            {latest.map(|latest| view! { <p class="small num">{latest}</p> })}
            {more
                .then(|| {
                    view! {
                        <details class="small">
                            <summary>"All that was done"</summary>
                            <ul class="num">{log.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
                        </details>
                    }
                })}
            <div class="btn-row">
                {(!phone.is_empty())
                    .then(|| {
                        view! {
                            <a class="btn" href=tel>
                                {phone}
                            </a>
                        }
                    })}
                <button
                    class="btn"
                    type="button"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon name="pen" />
                    "Log a call"
                </button>
            </div>
            <Show when=move || open.get()>
                <LogForm id list done=Callback::new(move |()| open.set(false)) />
            </Show>
        </li>
    }
}
