//! A picture in its frame. The plate has the earlier picture's proportions; the later one lies on it as it was found to lie.

use super::{marks::Marks, table::use_table};
use crate::{
    icon::Icon,
    photos::picture::{Shown, shown},
    ports::{Laid, Size},
};
use domain::photo::Photo;
use leptos::prelude::*;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Earlier,
    Later,
}

/// How a later picture is moved to lie on a plate as wide as the earlier one. Lengths are parts of its own box, whose width is the
/// plate's; so it holds at every size.
pub fn lie(laid: Option<Laid>, aspect: f64) -> String {
    let Some(Laid { place, .. }) = laid else { return "translate(0, -50%)".to_owned() };
    // In widths, as the similarity is; of its own height that is less or more.
    let down = f64::from(place.shift_y) / aspect * 100.0 - 50.0;
    let right = f64::from(place.shift_x) * 100.0;
    format!("translate({right:.4}%, {down:.4}%) rotate({:.6}rad) scale({:.6})", place.rotation, place.scale)
}

/// Height over width.
pub fn aspect(photo: &Photo) -> f64 {
    f64::from(photo.shot.file.height) / f64::from(photo.shot.file.width.max(1))
}

#[component]
pub fn Plate(which: Which) -> impl IntoView {
    let table = use_table();
    let photo = Memo::new(move |_| {
        table.pair().map(|(earlier, later)| match which {
            Which::Earlier => earlier,
            Which::Later => later,
        })
    });
    let id = Memo::new(move |_| photo.with(|photo| photo.as_ref().map(|photo| photo.shot.id)));
    let transform = move || {
        let aspect = photo.with(|photo| photo.as_ref().map_or(1.0, aspect));
        lie(table.laid().filter(|_| which == Which::Later), aspect)
    };
    let light = move || {
        let gains = table.laid().and_then(|laid| laid.gains);
        (which == Which::Later && table.same_light.get() && gains.is_some()).then_some("url(#same-light)")
    };
    let alt = move || {
        let caption = photo.with(|photo| photo.as_ref().map(|photo| table.caption(photo))).unwrap_or_default();
        match which {
            Which::Earlier => format!("Before: {caption}"),
            Which::Later => format!("After: {caption}"),
        }
    };
    view! {
        <div class="laid-picture" style:transform=transform>
            {move || {
                id.get()
                    .map(|id| {
                        let shown = shown(table.client, id, Size::Whole);
                        view! {
                            {move || match shown.get() {
                                Shown::Here(address) => {
                                    view! { <img src=address alt=alt() draggable="false" style:filter=light /> }.into_any()
                                }
                                Shown::Fetching => view! { <span class="plate-note" role="status">"Fetching…"</span> }.into_any(),
                                Shown::Not(why) => {
                                    view! {
                                        <span class="plate-note">
                                            <Icon name="cloud-off" />
                                            {why.words()}
                                        </span>
                                    }
                                        .into_any()
                                }
                            }}
                            <Marks photo=id />
                        }
                    })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use imaging::Similarity;

    #[test]
    fn untouched_it_lies_in_the_middle() {
        assert_eq!(lie(None, 0.75), "translate(0, -50%)");
        let laid = |place| Some(Laid { place, gains: None });
        assert_eq!(lie(laid(Similarity::IDENTITY), 0.75), "translate(0.0000%, -50.0000%) rotate(0.000000rad) scale(1.000000)");
        let place = Similarity { scale: 1.1, rotation: 0.05, shift_x: 0.02, shift_y: 0.03 };
        assert_eq!(lie(laid(place), 0.75), "translate(2.0000%, -46.0000%) rotate(0.050000rad) scale(1.100000)");
    }
}
