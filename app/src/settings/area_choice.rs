//! Several areas at once, by name: a region of the body is a line that opens, and can be taken as a whole.

use crate::{body_map::spoken, icon::Icon};
use domain::area::{Area, AreaKind, KINDS, Region, summary};
use leptos::prelude::*;

/// Head to toe, left before right; so that what was taken out and in again is no change.
pub fn sorted(mut areas: Vec<Area>) -> Vec<Area> {
    areas.sort_by_key(|area| (KINDS.iter().position(|kind| kind.key == area.key), area.side));
    areas
}

/// All of a region.
fn areas_of(region: Region) -> Vec<Area> {
    KINDS.iter().filter(|kind| kind.region == region).flat_map(AreaKind::areas).collect()
}

fn holds(chosen: &[Area], areas: &[Area]) -> bool {
    areas.iter().all(|area| chosen.contains(area))
}

/// What is chosen once `areas` are taken in, or out.
fn changed(mut chosen: Vec<Area>, areas: &[Area], wanted: bool) -> Vec<Area> {
    chosen.retain(|area| !areas.contains(area));
    if wanted {
        chosen.extend_from_slice(areas);
    }
    sorted(chosen)
}

/// `all`, `none`, `Cheek L+R, Chin`: how much of a region is chosen.
fn in_short(region: Region, chosen: &[Area]) -> String {
    let all = areas_of(region);
    let here: Vec<_> = chosen.iter().filter(|area| all.contains(area)).collect();
    match here.len() {
        0 => "none".to_owned(),
        n if n == all.len() => "all".to_owned(),
        _ => summary(here),
    }
}

/// The regions, each with what is chosen of it.
#[component]
pub fn AreaChoice(title: &'static str, chosen: RwSignal<Vec<Area>>) -> impl IntoView {
    view! {
        <fieldset class="area-choice">
            <legend>{title}</legend>
            {Region::ALL.map(|region| view! { <RegionChoice region chosen /> }).collect_view()}
        </fieldset>
    }
}

#[component]
fn RegionChoice(region: Region, chosen: RwSignal<Vec<Area>>) -> impl IntoView {
    let in_short = Memo::new(move |_| chosen.with(|chosen| in_short(region, chosen)));
    let kinds = KINDS.iter().filter(|kind| kind.region == region);
    view! {
        <details class="plan-more">
            <summary>
                <span>{region.label()} ": " {in_short}</span>
                <Icon name="down" />
            </summary>
            <div class="picks" role="group" aria-label=region.label()>
                <Pick areas=areas_of(region) label=format!("{}: all", region.label()) words="All" chosen />
                {kinds.map(|kind| view! { <KindChoice kind chosen /> }).collect_view()}
            </div>
        </details>
    }
}

/// An area, or a pair with its two sides.
#[component]
fn KindChoice(kind: &'static AreaKind, chosen: RwSignal<Vec<Area>>) -> impl IntoView {
    let picks = kind.areas().into_iter().map(|area| {
        let words = area.side.map_or(kind.label, |side| side.letter());
        view! { <Pick label=spoken(&area) areas=vec![area] words chosen /> }
    });
    let picks = picks.collect_view();
    if kind.paired {
        view! {
            <span class="area-pair">
                <span aria-hidden="true">{kind.label}</span>
                {picks}
            </span>
        }
        .into_any()
    } else {
        picks.into_any()
    }
}

/// A button that takes these areas in or out.
#[component]
fn Pick(areas: Vec<Area>, label: String, words: &'static str, chosen: RwSignal<Vec<Area>>) -> impl IntoView {
    let areas = StoredValue::new(areas);
    let is_on = Memo::new(move |_| areas.with_value(|areas| chosen.with(|chosen| holds(chosen, areas))));
    let toggle = move |_| {
        let wanted = !is_on.get_untracked();
        areas.with_value(|areas| chosen.set(changed(chosen.get_untracked(), areas, wanted)));
    };
    view! {
        <button class="pick" type="button" aria-label=label aria-pressed=move || is_on.get().to_string() on:click=toggle>
            {words}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::area::Side;

    #[test]
    fn regions_are_taken_as_a_whole_and_area_by_area() {
        let cheek = Area::new("cheek", Some(Side::Left));
        let face = areas_of(Region::Face);
        let chosen = changed(vec![Area::new("abdomen", None)], &face, true);
        assert!(holds(&chosen, &face));
        assert_eq!((in_short(Region::Face, &chosen), in_short(Region::Trunk, &chosen)), ("all".into(), "Abdomen".into()));
        assert_eq!(in_short(Region::Leg, &chosen), "none");
        let without = changed(chosen.clone(), std::slice::from_ref(&cheek), false);
        assert!(!holds(&without, &face) && without.len() == chosen.len() - 1);
        assert_eq!(changed(without, &[cheek], true), chosen, "the order is that of the body");
        assert_eq!(changed(chosen, &face, false), [Area::new("abdomen", None)]);
    }
}
