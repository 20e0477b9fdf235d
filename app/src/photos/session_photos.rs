//! What was photographed in one session, beside what was charted of it.

use super::{capture::differs, compare_address, picture::Thumbnail};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    ids::{ClientId, PhotoId, SessionId},
    photo::Photo,
};
use leptos::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    photo: PhotoId,
    /// `Legs: Front`
    view: String,
    /// Where it is laid beside the first of its view.
    href: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    lines: Vec<Line>,
    /// What to know of them: kept although they differ, or not taken at all.
    remarks: Vec<String>,
}

fn known(chart: &Chart, session: SessionId, catalogue: &Catalogue) -> Known {
    let Some(of) = chart.session(session) else { return Known::default() };
    let name =
        |photo: &Photo| catalogue.view(photo.shot.view).map_or_else(String::new, |(set, view)| format!("{}: {}", set.name, view.name));
    let line =
        |photo: &Photo| Line { photo: photo.shot.id, view: name(photo), href: compare_address(chart.client.id, of.plan, photo.shot.view) };
    let despite = chart.photos_of(session).filter_map(|photo| Some(format!("{}, {}", name(photo), despite(photo)?)));
    let skipped =
        of.photos_skipped.iter().map(|remark| format!("Photographs skipped by {}: {}", catalogue.staff_name(remark.by), remark.text));
    Known { lines: chart.photos_of(session).map(line).collect(), remarks: despite.chain(skipped).collect() }
}

/// `kept although taken from nearer: “She cannot hold the pose”`
pub fn despite(photo: &Photo) -> Option<String> {
    let reason = photo.shot.despite.trim();
    (!reason.is_empty()).then(|| format!("kept although {}: “{reason}”", differs(&photo.shot.measures.concerns())))
}

/// Nothing where there is nothing to be seen, and for those who do not treat.
#[component]
pub fn SessionPhotos(client: ClientId, session: SessionId) -> impl IntoView {
    let workspace = use_workspace();
    let known = Memo::new(move |_| {
        let found = workspace.chart(client).zip(workspace.catalogue()).filter(|_| workspace.treats());
        found.map(|(chart, catalogue)| known(&chart, session, &catalogue)).unwrap_or_default()
    });
    view! {
        <Show when=move || known.with(|known| *known != Known::default())>
            <div class="session-photos" role="group" aria-label="Photographs">
                <ul>
                    <For each=move || known.get().lines key=|line| line.photo let:line>
                        <li>
                            <a href=line.href>
                                <Thumbnail client photo=line.photo alt=line.view />
                            </a>
                        </li>
                    </For>
                </ul>
                {move || {
                    let remark = |words: String| {
                        view! {
                            <p class="soft small">
                                <Icon name="camera" />
                                {words}
                            </p>
                        }
                    };
                    known.get().remarks.into_iter().map(remark).collect_view()
                }}
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_record::sample;
    use domain::{
        command::Change,
        ids::ViewId,
        photo::{Measures, PhotoFile, Shot},
        view::Setup,
    };
    use uuid::Uuid;

    #[test]
    fn what_was_kept_all_the_same_says_why() {
        let file = PhotoFile { sha256: String::new(), bytes: 1, width: 1, height: 1 };
        let shot = Shot {
            id: PhotoId(Uuid::from_u128(1)),
            session: sample::session(1),
            view: ViewId(Uuid::from_u128(2)),
            setup: Setup::default(),
            file,
            // Without any fine detail.
            measures: Measures { sharpness: 3, ..Measures::default() },
            despite: " Only this light ".into(),
        };
        let at = sample::moment("2026-01-10T10:00:00Z");
        let photo = |shot| Photo { shot, by: sample::PROVIDER, at, arrived: None, marks: vec![], released: None, removed: None };
        assert_eq!(despite(&photo(shot.clone())).as_deref(), Some("kept although blurred: “Only this light”"));
        assert_eq!(despite(&photo(Shot { despite: String::new(), ..shot })), None);
    }

    #[test]
    fn photographs_nobody_took_say_why() {
        let catalogue = sample::catalogue();
        let change = Change::SkipPhotos { session: sample::session(1), reason: "She came made up".into() };
        let chart = sample::chart(6).apply(&change, sample::by(sample::OTHER, "2026-01-10T09:12:00Z"), &catalogue).expect("skipped");
        let remarks = known(&chart, sample::session(1), &catalogue).remarks;
        assert_eq!(remarks, ["Photographs skipped by S. Lind: She came made up"]);
        assert_eq!(known(&chart, sample::session(2), &catalogue), Known::default());
    }
}
