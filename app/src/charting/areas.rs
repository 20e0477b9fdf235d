//! Where it was treated: picked on the map or by search, with pulses for each area.

use super::{stepper::Stepper, use_charting};
use crate::{
    body_map::{BodyMap, Mark, figure_of, spoken},
    icon::Icon,
};
use domain::{
    area::{Area, AreaKind, KINDS},
    record::TreatedArea,
};
use leptos::prelude::*;

#[component]
pub fn Areas() -> impl IntoView {
    let charting = use_charting();
    let areas = Memo::new(move |_| charting.treatment().map(|treatment| treatment.areas).unwrap_or_default());
    let figure = RwSignal::new(untrack(|| areas.with(|areas| areas.first().map_or("face", |treated| figure_of(&treated.area)))));
    // Another treatment is shown: its own figure comes to the front.
    Effect::new(move |before: Option<usize>| {
        let current = charting.current.get();
        if before.is_some_and(|before| before != current)
            && let Some(first) = areas.get_untracked().first()
        {
            figure.set(figure_of(&first.area));
        }
        current
    });
    let mark = Callback::new(move |area: Area| {
        areas.with(|areas| if areas.iter().any(|treated| treated.area == area) { Mark::On } else { Mark::Off })
    });
    let toggle = Callback::new(move |area: Area| {
        let Some((chart, catalogue)) = charting.chart.get_untracked().zip(charting.catalogue.get_untracked()) else { return };
        charting.edit_treatment(|treatment| chart.toggle_area(treatment, &area, &catalogue));
    });
    let total = move || {
        areas.with(|areas| {
            let now: u32 = areas.iter().filter_map(|treated| treated.pulses).sum();
            let last: u32 = areas.iter().filter_map(|treated| treated.last_pulses).sum();
            (now, last)
        })
    };
    // Of which treatment is part of the key: the same area has another past on another device.
    let keys = Memo::new(move |_| {
        let current = charting.current.get();
        areas.with(|areas| areas.iter().map(|treated| (current, treated.area.clone())).collect::<Vec<_>>())
    });
    view! {
        <section class="sec" id="areas" aria-labelledby="areas-h">
            <div class="sec-head">
                <h2 id="areas-h">"Areas and pulses"</h2>
            </div>
            <div class="areas card">
                <div class="areas-map">
                    <BodyMap figure mark toggle />
                </div>
                <div class="areas-list">
                    <AreaSearch mark toggle />
                    <ul class="areas-list">
                        <For each=move || keys.get() key=|key| key.clone() let:key>
                            <AreaLine areas area=key.1 toggle />
                        </For>
                        <Show when=move || { total() != (0, 0) }>
                            <li class="areas-total">
                                <span>"Pulses in all"</span>
                                <b>
                                    {move || total().0} " "
                                    <span class="soft">
                                        {move || match total().1 {
                                            0 => String::new(),
                                            last => format!("/ last {last}"),
                                        }}
                                    </span>
                                </b>
                            </li>
                        </Show>
                    </ul>
                </div>
            </div>
        </section>
    }
}

#[component]
fn AreaLine(areas: Memo<Vec<TreatedArea>>, area: Area, toggle: Callback<Area>) -> impl IntoView {
    let charting = use_charting();
    let treated = Memo::new({
        let area = area.clone();
        move |_| areas.with(|areas| areas.iter().find(|treated| treated.area == area).cloned())
    });
    let last = treated.get_untracked().and_then(|treated| treated.last_pulses);
    let enter = Callback::new({
        let area = area.clone();
        move |pulses: Option<u32>| {
            charting.edit_treatment(|treatment| {
                if let Some(treated) = treatment.areas.iter_mut().find(|treated| treated.area == area) {
                    treated.pulses = pulses;
                }
            });
        }
    });
    let pulses = Signal::derive(move || treated.get().and_then(|treated| treated.pulses));
    let as_last = move || pulses.get().is_none() && last.is_some();
    let name = spoken(&area);
    let remove = format!("Remove {name}");
    let label = format!("Pulses, {name}");
    let stepper = match last {
        Some(last) => view! { <Stepper label value=pulses last enter /> }.into_any(),
        None => view! { <Stepper label value=pulses enter /> }.into_any(),
    };
    view! {
        <li class="area">
            <div class="area-head">
                <h3>{name}</h3>
                <Show when=as_last>
                    <button class="btn" type="button" on:click=move |_| enter.run(last)>
                        <Icon name="check" />
                        "As last time"
                    </button>
                </Show>
                <button class="icon-btn" type="button" aria-label=remove on:click=move |_| toggle.run(area.clone())>
                    <Icon name="x" />
                </button>
            </div>
            <div class="pulses">
                <span class="pulses-side">"Pulses"</span>
                {stepper}
                <span class="pulses-last">{last.map(|last| format!("last {last}"))}</span>
            </div>
        </li>
    }
}

/// "left calf", "calf l", "cheek": areas by name.
#[component]
fn AreaSearch(mark: Callback<Area, Mark>, toggle: Callback<Area>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = Memo::new(move |_| find(&text.get()));
    let hit = move |area: Area| {
        let name = spoken(&area);
        let (marked, chosen) = (area.clone(), area);
        let on = move || mark.run(marked.clone()) == Mark::On;
        view! {
            <button
                class="pick"
                type="button"
                aria-pressed=move || on().to_string()
                on:click=move |_| {
                    toggle.run(chosen.clone());
                    text.set(String::new());
                }
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="field">
            <label class="vh" for="area-search">
                "Find an area"
            </label>
            <span class="search-box">
                <Icon name="search" />
                <input
                    class="input"
                    id="area-search"
                    type="search"
                    placeholder="Find an area, e.g. left calf"
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
            </span>
        </div>
        <Show when=move || !text.with(|text| text.trim().is_empty())>
            <div class="area-hits" role="group" aria-label="Areas found">
                {move || found.get().into_iter().map(hit).collect_view()}
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="soft">"No area of that name."</p>
                </Show>
            </div>
        </Show>
    }
}

/// Areas whose spoken name holds every word that was typed; six at most.
fn find(text: &str) -> Vec<Area> {
    let words: Vec<_> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let fits = |area: &Area| {
        let name = spoken(area).to_lowercase();
        words.iter().all(|word| name.split([' ', ',']).any(|part| part.starts_with(word.as_str())))
    };
    KINDS.iter().flat_map(AreaKind::areas).filter(fits).take(6).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_areas_by_any_of_their_words() {
        let names = |text| find(text).iter().map(spoken).collect::<Vec<_>>();
        assert_eq!(names("left calf"), ["Calf, left"]);
        assert_eq!(names("calf l"), ["Calf, left"]);
        assert_eq!(names("chee"), ["Cheek, left", "Cheek, right"]);
        assert!(names("  ").is_empty());
        assert!(names("tail").is_empty());
    }
}
