//! The lower part of a page is drawn in the frame after the upper one: who opens a chart sees its head and its
//! readings at once, and not only after the body map.

use leptos::prelude::*;

#[component]
pub fn Below(children: ChildrenFn) -> impl IntoView {
    let top_is_painted = RwSignal::new(false);
    // The first callback comes before the frame with the top is painted, the second one before the next.
    request_animation_frame(move || {
        request_animation_frame(move || {
            top_is_painted.try_set(true);
        });
    });
    view! { <Show when=move || top_is_painted.get()>{children()}</Show> }
}
