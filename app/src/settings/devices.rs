//! The page of the devices.

use super::{
    desk::Desk,
    device_editor::{DeviceEditor, title},
    device_form::DeviceForm,
    frame::SettingsFrame,
    side_list::{Entry, SideList, selected, use_show_entry},
};
use crate::{icon::Icon, workspace::use_workspace};
use domain::{
    catalogue::Device,
    ids::{DeviceId, HandpieceId},
};
use leptos::prelude::*;

const ADDRESS: &str = "/settings?device=";

/// Which devices the clinic has, and which template each handpiece is charted with.
#[component]
pub fn DevicesPage() -> impl IntoView {
    view! {
        <SettingsFrame>
            <Devices />
        </SettingsFrame>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let workspace = use_workspace();
    let desk = Desk::<DeviceEditor>::of_this_tab();
    let entries = Memo::new(move |_| {
        let Some(catalogue) = workspace.catalogue() else { return Vec::new() };
        let mut devices: Vec<_> = catalogue.devices.iter().collect();
        devices.sort_by_key(|device| device.retired);
        desk.with_added(devices.into_iter().map(entry).collect(), &title("", ""), |editor| editor.title())
    });
    let selected = selected("device", entries);
    let show = use_show_entry(ADDRESS);
    let add = Callback::new(move |()| {
        let id = workspace.new_id();
        desk.add(id);
        show(id);
    });
    let open = move |id: uuid::Uuid| {
        let id = DeviceId(id);
        desk.open(id.0, || {
            let catalogue = workspace.catalogue();
            let saved = catalogue.as_ref().and_then(|catalogue| catalogue.device(id));
            DeviceEditor::new(id, saved, || HandpieceId(workspace.new_id()))
        })
    };
    view! {
        <div class="set">
            <SideList
                entries
                selected
                address=ADDRESS
                changed=Callback::new(move |id| desk.has_changes(id))
                add_words="Add a device"
                add
            />
            <For each=move || desk.form(selected.get()) key=|form| *form let:form>
                <DeviceForm editor=open(form.0) desk />
            </For>
            <Show when=move || selected.get().is_none()>
                <NoDevices />
            </Show>
        </div>
    }
}

/// `Lutronic Clarity II`, and below it `755 nm, 1064 nm`.
fn entry(device: &Device) -> Entry {
    let names: Vec<_> = device.handpieces.iter().filter(|piece| !piece.retired).map(|piece| piece.name.as_str()).collect();
    let names = match names.len() {
        0 => "no handpiece in use".to_owned(),
        1..=3 => names.join(", "),
        count => format!("{count} handpieces"),
    };
    let note = if device.retired { format!("retired · {names}") } else { names };
    Entry { id: device.id.0, name: title(&device.maker, &device.model), note }
}

#[component]
fn NoDevices() -> impl IntoView {
    view! {
        <div class="card empty">
            <Icon name="device" />
            <h2>"No device yet"</h2>
            <p>"A treatment is charted with a device and one of its handpieces. Add the first one."</p>
        </div>
    }
}
