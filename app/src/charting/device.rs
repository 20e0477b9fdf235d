//! Device, handpiece, the series it counts for, and what is known of this client on this device.

use super::{
    performs::{Performs, kept_procedure},
    use_charting,
};
use crate::{icon::Icon, problem::Problem, recording::Recording};
use domain::{
    command::Change,
    ids::{DeviceId, DeviceNoteId, HandpieceId, SessionId},
    record::Treatment,
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn DevicePickers() -> impl IntoView {
    let charting = use_charting();
    let choice = Memo::new(move |_| charting.treatment().map(|treatment| (treatment.device, treatment.handpiece, treatment.counts_for)));
    let device = move || choice.get().map(|(device, ..)| device);
    let choose_device = move |event| {
        let Ok(id) = event_target_value(&event).parse::<DeviceId>() else { return };
        let handpiece = charting.catalogue.with_untracked(|catalogue| {
            let device = catalogue.as_ref()?.device(id)?;
            device.handpieces.iter().find(|handpiece| !handpiece.retired).map(|handpiece| handpiece.id)
        });
        if let Some(handpiece) = handpiece {
            change_device(charting, id, handpiece);
        }
    };
    let choose_handpiece = move |event| {
        if let (Some(device), Ok(id)) = (device(), event_target_value(&event).parse::<HandpieceId>()) {
            change_device(charting, device, id);
        }
    };
    let choose_series = move |event| {
        let session = event_target_value(&event).parse::<SessionId>().ok();
        let chart = charting.chart.get_untracked();
        let others = others(charting);
        charting.edit_treatment(|treatment| {
            treatment.counts_for = session;
            let template = treatment.template.id;
            treatment.procedure = session.zip(chart).and_then(|(session, chart)| chart.likely_procedure(session, template, &others));
        });
    };
    let devices = move || {
        let chosen = device();
        let catalogue = charting.catalogue.get()?;
        let offered = catalogue.devices.iter().filter(|device| !device.retired || Some(device.id) == chosen);
        let option = |device: &domain::catalogue::Device| {
            let name = format!("{} {}", device.maker, device.model);
            view! {
                <option value=device.id.to_string() selected=Some(device.id) == chosen>
                    {name}
                </option>
            }
        };
        Some(offered.map(option).collect_view())
    };
    let handpieces = move || {
        let (device, chosen, _) = choice.get()?;
        let catalogue = charting.catalogue.get()?;
        let offered = catalogue.device(device)?.handpieces.iter().filter(|handpiece| !handpiece.retired || handpiece.id == chosen);
        let option = |handpiece: &domain::catalogue::Handpiece| {
            view! {
                <option value=handpiece.id.to_string() selected=handpiece.id == chosen>
                    {handpiece.name.clone()}
                </option>
            }
        };
        Some(offered.map(option).collect_view())
    };
    let series = move || {
        let (.., chosen) = choice.get()?;
        let chart = charting.chart.get()?;
        let mut sessions: Vec<_> = chart.plans.iter().filter_map(|plan| chart.next_session(plan.id)).map(|session| session.id).collect();
        sessions.extend([charting.session].into_iter().chain(chosen));
        sessions.sort();
        sessions.dedup();
        let option = |id: SessionId| {
            let session = chart.session(id)?;
            let plan = chart.plan(session.plan)?;
            let name = format!("{} · {} of {}", plan.name, session.number, chart.balance(plan.id).purchased);
            Some(view! {
                <option value=id.to_string() selected=Some(id) == chosen>
                    {name}
                </option>
            })
        };
        Some(view! {
            {sessions.into_iter().filter_map(option).collect_view()}
            <option value="" selected=chosen.is_none()>
                "No series: a single treatment"
            </option>
        })
    };
    view! {
        <section class="sec" aria-labelledby="device-h">
            <h2 class="vh" id="device-h">
                "Device"
            </h2>
            <div class="pickers">
                <Picker id="device" label="Device" on_change=choose_device>
                    {devices}
                </Picker>
                <Picker id="handpiece" label="Handpiece" on_change=choose_handpiece>
                    {handpieces}
                </Picker>
                <Picker id="counts-for" label="Counts for" on_change=choose_series>
                    {series}
                </Picker>
                <Performs />
            </div>
            <Nuances device=Signal::derive(device) />
        </section>
    }
}

#[component]
fn Picker(id: &'static str, label: &'static str, on_change: impl Fn(leptos::ev::Event) + 'static, children: Children) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <span class="select-box">
                <select class="select" id=id on:change=on_change>
                    {children()}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}

/// What is charted beside the treatment that is shown.
fn others(charting: super::Charting) -> Vec<Treatment> {
    let current = charting.current.get_untracked();
    charting.record.with_untracked(|record| {
        let others = record.treatments.iter().enumerate().filter(|(position, _)| *position != current);
        others.map(|(_, treatment)| treatment.clone()).collect()
    })
}

/// Another handpiece has other fields: what is known for it and these areas is carried over.
fn change_device(charting: super::Charting, device: DeviceId, handpiece: HandpieceId) {
    let Some((chart, catalogue)) = charting.chart.get_untracked().zip(charting.catalogue.get_untracked()) else { return };
    let others = others(charting);
    charting.edit_treatment(|treatment: &mut Treatment| {
        let areas: Vec<_> = treatment.areas.iter().map(|treated| treated.area.clone()).collect();
        if let Some(new) = chart.new_treatment(treatment.counts_for, device, handpiece, &areas, &catalogue) {
            let procedure = kept_procedure(treatment, new.template.id, &chart, &others);
            *treatment = Treatment { procedure, ..new };
        }
    });
}

/// What works for this client on this device, and a place to write it down.
#[component]
fn Nuances(device: Signal<Option<DeviceId>>) -> impl IntoView {
    let charting = use_charting();
    let workspace = charting.workspace;
    let notes = Memo::new(move |_| {
        let (device, chart) = device.get().zip(charting.chart.get())?;
        Some(chart.device_notes.iter().filter(|note| note.device == device).cloned().collect::<Vec<_>>())
    });
    let (writing, text) = (RwSignal::new(false), RwSignal::new(String::new()));
    let recording = Recording::new(charting.client);
    let change = move |change| {
        recording.record(change, "Nothing was changed.", move || {
            text.try_set(String::new());
            writing.try_set(false);
        });
    };
    let pin = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(device) = device.get_untracked() {
            let note = DeviceNoteId(workspace.new_id());
            change(Change::PinDeviceNote { note, device, text: text.get_untracked() });
        }
    };
    view! {
        <ul class="nuances" aria-label="Pinned for this client on this device">
            <For each=move || notes.get().unwrap_or_default() key=|note| note.id let:note>
                <li>
                    <Icon name="pin" />
                    <span>
                        <b>{note.remark.text.clone()}</b>
                        " "
                        {move || {
                            let catalogue = charting.catalogue.get();
                            catalogue
                                .map(|catalogue| {
                                    format!("{}, {}", catalogue.staff_name(note.remark.by), catalogue.clock.day(note.remark.at).short())
                                })
                        }}
                    </span>
                    <button
                        class="icon-btn"
                        type="button"
                        aria-label="Take this note down"
                        on:click=move |_| change(Change::UnpinDeviceNote { note: note.id })
                    >
                        <Icon name="x" />
                    </button>
                </li>
            </For>
        </ul>
        <Show
            when=move || writing.get()
            fallback=move || {
                view! {
                    <button class="btn quiet nuance-add" type="button" on:click=move |_| writing.set(true)>
                        <Icon name="pin" />
                        "Pin a note for this client on this device"
                    </button>
                }
            }
        >
            <form class="nuance-form" on:submit=pin>
                <div class="field">
                    <label for="nuance">"What works on this device"</label>
                    <input class="input" id="nuance" autocomplete="off" bind:value=text />
                </div>
                <button class="btn primary" type="submit">
                    "Pin"
                </button>
                <button class="btn" type="button" on:click=move |_| writing.set(false)>
                    "Cancel"
                </button>
            </form>
        </Show>
        <Problem words=recording.problem />
    }
}
