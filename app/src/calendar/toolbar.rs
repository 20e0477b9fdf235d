//! Which day or week, and whose.

use super::{
    address::{Asked, By, Span},
    board::{chosen, holders},
    state::{Calendar, Open, Slot, use_calendar},
};
use crate::{icon::Icon, words};
use domain::{booking::GRID_MINUTES, time::Day};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// `Sat 21 Nov 2026`, `16 – 22 Nov 2026`, `30 Nov – 6 Dec 2026`.
fn title(days: &[Day]) -> String {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            let day = |day: &Day| day.0.day();
            if first.0.month() == last.0.month() {
                format!("{} – {}", day(first), last.long())
            } else {
                format!("{} – {}", first.short(), last.long())
            }
        }
        (Some(day), _) => format!("{} {}", day.heading(), day.0.year()),
        _ => String::new(),
    }
}

#[component]
pub fn Toolbar() -> impl IntoView {
    let calendar = use_calendar();
    let (asked, today) = (calendar.asked, calendar.today);
    let days = Memo::new(move |_| asked.get().days(today.get()));
    let navigate = use_navigate();
    let go = Callback::new(move |to: Asked| {
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&to.path(today.get_untracked()), options);
    });
    let pick = move |event| {
        // An emptied picker says no day; the page stays where it is.
        if let Ok(day) = event_target_value(&event).parse::<Day>() {
            go.run(asked.get_untracked().on(day));
        }
    };
    let step = move |steps: i32| move || asked.get().step(steps, today.get()).path(today.get());
    let unit = move || if asked.get().span == Span::Day { "day" } else { "week" };
    let away = move || days.with(|days| !days.contains(&today.get()));
    let distance = move || days.with(|days| if days.len() == 1 { days.first().map(|day| words::ago(*day, today.get())) } else { None });
    let span = move |span: Span| {
        view! {
            <button
                type="button"
                aria-pressed=move || (asked.get().span == span).to_string()
                on:click=move |_| go.run(Asked { span, ..asked.get_untracked() })
            >
                {span.label()}
            </button>
        }
    };
    let by = move |by: By| {
        view! {
            <button
                type="button"
                aria-pressed=move || (asked.get().by == by).to_string()
                on:click=move |_| go.run(Asked { by, of: None, ..asked.get_untracked() })
            >
                {by.label()}
            </button>
        }
    };
    view! {
        <div class="cal-tools">
            <div class="cal-title">
                <h1>
                    <span class="vh">"Calendar, "</span>
                    {move || days.with(|days| title(days))}
                </h1>
                <span class="soft small">{distance}</span>
            </div>
            <div class="day-nav" role="group" aria-label=move || format!("Which {}", unit())>
                <a class="icon-btn" href=step(-1) aria-label=move || format!("The {} before", unit())>
                    <Icon name="left" />
                </a>
                <input
                    class="input"
                    type="date"
                    aria-label="Day"
                    prop:value=move || asked.get().day.unwrap_or(today.get()).to_string()
                    on:change=pick
                />
                <a class="icon-btn" href=step(1) aria-label=move || format!("The {} after", unit())>
                    <Icon name="right" />
                </a>
            </div>
            <Show when=away>
                <a class="btn" href=move || Asked { day: None, ..asked.get() }.path(today.get())>
                    "Today"
                </a>
            </Show>
            <div class="seg" role="group" aria-label="Day or week">
                {Span::ALL.map(span).collect_view()}
            </div>
            <div class="seg" role="group" aria-label="Columns">
                {By::ALL.map(by).collect_view()}
            </div>
            <Show when=move || asked.get().span == Span::Week>
                <WhoseWeek go />
            </Show>
            <button class="btn" type="button" on:click=move |_| begin_booking(calendar)>
                <Icon name="plus" />
                "Book"
            </button>
        </div>
    }
}

/// Whose week it is.
#[component]
fn WhoseWeek(go: Callback<Asked>) -> impl IntoView {
    let calendar = use_calendar();
    let (asked, workspace) = (calendar.asked, calendar.workspace);
    let own = move || workspace.signed_in.with(|who| who.as_ref().map(|who| who.staff));
    let options = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let listed = catalogue.map(|catalogue| holders(&catalogue, asked.get().by)).unwrap_or_default();
        listed.into_iter().filter_map(|(holder, name)| Some((holder.id()?, name))).collect::<Vec<_>>()
    });
    let chosen = Memo::new(move |_| workspace.catalogue().and_then(|catalogue| chosen(&catalogue, &asked.get(), own())?.0.id()));
    view! {
        <div class="field">
            <label class="vh" for="cal-of">
                {move || format!("Which {}", asked.get().by.one())}
            </label>
            <span class="select-box">
                <select
                    class="select"
                    id="cal-of"
                    on:change=move |event| {
                        let of = event_target_value(&event).parse().ok();
                        go.run(Asked { of, ..asked.get_untracked() });
                    }
                >
                    <For each=move || options.get() key=Clone::clone let((id, name))>
                        <option value=id.to_string() prop:selected=move || chosen.get() == Some(id)>
                            {name}
                        </option>
                    </For>
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}

/// Without touching a place on the board: the next quarter hour, or the first of the day.
fn begin_booking(calendar: Calendar) {
    let now = calendar.workspace.catalogue().map(|catalogue| catalogue.clock.minute(calendar.workspace.now.get_untracked()));
    let today = calendar.today.get_untracked();
    let slot = calendar.board.with_untracked(|board| {
        let mut columns = board.columns.iter().filter(|column| !column.open.is_empty());
        let column = columns.clone().find(|column| column.day >= today).or_else(|| columns.next())?;
        let opens = column.open.first()?.from.div_ceil(GRID_MINUTES) * GRID_MINUTES;
        let next = now.filter(|_| column.day == today).map_or(0, |now| (now / GRID_MINUTES + 1) * GRID_MINUTES);
        Some(Slot { holder: column.holder, day: column.day, minute: opens.max(next) })
    });
    match slot {
        Some(slot) => calendar.open.set(Open::New(slot)),
        None => calendar.note.set(Some(super::note::Note::refused("Nothing is open then. Choose another day.".to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_day_or_the_week() {
        let title = |from: &str, days: i32| {
            let first: Day = from.parse().unwrap();
            title(&(0..days).map(|n| first.plus(n)).collect::<Vec<_>>())
        };
        assert_eq!(title("2026-11-21", 1), "Sat 21 Nov 2026");
        assert_eq!(title("2026-11-16", 7), "16 – 22 Nov 2026");
        assert_eq!(title("2026-11-30", 7), "30 Nov – 6 Dec 2026");
    }
}
