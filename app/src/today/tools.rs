//! Going from day to day, and choosing whose day it is.

use super::choice::{self, Choice};
use crate::{icon::Icon, words, workspace::use_workspace};
use domain::{ids::StaffId, time::Day};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_navigate;

/// Where a day is shown. Today has the shortest address, so that it stays today tomorrow.
pub fn day_path(day: Day, today: Day) -> String {
    if day == today { "/".to_owned() } else { format!("/day/{day}") }
}

/// `Today`, `Tomorrow`, or `Mon 30 Nov`.
pub fn title(day: Day, today: Day) -> String {
    match day.since(today) {
        0 => "Today".to_owned(),
        1 => "Tomorrow".to_owned(),
        -1 => "Yesterday".to_owned(),
        _ => day.heading(),
    }
}

/// What the title leaves open: the date of a near day, the distance of a far one.
pub fn subtitle(day: Day, today: Day) -> String {
    if (-1..=1).contains(&day.since(today)) { day.heading() } else { format!("{}, {}", day.0.year(), words::ago(day, today)) }
}

#[component]
pub fn DayTools(today: Day, day: Signal<Day>, choice: RwSignal<Choice>) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let pick = move |event| {
        // An emptied picker says no day; the page stays where it is.
        if let Ok(day) = event_target_value(&event).parse() {
            navigate(&day_path(day, today), Default::default());
        }
    };
    let open = move |_| {
        let Some(input) = picker.get_untracked() else { return };
        // Browsers without a picker to show let the date be typed.
        if input.show_picker().is_err() {
            let _ = input.focus();
        }
    };
    view! {
        <div class="day-tools">
            <div class="day-nav" role="group" aria-label="Day">
                <a class="icon-btn" href=move || day_path(day.get().plus(-1), today) aria-label="The day before">
                    <Icon name="left" />
                </a>
                <button class="icon-btn" type="button" aria-label="Choose a day" on:click=open>
                    <Icon name="calendar" />
                </button>
                <input
                    class="vh"
                    type="date"
                    tabindex="-1"
                    aria-label="Day"
                    node_ref=picker
                    prop:value=move || day.get().to_string()
                    on:change=pick
                />
                <a class="icon-btn" href=move || day_path(day.get().plus(1), today) aria-label="The day after">
                    <Icon name="right" />
                </a>
            </div>
            <Show when=move || day.get() != today>
                <a class="btn" href="/">
                    "Today"
                </a>
            </Show>
            <ProviderChoice choice />
        </div>
    }
}

#[component]
fn ProviderChoice(choice: RwSignal<Choice>) -> impl IntoView {
    let workspace = use_workspace();
    let providers = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let staff = catalogue.iter().flat_map(|catalogue| &catalogue.staff);
        staff.filter(|staff| staff.active && staff.role.charts()).map(|staff| (staff.id, staff.short_name())).collect::<Vec<_>>()
    });
    let choose = move |event| choice::choose(workspace, choice, event_target_value(&event).parse::<StaffId>().ok());
    view! {
        <div class="field">
            <label class="vh" for="day-provider">
                "Provider"
            </label>
            <span class="select-box">
                <select class="select" id="day-provider" on:change=choose>
                    <option value="" prop:selected=move || choice.get().is_none()>
                        "Everyone"
                    </option>
                    <For each=move || providers.get() key=|provider| provider.clone() let((id, name))>
                        <option value=id.to_string() prop:selected=move || choice.get() == Some(id)>
                            {name}
                        </option>
                    </For>
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_names_and_addresses() {
        let today = Day::new(2026, 11, 21).expect("a day");
        assert_eq!(title(today, today), "Today");
        assert_eq!(subtitle(today, today), "Sat 21 Nov");
        assert_eq!(title(today.plus(1), today), "Tomorrow");
        assert_eq!(title(today.plus(9), today), "Mon 30 Nov");
        assert_eq!(subtitle(today.plus(9), today), "2026, in 9 days");
        assert_eq!(day_path(today, today), "/");
        assert_eq!(day_path(today.plus(-1), today), "/day/2026-11-20");
    }
}
