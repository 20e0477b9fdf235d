//! The seven days of somebody's week.

use super::{
    focus::focus_soon,
    hours_editor::HoursEditor,
    hours_model::{WEEKDAYS, Whose},
    input::{FaultLine, Mark, local_key},
};
use crate::icon::Icon;
use leptos::{html, prelude::*};

/// Monday to Sunday, each with its hours and breaks.
#[component]
pub fn WeekRows(editor: HoursEditor, whose: Whose) -> impl IntoView {
    let first = move || WEEKDAYS.into_iter().enumerate().find(|(n, _)| editor.day(whose, *n).is_some_and(|day| day.open));
    let first = Memo::new(move |_| first().map(|(_, name)| name));
    let told = RwSignal::new(String::new());
    let copy = move |_| {
        if let Some(name) = first.get_untracked() {
            editor.form.update(|form| form.copy_first_day(whose));
            told.set(format!("All open days have {name}’s hours now."));
        }
    };
    view! {
        <ul class="week">
            {WEEKDAYS.into_iter().enumerate().map(|(weekday, name)| view! { <DayRow editor whose weekday name /> }).collect_view()}
        </ul>
        <div class="btn-row">
            <button class="btn quiet" type="button" aria-disabled=move || first.get().is_none().to_string() on:click=copy>
                <Icon name="copy" />
                {move || format!("Copy {} to all open days", first.get().unwrap_or("the first day"))}
            </button>
            <span class="soft small" role="status">
                {told}
            </span>
        </div>
    }
}

#[component]
fn DayRow(editor: HoursEditor, whose: Whose, weekday: usize, name: &'static str) -> impl IntoView {
    let key = local_key();
    let says = format!("day-says{key}");
    let day = Memo::new(move |_| editor.day(whose, weekday));
    let open = Memo::new(move |_| day.with(|day| day.as_ref().is_some_and(|day| day.open)));
    let spans = Memo::new(move |_| day.with(|day| day.as_ref().map_or(0, |day| day.spans.len())));
    let faults = Memo::new(move |_| {
        let checked = editor.checked.get();
        day.with(|day| day.as_ref().filter(|_| checked).map(|day| day.faults()).unwrap_or_default())
    });
    let mark = StoredValue::new(Mark::new(&says, move || faults.with(|faults| !faults.is_empty())));
    let switch = move |event| editor.change_day(whose, weekday, |day| day.open = event_target_checked(&event));
    let add_id = format!("add-break{key}");
    let first_of = move |n: usize| format!("from{key}-{n}");
    let add_break = move |_| {
        editor.change_day(whose, weekday, |day| day.add_break());
        focus_soon(format!("#{}", first_of(spans.get_untracked().saturating_sub(1))));
    };
    let back_to = format!("#{add_id}");
    let remove_break = Callback::new(move |n: usize| {
        editor.change_day(whose, weekday, |day| day.remove_break(n));
        focus_soon(back_to.clone());
    });
    view! {
        <li class="day" class:is-closed=move || !open.get()>
            <label class="tick">
                <input type="checkbox" role="switch" prop:checked=move || open.get() on:change=switch />
                <span>{name}</span>
            </label>
            <Show when=move || open.get() fallback=|| view! { <p class="soft">"closed"</p> }>
                <div class="spans">
                    <For each=move || 0..spans.get() key=|n| *n let:n>
                        {(n > 0).then(|| view! { <span class="soft small">"break"</span> })}
                        <SpanInputs editor whose weekday name n id=first_of(n) mark=mark.get_value() />
                        {(n > 0).then(|| view! { <RemoveBreak name n remove_break /> })}
                    </For>
                </div>
            </Show>
            <Show when=move || open.get() && spans.get() < MOST_SPANS>
                <button class="btn quiet" type="button" id=add_id.clone() aria-label=format!("{name}: add a break") on:click=add_break>
                    <Icon name="plus" />
                    "Break"
                </button>
            </Show>
            <Show when=move || faults.with(|faults| !faults.is_empty())>
                <div class="field day-says" id=says.clone()>
                    {move || faults.get().into_iter().map(|words| view! { <FaultLine words /> }).collect_view()}
                </div>
            </Show>
        </li>
    }
}

#[component]
fn RemoveBreak(name: &'static str, n: usize, remove_break: Callback<usize>) -> impl IntoView {
    let label = format!("{name}: remove the break before span {}", n + 1);
    view! {
        <button class="icon-btn" type="button" aria-label=label on:click=move |_| remove_break.run(n)>
            <Icon name="x" />
        </button>
    }
}

/// A day has up to so many spans.
const MOST_SPANS: usize = 4;

#[component]
fn SpanInputs(editor: HoursEditor, whose: Whose, weekday: usize, name: &'static str, n: usize, id: String, mark: Mark) -> impl IntoView {
    let read = move |end: fn(&super::hours_model::SpanForm) -> &String| {
        Memo::new(move |_| {
            let day = editor.day(whose, weekday);
            day.and_then(|day| day.spans.get(n).map(|span| end(span).clone())).unwrap_or_default()
        })
    };
    let (from, to) = (read(|span| &span.from), read(|span| &span.to));
    let set = move |end: fn(&mut super::hours_model::SpanForm) -> &mut String| {
        Callback::new(move |text: String| {
            editor.change_day(whose, weekday, |day| {
                if let Some(span) = day.spans.get_mut(n) {
                    *end(span) = text;
                }
            });
        })
    };
    let (set_from, set_to) = (set(|span| &mut span.from), set(|span| &mut span.to));
    // Most days have one span; only further ones are counted.
    let label = move |end: &str| if n == 0 { format!("{name}, {end}") } else { format!("{name}, span {}, {end}", n + 1) };
    view! {
        <span class="span">
            <TimeInput id=id label=label("from") value=from set=set_from mark=mark.clone() />
            <span aria-hidden="true">"–"</span>
            <TimeInput id=format!("to{}", local_key()) label=label("to") value=to set=set_to mark />
        </span>
    }
}

#[component]
fn TimeInput(id: String, label: String, value: Memo<String>, set: Callback<String>, mark: Mark) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    // Setting what is there already would clear a time of which only the hour is typed.
    Effect::new(move |_| {
        let value = value.get();
        if let Some(field) = field.get()
            && field.value() != value
        {
            field.set_value(&value);
        }
    });
    view! {
        <input
            class="input num"
            node_ref=field
            id=id
            type="time"
            step="900"
            aria-label=label
            aria-invalid=mark.invalid()
            aria-describedby=mark.described_by()
            on:input=move |event| set.run(event_target_value(&event))
        />
    }
}
