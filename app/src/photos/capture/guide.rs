//! Simple outlines over the finder: how the client stands when there is no ghost to stand in yet.

use domain::view::Guide;
use leptos::prelude::*;

/// Paths on a field of 300 × 400; those of the right side are mirrored.
fn paths(guide: Guide) -> (&'static [&'static str], bool) {
    const FACE_FRONT: &[&str] = &[
        "M150 60c-52 0-82 40-82 96 0 66 36 124 82 124s82-58 82-124c0-56-30-96-82-96z",
        "M112 268v34c0 22-60 30-92 66M188 268v34c0 22 60 30 92 66",
        "M68 165h164M150 60v220",
    ];
    const FACE_OBLIQUE: &[&str] = &[
        "M158 60c-54 0-88 38-88 98 0 20 2 34-6 48-6 10-10 14-2 20 4 3 3 8 1 16-2 14 0 20 10 24 20 8 48 14 70 14 50 0 90-52 90-118 0-62-26-102-75-102z",
        "M104 276c4 30-50 40-84 84M206 262c2 40 40 56 74 98",
        "M66 168h160",
    ];
    const FACE_LATERAL: &[&str] = &[
        "M176 62c-62 0-104 34-104 88 0 22-2 30-14 54-6 12-6 16 6 20 6 2 6 8 3 16-3 10 3 12 0 22-3 16 8 26 30 26 22 0 36 4 40 24",
        "M176 62c58 0 92 42 92 98 0 52-22 84-30 112-6 24 8 56 42 88M137 312c-4 24-50 32-90 60",
        "M72 168h150",
    ];
    const TORSO_FRONT: &[&str] = &[
        "M118 20c-34 14-62 18-66 60-4 40 20 74 22 116 2 34-16 70-18 110l-2 84M182 20c34 14 62 18 66 60 4 40-20 74-22 116-2 34 16 70 18 110l2 84",
        "M150 20v370M74 196h152",
    ];
    const TORSO_SIDE: &[&str] = &[
        "M130 20c-30 26-36 62-34 100 2 36-10 60-8 96 2 40 16 60 14 100l-4 74M176 20c34 24 38 70 30 112-6 36-2 54 8 88 12 40 0 76 0 100l-2 70",
        "M92 200h120",
    ];
    const LEGS: &[&str] = &[
        "M70 20c-8 60 2 100 12 150 6 34-4 60 0 104 4 40 12 70 14 104M138 60c4 50-6 86-8 116-2 34 4 60 0 100-4 40-12 70-12 102",
        "M230 20c8 60-2 100-12 150-6 34 4 60 0 104-4 40-12 70-14 104M162 60c-4 50 6 86 8 116 2 34-4 60 0 100 4 40 12 70 12 102",
        "M70 196h160",
    ];
    const ARMPIT: &[&str] =
        &["M40 380c10-70 20-120 66-168C146 170 170 120 176 40M290 150c-40 4-70 30-92 66-26 44-30 100-30 164", "M106 212c30 26 60 20 92 4"];
    match guide {
        Guide::None => (&[], false),
        Guide::FaceFront => (FACE_FRONT, false),
        // The client's left cheek is towards the lens when the face is turned to the viewer's left.
        Guide::FaceObliqueLeft => (FACE_OBLIQUE, false),
        Guide::FaceObliqueRight => (FACE_OBLIQUE, true),
        Guide::FaceLateralLeft => (FACE_LATERAL, false),
        Guide::FaceLateralRight => (FACE_LATERAL, true),
        Guide::BodyFront | Guide::BodyBack => (TORSO_FRONT, false),
        Guide::BodyObliqueLeft | Guide::BodyLateralLeft => (TORSO_SIDE, false),
        Guide::BodyObliqueRight | Guide::BodyLateralRight => (TORSO_SIDE, true),
        Guide::Armpit => (ARMPIT, false),
        Guide::LegsFront | Guide::LegsBack => (LEGS, false),
    }
}

#[component]
pub fn Outline(#[prop(into)] guide: Signal<Guide>) -> impl IntoView {
    move || {
        let (paths, mirrored) = paths(guide.get());
        (!paths.is_empty()).then(|| {
            view! {
                <svg class="outline" class:is-mirrored=mirrored viewBox="0 0 300 400" aria-hidden="true">
                    {paths.iter().map(|path| view! { <path d=*path /> }).collect_view()}
                </svg>
            }
        })
    }
}
