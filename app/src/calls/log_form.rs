//! What came of a call, in two taps; or a later day, or somebody else.

use super::CallList;
use crate::{
    api::{self, follow_up::CallLogged},
    half_typed::half_typed,
    icon::Icon,
    problem::Problem,
    workspace::use_workspace,
};
use domain::{
    catalogue::Staff,
    follow_up::call_list::{Action, Outcome},
    ids::StaffId,
    time::Day,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use uuid::Uuid;

/// What can be chosen beside the outcomes of a call.
const SNOOZE: usize = Outcome::LABELS.len();
const HAND_OVER: usize = SNOOZE + 1;
const CALL_BACK: usize = 1;

/// A call with what comes around it, until somebody says otherwise.
const USUAL_MINUTES: &str = "5";

/// What is chosen, as the server wants it; or what is missing, in words.
fn action(chosen: Option<usize>, day: &str, minutes: &str, staff: Option<StaffId>) -> Result<Action, &'static str> {
    let chosen = chosen.ok_or("Say what came of it.")?;
    let day = || day.parse::<Day>().map_err(|_| "Choose a day.");
    let outcome = match chosen {
        SNOOZE => return Ok(Action::Snoozed { until: day()? }),
        HAND_OVER => return Ok(Action::HandedTo { staff: staff.ok_or("Choose who looks after it.")? }),
        0 => Outcome::Booked,
        CALL_BACK => Outcome::CallBack { on: day()? },
        2 => Outcome::Undecided,
        3 => Outcome::LeftMessage,
        4 => Outcome::NoAnswer,
        5 => Outcome::WrongNumber,
        6 => Outcome::DoesNotGoOn,
        _ => Outcome::Concern,
    };
    let minutes = minutes.trim().parse().map_err(|_| "Say how many minutes it took, as a number.")?;
    Ok(Action::Called { outcome, minutes })
}

#[component]
pub fn LogForm(id: Uuid, list: CallList, done: Callback<()>) -> impl IntoView {
    let workspace = use_workspace();
    let half_typed = half_typed(&format!("call/{id}"));
    let note = half_typed.text;
    let (chosen, day, minutes) = (RwSignal::new(None::<usize>), RwSignal::new(String::new()), RwSignal::new(USUAL_MINUTES.to_owned()));
    let staff = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let what = untrack(|| action(chosen.get(), &day.get(), &minutes.get(), staff.get().parse().ok()));
        let what = match what {
            Ok(what) => what,
            Err(words) => return problem.set(Some(words.to_owned())),
        };
        busy.set(true);
        problem.set(None);
        let (half_typed, typed) = (half_typed.clone(), note.get_untracked());
        spawn_local(async move {
            match api::log_call(CallLogged { id, what, note: typed.clone() }).await {
                Ok(entries) => {
                    half_typed.saved(&typed);
                    let _ = done.try_run(());
                    list.take(Ok(entries));
                }
                Err(error) => {
                    busy.try_set(false);
                    problem.try_set(Some(format!("It was not noted. {error} What you typed is kept here.")));
                }
            }
        });
    };
    let choice = move |(place, label): (usize, &'static str)| {
        view! {
            <label>
                <input
                    type="radio"
                    name=format!("came-{id}")
                    prop:checked=move || chosen.get() == Some(place)
                    on:change=move |_| chosen.set(Some(place))
                />
                <span>{label}</span>
            </label>
        }
    };
    let choices = Outcome::LABELS.into_iter().chain(["Snooze it", "Hand it over"]).enumerate().map(choice).collect_view();
    let wants_day = move || matches!(chosen.get(), Some(CALL_BACK | SNOOZE));
    let is_call = move || chosen.get().is_some_and(|chosen| chosen < SNOOZE);
    let people = move || {
        let staff = workspace.catalogue().map(|catalogue| catalogue.staff.clone()).unwrap_or_default();
        let option = |staff: Staff| view! { <option value=staff.id.to_string()>{staff.name}</option> };
        staff.into_iter().filter(|staff| staff.active).map(option).collect_view()
    };
    let named = |field: &str| StoredValue::new(format!("{field}-{id}"));
    let (day_id, minutes_id, staff_id, note_id) = (named("day"), named("minutes"), named("staff"), named("note"));
    view! {
        <form class="call-form" on:submit=save novalidate>
            <fieldset class="call-choices">
                <legend class="vh">"What came of it"</legend>
                {choices}
            </fieldset>
            <Show when=wants_day>
                <div class="field">
                    <label for=day_id.get_value()>"On or after"</label>
                    <input class="input num" type="date" id=day_id.get_value() bind:value=day />
                </div>
            </Show>
            <Show when=move || chosen.get() == Some(HAND_OVER)>
                <div class="field">
                    <label for=staff_id.get_value()>"Who looks after it"</label>
                    <select class="input" id=staff_id.get_value() on:change:target=move |event| staff.set(event.target().value())>
                        <option value="">"Choose somebody"</option>
                        {people}
                    </select>
                </div>
            </Show>
            <div class="field">
                <label for=note_id.get_value()>"Note"</label>
                <textarea class="input" id=note_id.get_value() rows="2" maxlength="2000" bind:value=note></textarea>
            </div>
            <Show when=is_call>
                <div class="field call-minutes">
                    <label for=minutes_id.get_value()>"Minutes"</label>
                    <input class="input num" id=minutes_id.get_value() inputmode="numeric" autocomplete="off" bind:value=minutes />
                </div>
            </Show>
            <Problem words=problem />
            <div class="btn-row">
                <button class="btn primary" type="submit" aria-disabled=move || busy.get().to_string()>
                    <Icon name="check" />
                    "Log it"
                </button>
                <button class="btn" type="button" on:click=move |_| done.run(())>
                    "Cancel"
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_is_noted() {
        for (place, label) in Outcome::LABELS.into_iter().enumerate() {
            let Ok(Action::Called { outcome, minutes: 7 }) = action(Some(place), "2026-12-01", "7", None) else { panic!("{label}") };
            assert_eq!(outcome.label(), label);
        }
        assert_eq!(action(None, "", "5", None), Err("Say what came of it."));
        assert_eq!(action(Some(CALL_BACK), "", "5", None), Err("Choose a day."));
        assert!(action(Some(4), "", "soon", None).is_err());
        assert_eq!(action(Some(SNOOZE), "2026-12-01", "", None), Ok(Action::Snoozed { until: Day::new(2026, 12, 1).unwrap() }));
        assert!(action(Some(HAND_OVER), "", "", None).is_err());
    }
}
