//! When the clinic is open, and when its people work.

use super::{
    closures::Closures,
    desk::Desk,
    entry_form::{PART, PartForm},
    frame::SettingsFrame,
    hours_editor::HoursEditor,
    hours_model::Whose,
    hours_week::WeekRows,
    outside::OutsideHours,
    side_list::{Entry, SideList, selected},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{hours::OpeningHours, ids::StaffId};
use leptos::prelude::*;

#[component]
pub fn HoursPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <AllHours />
        </SettingsFrame>
    }
}

#[component]
fn AllHours() -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<HoursEditor>::of_this_tab();
    let open = move || {
        let saved = untrack(|| workspace.catalogue()).map(|catalogue| catalogue.hours.clone()).unwrap_or_default();
        desk.open(PART, || HoursEditor::new(&saved))
    };
    view! {
        <For each=move || desk.form(Some(PART)) key=|form| *form let:_form>
            <Hours editor=open() desk />
        </For>
    }
}

/// The clinic and its providers beside the hours of one of them.
#[component]
fn Hours(editor: HoursEditor, desk: Desk<HoursEditor>) -> impl IntoView {
    let workspace = use_workspace();
    let people = Memo::new(move |_| {
        let catalogue = workspace.catalogue()?;
        let people: Vec<_> = catalogue.providers().map(|staff| (staff.id, staff.name.clone())).collect();
        Some((catalogue.clinic.0, people))
    });
    let whose = move |id| match people.get() {
        Some((clinic, _)) if clinic == id => Whose::Clinic,
        _ => Whose::Staff(StaffId(id)),
    };
    let entries = Memo::new(move |_| {
        let Some((clinic, people)) = people.get() else { return Vec::new() };
        let clinic = Entry { id: clinic, name: "The clinic".to_owned(), note: "opening hours and closures".to_owned() };
        let person = |(staff, name): (StaffId, String)| {
            let own = editor.form.with(|form| form.has_own(staff));
            Entry { id: staff.0, name, note: if own { "own hours" } else { "whenever the clinic is open" }.to_owned() }
        };
        std::iter::once(clinic).chain(people.into_iter().map(person)).collect()
    });
    let selected = selected("of", entries);
    let changed = Callback::new(move |id| editor.has_changes_of(whose(id)));
    view! {
        <div class="set">
            <SideList entries selected address="/settings/hours?of=" changed />
            <For each=move || selected.get() key=|id| *id let:id>
                <HoursOf editor desk whose=untrack(|| whose(id)) />
            </For>
        </div>
    }
}

#[component]
fn HoursOf(editor: HoursEditor, desk: Desk<HoursEditor>, whose: Whose) -> impl IntoView {
    let workspace = use_workspace();
    let title = Signal::derive(move || match whose {
        Whose::Clinic => "The clinic".to_owned(),
        Whose::Staff(id) => {
            let catalogue = workspace.catalogue();
            let known = catalogue.as_ref().and_then(|catalogue| catalogue.staff_member(id));
            known.map_or_else(String::new, |staff| staff.name.clone())
        }
    });
    let zone = move || workspace.catalogue().map(|catalogue| format!("Times in {}", catalogue.clock.zone));
    let note = Signal::stored("Saves the hours of the clinic and of everyone. Bookings made before stay as they are.".to_owned());
    let standing = move || view! { <span class="soft small">{zone}</span> };
    view! {
        <PartForm editor desk key="hours-h" title standing note>
            {match whose {
                Whose::Clinic => {
                    view! {
                        <NobodySaid editor />
                        <WeekRows editor whose />
                        <Closures editor />
                    }
                        .into_any()
                }
                Whose::Staff(staff) => view! { <OwnHours editor staff /> }.into_any(),
            }}
            <OutsideHours editor />
        </PartForm>
    }
}

/// A clinic begins without opening hours.
#[component]
fn NobodySaid(editor: HoursEditor) -> impl IntoView {
    let nobody_said =
        move || editor.form.with(|form| form.read(|_| String::new()).is_ok_and(|hours| hours.week == OpeningHours::default().week));
    view! {
        <Show when=nobody_said>
            <p class="say">
                <Icon name="info" />
                <span>"Open day and night: nobody has said yet when the clinic is open, so any time can be booked."</span>
            </p>
        </Show>
    }
}

#[component]
fn OwnHours(editor: HoursEditor, staff: StaffId) -> impl IntoView {
    let own = Memo::new(move |_| editor.form.with(|form| form.has_own(staff)));
    let choice = move |words: &'static str, owns: bool| {
        view! {
            <label>
                <input
                    type="radio"
                    name="own-hours"
                    prop:checked=move || own.get() == owns
                    on:change=move |_| editor.form.update(|form| form.set_own(staff, owns))
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="seg">
            <legend class="vh">"Works"</legend>
            {choice("Whenever the clinic is open", false)}
            {choice("At hours of their own", true)}
        </fieldset>
        <Show when=move || own.get()>
            <WeekRows editor whose=Whose::Staff(staff) />
            <p class="soft small">"Offered and booked only while the clinic is open too: its closures and breaks hold for everyone."</p>
        </Show>
    }
}
