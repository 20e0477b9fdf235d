//! One signature on the client's page: what holds, its document, and withdrawing it.

use super::{
    document::Document,
    facts::{SignatureLine, Standing, waits},
};
use crate::{icon::Icon, signed_record::RemarkForm, workspace::use_workspace};
use domain::{command::Change, ids::ClientId};
use leptos::prelude::*;

#[component]
pub fn Signature(client: ClientId, line: SignatureLine) -> impl IntoView {
    let workspace = use_workspace();
    let SignatureLine { form, at, title, terms, signed, standing } = line;
    let on_its_way = Memo::new(move |_| workspace.read(|replica| waits(replica, client, form, at)));
    let withdrawable = matches!(standing, Standing::Holds | Standing::Replaced);
    let (document_title, withdraw_title) = (StoredValue::new(title.clone()), title.clone());
    let withdraw = Callback::new(move |(reason,): (String,)| Change::WithdrawConsent { form, signed_at: at, reason });
    view! {
        <li class="signature card">
            <div class="signature-head">
                <h3>{title}</h3>
                {chip(&standing)}
            </div>
            <p>{terms}</p>
            <p class="soft num">{signed}</p>
            {match standing {
                Standing::Withdrawn(words) => Some(view! { <p class="num">"Withdrawn: " {words}</p> }),
                Standing::Holds | Standing::RunOut | Standing::Replaced => None,
            }}
            <Show
                when=move || on_its_way.get()
                fallback=move || view! { <Document client form at title=document_title.get_value() /> }
            >
                <p class="say">
                    <Icon name="tablet" />
                    <span>"Saved here; the document is kept once the clinic’s server has it."</span>
                </p>
            </Show>
            {withdrawable
                .then(|| {
                    view! {
                        <details class="plan-more">
                            <summary>
                                "Withdraw" <span class="vh">": " {withdraw_title}</span> <Icon name="down" />
                            </summary>
                            <RemarkForm
                                about=format!("withdraw-{form}-{}", at.millis())
                                client
                                change=withdraw
                                label="Why it is withdrawn (kept with the consent)"
                                placeholder="e.g. The client said so at the desk"
                                button="Withdraw it"
                                button_class="btn danger"
                                icon="undo"
                                empty="It was not withdrawn. Say why first; the reason is kept with the consent."
                            />
                        </details>
                    }
                })}
        </li>
    }
}

fn chip(standing: &Standing) -> AnyView {
    match standing {
        Standing::Holds => {
            view! {
                <span class="chip is-ok">
                    <Icon name="check" />
                    "holds"
                </span>
            }
        }
        .into_any(),
        Standing::RunOut => view! { <span class="chip">"run out"</span> }.into_any(),
        Standing::Replaced => view! { <span class="chip">"replaced by a later one"</span> }.into_any(),
        Standing::Withdrawn(_) => {
            view! {
                <span class="chip is-warn">
                    <Icon name="alert" />
                    "withdrawn"
                </span>
            }
        }
        .into_any(),
    }
}
