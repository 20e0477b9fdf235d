//! What is still open, and the signature.

use super::{
    model::{OpenItem, open_items, treatment_title},
    performs, spacing, use_charting,
};
use crate::{
    consent::{Missing, missing, sign_address},
    icon::Icon,
    photos::{PHOTOS_DUE, due_in},
    sheet::Sheet,
};
use domain::{amount::Unit, command::Change, ids::AddendumId, record::Treatment};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn SignBar() -> impl IntoView {
    let charting = use_charting();
    let items = Memo::new(move |_| {
        let catalogue = charting.catalogue.get()?;
        let concerns = charting.spacing_concerns();
        let photos = charting.chart.get().and_then(|chart| due_in(&chart, charting.session, &catalogue));
        let photos = photos.map(|_| OpenItem { text: "Photographs due".to_owned(), treatment: None, section: PHOTOS_DUE });
        Some(charting.record.with(|record| {
            let mut items = open_items(record, charting.session, &catalogue);
            items.extend(spacing::open_item(record, &concerns));
            items.extend(photos.clone());
            items
        }))
    });
    let items = move || items.get().unwrap_or_default();
    // What the client has to sign before: for every series the treatments count for.
    let unsigned = Memo::new(move |_| {
        let (chart, catalogue) = charting.chart.get().zip(charting.catalogue.get())?;
        let counted =
            charting.record.with(|record| record.treatments.iter().filter_map(|treatment| treatment.counts_for).collect::<Vec<_>>());
        let sessions = std::iter::once(charting.session).chain(counted);
        let plans = sessions.filter_map(|session| chart.session(session).map(|session| session.plan));
        Some(missing(&chart, &catalogue, plans))
    });
    let unsigned = move || unsigned.get().unwrap_or_default();
    let nothing_open = move || items().is_empty() && unsigned().is_empty();
    let consent_page = move |missing: &Missing| {
        let back = format!("/clients/{}/sessions/{}", charting.client, charting.session);
        sign_address(charting.client, missing.form, Some(missing.plan), &back)
    };
    let navigate = use_navigate();
    let asking = RwSignal::new(false);
    let may_sign = move || charting.workspace.treats();
    let jump = move |item: &OpenItem| {
        if let Some(position) = item.treatment {
            charting.current.set(position);
        }
        let section = item.section;
        // The section may only be there once the other treatment is shown.
        request_animation_frame(move || {
            if let Some(section) = document().get_element_by_id(section) {
                section.scroll_into_view();
            }
        });
    };
    let sign = Callback::new(move |()| match (unsigned().first(), items().first()) {
        (Some(missing), _) => navigate(&consent_page(missing), Default::default()),
        (None, Some(item)) => jump(item),
        (None, None) => asking.set(true),
    });
    let consent_chip = move |missing: Missing| {
        view! {
            <li>
                <a class="open-item is-warn" href=consent_page(&missing)>
                    <Icon name="signature" />
                    {missing.words()}
                </a>
            </li>
        }
    };
    let chip = move |item: OpenItem| {
        let text = item.text.clone();
        view! {
            <li>
                <button class="open-item" type="button" on:click=move |_| jump(&item)>
                    <Icon name="circle-dashed" />
                    {text}
                </button>
            </li>
        }
    };
    view! {
        <footer class="sign-bar">
            <Show
                when=nothing_open
                fallback=move || {
                    view! {
                        <ul class="open-items" aria-label="Still open">
                            {unsigned().into_iter().map(consent_chip).collect_view()}
                            {items().into_iter().map(chip).collect_view()}
                        </ul>
                    }
                }
            >
                <p class="open-items all-set">
                    <Icon name="check-circle" />
                    "Everything is here"
                </p>
            </Show>
            <Show when=may_sign fallback=|| view! { <p class="soft">"Only providers can sign."</p> }>
                <button class="btn big primary" type="button" aria-disabled=move || (!nothing_open()).to_string() on:click=move |_| sign.run(())>
                    <Icon name="signature" />
                    "Sign"
                </button>
            </Show>
        </footer>
        <Show when=move || asking.get()>
            <SignSheet close=Callback::new(move |()| asking.set(false)) />
        </Show>
    }
}

