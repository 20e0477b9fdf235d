//! The consents on the client's page: what is still to be signed, and what was.

use super::{
    address::sign_address,
    facts::{AskedLine, PhotoForm, asked, photo_forms, signatures},
    signature::Signature,
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::ids::ClientId;
use leptos::prelude::*;

#[component]
pub fn Consents(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let known = move || workspace.chart(client).zip(workspace.catalogue());
    let open = Memo::new(move |_| known().map(|(chart, catalogue)| asked(&chart, &catalogue)).unwrap_or_default());
    let photos = Memo::new(move |_| workspace.catalogue().map(|catalogue| photo_forms(&catalogue)).unwrap_or_default());
    let signed = Memo::new(move |_| {
        let known = known().zip(workspace.today());
        known.map(|((chart, catalogue), today)| signatures(&chart, &catalogue, today)).unwrap_or_default()
    });
    view! {
        <section class="consents" aria-labelledby="consents-h">
            <div class="client-sec-head">
                <h2 id="consents-h">"Consents"</h2>
                <For each=move || photos.get() key=Clone::clone let:form>
                    <SignPhotos client form several=Signal::derive(move || photos.with(|photos| photos.len() > 1)) />
                </For>
            </div>
            <Show when=move || open.with(|open| !open.is_empty())>
                <ul class="asked">
                    <For each=move || open.get() key=Clone::clone let:line>
                        <AskedItem client line />
                    </For>
                </ul>
            </Show>
            <Show
                when=move || signed.with(|signed| !signed.is_empty())
                fallback=move || {
                    open.with(Vec::is_empty).then(|| view! { <p class="soft">"Nothing is signed yet, and no series asks for it."</p> })
                }
            >
                <ul class="signatures">
                    <For each=move || signed.get() key=Clone::clone let:line>
                        <Signature client line />
                    </For>
                </ul>
            </Show>
        </section>
    }
}

#[component]
fn AskedItem(client: ClientId, line: AskedLine) -> impl IntoView {
    let address = sign_address(client, line.form, Some(line.plan), &format!("/clients/{client}"));
    let missing = line.signed.is_none();
    let (says, button) = match line.signed {
        None => ("Not signed: no session of this series can be signed before.".to_owned(), "Sign".to_owned()),
        Some(signed) => (
            format!("Version {} says something new; version {signed} stays valid.", line.version),
            format!("Sign version {}", line.version),
        ),
    };
    view! {
        <li class="asked-item card" class:is-missing=missing>
            <div>
                <h3>{line.name.clone()}</h3>
                <p class="soft num">{line.series.clone()}</p>
                <p class="num">
                    {missing.then(|| view! { <Icon name="alert" /> })}
                    {says}
                </p>
            </div>
            <a class="btn" class:primary=missing href=address aria-label=format!("{button}: {}, {}", line.name, line.series)>
                <Icon name="signature" />
                {button.clone()}
            </a>
        </li>
    }
}

#[component]
fn SignPhotos(client: ClientId, form: PhotoForm, several: Signal<bool>) -> impl IntoView {
    let address = sign_address(client, form.id, None, &format!("/clients/{client}"));
    view! {
        <a class="btn" href=address>
            <Icon name="signature" />
            <span>
                "Sign photo consent"
                {move || several.get().then(|| format!(": {}", form.name))}
            </span>
        </a>
    }
}
