//! The face and body maps, on which areas are picked by touch.

mod outline;

use domain::area::{Area, Side};
use leptos::{ev::KeyboardEvent, prelude::*};
use outline::{FIGURES, Figure};

/// How an area stands on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Off,
    On,
}

/// `Cheek, left`: an area as it is read out.
pub fn spoken(area: &Area) -> String {
    let label = area.kind().map_or(area.key.as_str(), |kind| kind.label);
    match area.side {
        Some(side) => format!("{label}, {}", side.label()),
        None => label.to_owned(),
    }
}

/// Key of the figure on which an area lies; the first one when it lies on none.
pub fn figure_of(area: &Area) -> &'static str {
    let holds = |figure: &&Figure| figure.shapes.iter().any(|shape| shape.area == area.key);
    FIGURES.iter().find(holds).unwrap_or(&FIGURES[0]).key
}

/// One figure at a time, chosen above it.
#[component]
pub fn BodyMap(
    /// Key of the figure shown.
    figure: RwSignal<&'static str>,
    #[prop(into)] mark: Callback<Area, Mark>,
    #[prop(into)] toggle: Callback<Area>,
) -> impl IntoView {
    let shown = move || FIGURES.iter().find(|candidate| candidate.key == figure.get()).unwrap_or(&FIGURES[0]);
    let choices = FIGURES.iter().map(|choice| {
        view! {
            <button type="button" aria-pressed=move || (figure.get() == choice.key).to_string() on:click=move |_| figure.set(choice.key)>
                {choice.label}
            </button>
        }
    });
    let sides = move || if shown().key == "back" { (Side::Left, Side::Right) } else { (Side::Right, Side::Left) };
    view! {
        <div class="seg" role="group" aria-label="Figure">
            {choices.collect_view()}
        </div>
        {move || view! { <FigureMap figure=shown() mark toggle /> }}
        <p class="map-sides" aria-hidden="true">
            <span>"Client’s " {move || sides().0.label()}</span>
            <span>"Client’s " {move || sides().1.label()}</span>
        </p>
    }
}

#[component]
fn FigureMap(figure: &'static Figure, mark: Callback<Area, Mark>, toggle: Callback<Area>) -> impl IntoView {
    let shapes = figure.shapes.iter().map(|shape| {
        let area = Area::new(shape.area, shape.side);
        let is_on = Memo::new({
            let area = area.clone();
            move |_| mark.run(area.clone()) == Mark::On
        });
        let by_key = {
            let area = area.clone();
            move |event: KeyboardEvent| {
                if matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    toggle.run(area.clone());
                }
            }
        };
        let label = spoken(&area);
        view! {
            <g
                class="shape"
                class:is-on=is_on
                role="button"
                tabindex="0"
                aria-pressed=move || is_on.get().to_string()
                aria-label=label
                data-area=format!("{area}")
                on:click=move |_| toggle.run(area.clone())
                on:keydown=by_key
            >
                <path class="shape-hit" d=shape.d />
                <path class="shape-fill" d=shape.d />
            </g>
        }
    });
    let ticks = figure.shapes.iter().map(|shape| {
        let area = Area::new(shape.area, shape.side);
        view! {
            <Show when=move || mark.run(area.clone()) == Mark::On>
                <g class="shape-mark is-on" transform=format!("translate({} {})", shape.at.0, shape.at.1) aria-hidden="true">
                    <circle r="13" />
                    <path d="M-5.5 .5l4 4 7-8" />
                </g>
            </Show>
        }
    });
    view! {
        <svg class="figure-map" viewBox=figure.view_box role="group" aria-label=format!("{}: choose areas", figure.label)>
            <path class="silhouette" d=figure.silhouette />
            {shapes.collect_view()}
            <path class="detail" d=figure.detail />
            {ticks.collect_view()}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::area::KINDS;

    #[test]
    fn every_area_is_drawn_and_everything_drawn_is_an_area() {
        let drawn: Vec<_> = FIGURES.iter().flat_map(|figure| figure.shapes).map(|shape| Area::new(shape.area, shape.side)).collect();
        assert!(drawn.iter().all(Area::is_known), "{:?}", drawn.iter().find(|area| !area.is_known()));
        for kind in KINDS {
            assert!(drawn.iter().any(|area| area.key == kind.key), "{} is on no figure", kind.key);
        }
    }
}
