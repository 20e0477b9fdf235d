//! What is held above the board: where it would be, and what stands in its way; to see, and to hear.

use super::{
    drag::{Drag, Phase},
    model::Verdict,
    state::use_calendar,
};
use crate::icon::Icon;
use leptos::{
    html,
    prelude::*,
    web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition},
};

/// What is held: where it would be, when that is, and what stands in its way.
#[component]
pub fn Ghost() -> impl IntoView {
    let calendar = use_calendar();
    let drag = calendar.drag;
    let held = Memo::new(move |_| drag.with(Option::is_some));
    let ghost = NodeRef::<html::Div>::new();
    let pixels = move |which: usize| {
        move || {
            let place = |drag: &Drag| drag.drawn.place(drag.target, drag.moved.booked.minutes)[which];
            format!("{}px", drag.with(|drag| drag.as_ref().map_or(0.0, place)))
        }
    };
    let goes_back = move || drag.with(|drag| drag.as_ref().is_some_and(|drag| drag.phase == Phase::Back));
    let name = move || drag.with(|drag| drag.as_ref().map(|drag| drag.moved.name.clone()));
    let time = move || {
        drag.with(|drag| {
            let minute = drag.as_ref()?.target.minute;
            Some(format!("{:02}:{:02}", minute / 60, minute % 60))
        })
    };
    let words = move || {
        let verdict = calendar.verdict.get()?;
        let before = drag.with(|drag| drag.as_ref().map(|drag| drag.moved.booked.time()))?;
        // Where it would be goes without saying, unless something else than its time is new.
        let differs =
            verdict.time().is_some_and(|time| (time.provider, time.room, time.device) != (before.provider, before.room, before.device));
        words(&verdict).or_else(|| verdict.time().filter(|_| differs).map(|time| calendar.place(time, Some(before))))
    };
    let class = move || match calendar.verdict.get() {
        Some(Verdict::Refused(_)) => "refuse",
        Some(Verdict::TooSoon { .. }) => "alert",
        _ => "grip",
    };
    Effect::new(move |_| {
        // By keys it can be moved out of sight.
        if drag.with(|drag| drag.as_ref().is_some_and(|drag| drag.by_key && drag.phase == Phase::Held))
            && let Some(ghost) = ghost.get()
        {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            ghost.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    view! {
        <Show when=move || held.get()>
            <div
                class="cal-ghost"
                class:is-refused=move || matches!(calendar.verdict.get(), Some(Verdict::Refused(_)))
                class:is-warn=move || matches!(calendar.verdict.get(), Some(Verdict::TooSoon { .. }))
                class:is-back=goes_back
                aria-hidden="true"
                node_ref=ghost
                style:left=pixels(0)
                style:top=pixels(1)
                style:width=pixels(2)
                style:min-height=pixels(3)
            >
                <span class="cal-who">
                    <b class="num">{time}</b>
                    <span>{name}</span>
                </span>
                {move || {
                    words()
                        .map(|words| {
                            view! {
                                <span class="cal-why">
                                    {move || view! { <Icon name=class() /> }}
                                    {words}
                                </span>
                            }
                        })
                }}
            </div>
        </Show>
    }
}

/// What stands in the way.
fn words(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Refused(words) => Some(words.clone()),
        Verdict::TooSoon { concern, .. } => Some(format!("{concern} It will ask for a reason.")),
        Verdict::Same | Verdict::Free(_) => None,
    }
}

/// What is read out while a booking is moved by keys.
#[component]
pub fn Spoken() -> impl IntoView {
    let calendar = use_calendar();
    let words = move || {
        let drag = calendar.drag.get().filter(|drag| drag.by_key && drag.phase == Phase::Held)?;
        let before = Some(drag.moved.booked.time());
        Some(match calendar.verdict.get()? {
            Verdict::Same => "Where it was. Escape puts it down.".to_owned(),
            Verdict::Free(time) => format!("{}: free. Enter moves it here.", calendar.place(time, before)),
            Verdict::TooSoon { time, concern } => format!("{}: {concern} Enter asks for a reason.", calendar.place(time, before)),
            Verdict::Refused(words) => {
                let column = calendar.board.with(|board| board.columns.get(drag.target.column).map(|column| column.title.clone()));
                let minute = drag.target.minute;
                format!("{:02}:{:02}, {}: {words}", minute / 60, minute % 60, column.unwrap_or_default())
            }
        })
    };
    view! {
        <p class="vh" aria-live="assertive">
            {words}
        </p>
    }
}
