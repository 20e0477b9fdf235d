//! A series in pictures: what was taken today, and each view then and now.

use super::{PhotosDue, address::capture_address, compare_address, picture::Thumbnail};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PhotoId, PlanId, SessionId, ViewId},
    photo::Photo,
};
use leptos::prelude::*;

/// A view of a series, with its first and its latest photograph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    pub plan: PlanId,
    pub view: ViewId,
    pub name: String,
    pub first: Taken,
    /// `None` while there is only one.
    pub latest: Option<Taken>,
    pub count: usize,
}

/// A photograph, and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Taken {
    pub photo: PhotoId,
    /// `Session 1 · 12 Mar`
    pub words: String,
}

pub fn taken(photo: &Photo, chart: &Chart, catalogue: &Catalogue) -> Taken {
    let number = chart.session(photo.shot.session).map_or(0, |session| session.number);
    let day = |photo: &Photo| catalogue.clock.day(photo.at);
    // The year stands there once there are two.
    let day_of = day(photo);
    let one_year = chart.kept_photos().all(|other| day(other).0.year() == day_of.0.year());
    let day = if one_year { day_of.short() } else { day_of.long() };
    Taken { photo: photo.shot.id, words: format!("Session {number} · {day}") }
}

/// Every view of a series that was photographed, in the order of the clinic's sets.
pub fn pairs(chart: &Chart, plan: PlanId, catalogue: &Catalogue) -> Vec<Pair> {
    let views = catalogue.view_sets.iter().flat_map(|set| set.views.iter().map(move |view| (set, view)));
    let pair = |(set, view): (&domain::view::ViewSet, &domain::view::View)| {
        let photos = chart.photos_of_view(plan, view.id);
        let (first, latest) = (photos.first()?, photos.last()?);
        Some(Pair {
            plan,
            view: view.id,
            name: format!("{}: {}", set.name, view.name),
            first: taken(first, chart, catalogue),
            latest: (photos.len() > 1).then(|| taken(latest, chart, catalogue)),
            count: photos.len(),
        })
    };
    views.filter_map(pair).collect()
}

/// The photographs of a session's series.
#[component]
pub fn PhotoPanel(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let may = move || workspace.treats();
    let known = Memo::new(move |_| {
        let (chart, catalogue) = workspace.chart(client).zip(workspace.catalogue())?;
        let plan = chart.session(session)?.plan;
        let skipped = chart.session(session)?.photos_skipped.as_ref();
        let skipped = skipped.map(|remark| format!("Skipped by {}: {}", catalogue.staff_name(remark.by), remark.text));
        Some((pairs(&chart, plan, &catalogue), skipped, chart.photos_of(session).count()))
    });
    let pairs = move || known.get().map(|(pairs, ..)| pairs).unwrap_or_default();
    let skipped = move || known.with(|known| known.as_ref().and_then(|(_, skipped, _)| skipped.clone()));
    let taken_here = move || known.with(|known| known.as_ref().map_or(0, |(.., count)| *count));
    view! {
        <Show when=may fallback=|| view! { <p class="soft">"Photographs are for those who treat."</p> }>
            <section class="photo-panel" aria-label="Photographs">
                <PhotosDue client session />
                {move || skipped().map(|words| view! { <p class="soft">{words}</p> })}
                <a class="btn wide" href=capture_address(client, session)>
                    <Icon name="camera" />
                    {move || if taken_here() == 0 { "Take photographs" } else { "Take more photographs" }}
                </a>
                <Show
                    when=move || !pairs().is_empty()
                    fallback=|| view! { <p class="soft">"No photographs of this series yet. The first ones become the baseline of all that follow."</p> }
                >
                    <ul class="pairs">
                        <For each=pairs key=Clone::clone let:pair>
                            <PairCard client pair />
                        </For>
                    </ul>
                </Show>
            </section>
        </Show>
    }
}

/// All series of a client in pictures; nothing where there are none.
#[component]
pub fn SeriesInPictures(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let may = move || workspace.treats();
    let series = Memo::new(move |_| {
        let Some((chart, catalogue)) = workspace.chart(client).zip(workspace.catalogue()).filter(|_| may()) else { return Vec::new() };
        let of = |plan: &domain::plan::Plan| (plan.id, plan.name.clone(), pairs(&chart, plan.id, &catalogue));
        chart.plans.iter().map(of).filter(|(.., pairs)| !pairs.is_empty()).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || series.with(|series| !series.is_empty())>
            <section class="sec" aria-labelledby="photos-head">
                <div class="sec-head">
                    <h2 id="photos-head">"Photographs"</h2>
                </div>
                <For each=move || series.get() key=Clone::clone let:one>
                    <h3 class="soft small">{one.1.clone()}</h3>
                    <ul class="pairs is-wide">
                        {one.2.iter().cloned().map(|pair| view! { <PairCard client pair /> }).collect_view()}
                    </ul>
                </For>
            </section>
        </Show>
    }
}

#[component]
fn PairCard(client: ClientId, pair: Pair) -> impl IntoView {
    let Pair { plan, view, name, first, latest, count } = pair;
    let half = |taken: Taken, name: &str| {
        let alt = format!("{name}, {}", taken.words);
        view! {
            <span class="pair-half">
                <Thumbnail client photo=taken.photo alt />
                <small>{taken.words}</small>
            </span>
        }
    };
    let only = latest.is_none();
    let more = (count > 2).then(|| format!(" · {count} in all"));
    view! {
        <li>
            <a class="pair" class:is-single=only href=compare_address(client, plan, view)>
                <b>{name.clone()} <span class="soft">{more}</span></b>
                <span class="pair-halves">
                    {half(first, &name)}
                    {latest.map(|latest| half(latest, &name))}
                </span>
            </a>
        </li>
    }
}