#[component]
fn SignSheet(close: Callback<()>) -> impl IntoView {
    let charting = use_charting();
    let workspace = charting.workspace;
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let navigate = use_navigate();
    let was_signed = untrack(|| charting.visit()).is_some_and(|visit| visit.signed.is_some());
    let sign = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let mut record = charting.record.get_untracked();
        if let Some(note) = &mut record.note {
            note.text = note.text.trim().to_owned();
        }
        record.despite = spacing::reason(&record, &untrack(|| charting.spacing_concerns()));
        // What is charted of a session in parts counts beside what somebody else charts of it.
        let in_parts =
            charting.chart.with_untracked(|chart| chart.as_ref().is_some_and(|chart| performs::is_in_parts(chart, charting.session)));
        let rest = in_parts.then(|| AddendumId(workspace.new_id()));
        let navigate = navigate.clone();
        spawn_local(async move {
            let change = Change::SignSession { session: charting.session, record, rest };
            match workspace.record(charting.client, change, Some(charting.session)).await {
                // The address no longer asks for what was left.
                Ok(_) if was_signed => navigate(&format!("/clients/{}/sessions/{}", charting.client, charting.session), replacing()),
                Ok(_) => {}
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    let chart = charting.chart.get_untracked();
    let person = chart.as_ref().map(|chart| chart.client.clone());
    let visit = charting.visit();
    let heading =
        chart.as_ref().zip(visit).map(|(chart, visit)| format!("Sign session {} of {}", visit.number, chart.balance(visit.plan).purchased));
    let signer = workspace.signed_in.with_untracked(|who| who.as_ref().map(|who| who.name.clone()).unwrap_or_default());
    view! {
        <Sheet class="sign-sheet" title=heading.unwrap_or_default() close>
                {person
                    .map(|person| {
                        let skin = person.skin_type.map_or_else(String::new, |skin| format!(" · skin type {}", skin.label()));
                        view! {
                            <div class="sign-who">
                                <span class="avatar" aria-hidden="true">
                                    {person.initials()}
                                </span>
                                <div>
                                    <p>{person.name.clone()}</p>
                                    <p class="soft">{person.birth_date.long()} {skin}</p>
                                </div>
                            </div>
                        }
                    })}
                <dl class="facts">
                    {facts(charting)
                        .into_iter()
                        .map(|(term, text)| {
                            view! {
                                <dt>{term}</dt>
                                <dd>{text}</dd>
                            }
                        })
                        .collect_view()}
                </dl>
                <p class="say">
                    <Icon name="lock" />
                    <span>"Once signed, the record is locked. Later changes are addenda."</span>
                </p>
                <Show when=move || problem.with(Option::is_some)>
                    <p class="say is-refused" role="alert">
                        <Icon name="refuse" />
                        <span>{move || problem.get()} " Nothing was signed; what you typed is kept."</span>
                    </p>
                </Show>
                <div class="btn-row">
                    <button class="btn big" type="button" on:click=move |_| close.run(())>
                        "Not yet"
                    </button>
                    <button class="btn big primary" type="button" on:click=sign>
                        <Icon name="signature" />
                        "Sign as "
                        {signer}
                    </button>
                </div>
        </Sheet>
    }
}

/// The page that was asked for is no place to come back to.
pub fn replacing() -> NavigateOptions {
    NavigateOptions { replace: true, ..NavigateOptions::default() }
}

/// The record in a few lines, to read once more before signing.
fn facts(charting: super::Charting) -> Vec<(String, String)> {
    untrack(|| {
        let Some(catalogue) = charting.catalogue.get() else { return Vec::new() };
        let record = charting.record.get();
        let treatment = |treatment: &Treatment| {
            let values = treatment.readings.iter().filter_map(|reading| {
                let template = catalogue.template(treatment.template)?;
                let field = template.field(&reading.field)?;
                let was = reading.carried.as_ref().filter(|_| reading.is_changed());
                let was = was.map_or_else(String::new, |carried| format!("{} → ", carried.value.show(Unit::None)));
                Some(format!("{} {was}{}", field.label, reading.value.show(field.unit())))
            });
            (treatment_title(treatment, &catalogue), values.collect::<Vec<_>>().join(", "))
        };
        let mut facts: Vec<_> = record.treatments.iter().map(treatment).collect();
        let response = record.response.summary();
        facts.push(("Skin".to_owned(), if response.is_empty() { "Not judged".to_owned() } else { response }));
        if let Some(note) = &record.note {
            facts.push(("Next time".to_owned(), note.text.clone()));
        }
        facts.extend(spacing::reason(&record, &charting.spacing_concerns()).map(|reason| ("Nevertheless".to_owned(), reason)));
        facts.extend(charting.left_out().map(|names| ("Still to be done".to_owned(), names)));
        facts
    })
}
