//! The page of the devices.

use super::{device_editor::title, device_form::device_form, entry_page::entry_page, side_list::Entry};
use domain::catalogue::Device;
use leptos::prelude::*;

/// Which devices the clinic has, and which template each handpiece is charted with.
#[component]
pub fn DevicesPage() -> impl IntoView {
    entry_page(device_form)
}

/// `Lutronic Clarity II`, and below it `755 nm, 1064 nm`.
pub fn entry(device: &Device) -> Entry {
    let names: Vec<_> = device.handpieces.iter().filter(|piece| !piece.retired).map(|piece| piece.name.as_str()).collect();
    let names = match names.len() {
        0 => "no handpiece in use".to_owned(),
        1..=3 => names.join(", "),
        count => format!("{count} handpieces"),
    };
    let note = if device.retired { format!("retired · {names}") } else { names };
    Entry { id: device.id.0, name: title(&device.maker, &device.model), note }
}
