//! What a person wants otherwise than proposed: which procedures, with whom, where, with what, when.

use super::{
    book::part_label,
    model::{Due, Part, Tool},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    ids::{ProcedureId, RoomId, StaffId},
    time::Day,
};
use leptos::prelude::*;

/// Nothing chosen is as proposed.
#[derive(Clone, Copy)]
pub struct Choices {
    /// Procedures that are not booked now.
    pub left_out: RwSignal<Vec<ProcedureId>>,
    provider: RwSignal<Option<StaffId>>,
    room: RwSignal<Option<RoomId>>,
    tool: RwSignal<Tool>,
    day: RwSignal<Option<String>>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            left_out: RwSignal::new(Vec::new()),
            provider: RwSignal::new(None),
            room: RwSignal::new(None),
            tool: RwSignal::new(Tool::default()),
            day: RwSignal::new(None),
        }
    }
}

impl Choices {
    /// What is booked, of what is open.
    pub fn part(self, open: &[Part]) -> Vec<ProcedureId> {
        self.left_out.with(|left_out| open.iter().map(|part| part.id).filter(|id| !left_out.contains(id)).collect())
    }

    pub fn wanted(self, due: Due) -> Due {
        due.with(self.provider.get().unwrap_or(due.provider)).within(self.room.get()).by(self.tool.get())
    }

    /// The day whose times are shown; `None` while what is typed is no day.
    pub fn day(self, due: Option<Due>) -> Option<Day> {
        self.day.with(|typed| match typed {
            Some(typed) => typed.parse().ok(),
            None => due.map(|due| due.day),
        })
    }
}

/// Which of the procedures that are open.
#[component]
pub fn Parts(open: Memo<Vec<Part>>, choices: Choices) -> impl IntoView {
    let toggle = move |id: ProcedureId, taken: bool| {
        choices.left_out.update(|left_out| {
            left_out.retain(|other| *other != id);
            if !taken {
                left_out.push(id);
            }
        });
    };
    let part = move |part: Part| {
        let id = part.id;
        view! {
            <label class="part">
                <input
                    type="checkbox"
                    prop:checked=move || choices.left_out.with(|left_out| !left_out.contains(&id))
                    on:change=move |event| toggle(id, event_target_checked(&event))
                />
                <span class="num">{part_label(&part)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="parts">
            <legend class="soft small">"Book these together"</legend>
            {move || open.get().into_iter().map(part).collect_view()}
        </fieldset>
    }
}

/// Provider, room, device and day, where none of the offered times suits.
#[component]
pub fn Another(
    /// Makes the ids on the page unique.
    key: String,
    proposed: Memo<Option<Due>>,
    day: Memo<Option<Day>>,
    choices: Choices,
) -> impl IntoView {
    let workspace = use_workspace();
    let catalogue = Memo::new(move |_| workspace.catalogue());
    let providers = move || {
        let catalogue = catalogue.get();
        let option = |staff: &domain::catalogue::Staff| {
            let (id, name) = (staff.id, staff.name.clone());
            let chosen = move || choices.provider.get().or(proposed.get().map(|due| due.provider)) == Some(id);
            view! {
                <option value=id.to_string() prop:selected=chosen>
                    {name}
                </option>
            }
        };
        catalogue.iter().flat_map(|catalogue| catalogue.providers()).map(option).collect_view()
    };
    let rooms = move || {
        let catalogue = catalogue.get();
        let offered = catalogue.iter().flat_map(|catalogue| &catalogue.rooms).filter(|room| !room.retired);
        let option = |room: &domain::catalogue::Room| {
            let (id, name) = (room.id, room.name.clone());
            view! {
                <option value=id.to_string() prop:selected=move || choices.room.get() == Some(id)>
                    {name}
                </option>
            }
        };
        offered.map(option).collect_view()
    };
    let tools = move || {
        let catalogue = catalogue.get();
        let offered = catalogue.iter().flat_map(|catalogue| &catalogue.devices).filter(|device| !device.retired);
        let option = |device: &domain::catalogue::Device| {
            let (tool, name) = (Tool::Only(device.id), device.model.clone());
            view! {
                <option value=tool.value() prop:selected=move || choices.tool.get() == tool>
                    {name}
                </option>
            }
        };
        offered.map(option).collect_view()
    };
    let usual = move || {
        let model = proposed.get().and_then(|due| due.device).zip(catalogue.get());
        let model = model.and_then(|(device, catalogue)| catalogue.device(device).map(|device| device.model.clone()));
        model.map_or_else(|| "As usual: none is kept".to_owned(), |model| format!("As usual: {model}"))
    };
    let has_rooms = Memo::new(move |_| catalogue.with(|catalogue| catalogue.iter().flat_map(|it| &it.rooms).any(|room| !room.retired)));
    let id = |what: &str| format!("{what}-{key}");
    let (provider_id, room_id, tool_id, day_id) = (id("provider"), id("room"), id("tool"), id("day"));
    let written = move || choices.day.get().or_else(|| day.get().map(|day| day.to_string())).unwrap_or_default();
    view! {
        <div class="book-choices">
            <Choice
                id=provider_id
                label="Provider"
                chosen=Callback::new(move |value: String| choices.provider.set(value.parse().ok()))
            >
                {providers}
            </Choice>
            <div class="field">
                <label for=day_id.clone()>"Day"</label>
                <input
                    class="input"
                    id=day_id
                    type="date"
                    prop:value=written
                    on:input=move |event| choices.day.set(Some(event_target_value(&event)))
                />
            </div>
            {move || {
                has_rooms
                    .get()
                    .then(|| {
                        view! {
                            <Choice
                                id=room_id.clone()
                                label="Room"
                                chosen=Callback::new(move |value: String| choices.room.set(value.parse().ok()))
                            >
                                <option value="">"A free room"</option>
                                {rooms}
                            </Choice>
                        }
                    })
            }}
            <Choice id=tool_id label="Device" chosen=Callback::new(move |value: String| choices.tool.set(Tool::read(&value)))>
                <option value="">{usual}</option>
                {tools}
                <option value=Tool::None.value()>"No device"</option>
            </Choice>
        </div>
    }
}

#[component]
fn Choice(id: String, label: &'static str, chosen: Callback<String>, children: Children) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="select-box">
                <select class="select" id=id on:change=move |event| chosen.run(event_target_value(&event))>
                    {children()}
                </select>
                <Icon name="down" />
            </span>
        </div>
    }
}
