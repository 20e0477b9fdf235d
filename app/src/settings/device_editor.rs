//! A device while it is typed: the signals behind the form, and its saving.

use super::{
    desk::{Editor, PageOwner},
    devices::entry,
    entry_page::{EntryEditor, EntryWords, titled},
    saving::{Saving, faultless},
    side_list::Entry,
};
use crate::{api::CatalogueEdit, workspace::Workspace};
use domain::{
    catalogue::{Catalogue, Device, Handpiece},
    ids::{DeviceId, HandpieceId, TemplateId},
};
use leptos::prelude::*;
use uuid::Uuid;

/// The signals of one device.
#[derive(Clone, Copy)]
pub struct DeviceEditor {
    id: DeviceId,
    /// The version the edit is based on; 0 for a new device.
    version: RwSignal<u32>,
    /// The device as it was last the same as what is saved.
    base: RwSignal<Device>,
    pub maker: RwSignal<String>,
    pub model: RwSignal<String>,
    pub retired: RwSignal<bool>,
    pub pieces: RwSignal<Vec<PieceRow>>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    saving: Saving,
    owner: PageOwner,
}

/// The signals of one handpiece.
#[derive(Clone, Copy)]
pub struct PieceRow {
    pub id: HandpieceId,
    /// Old treatments may name it: from then on it can be retired, not removed.
    pub saved: RwSignal<bool>,
    pub name: RwSignal<String>,
    pub template: RwSignal<Option<TemplateId>>,
    pub retired: RwSignal<bool>,
}

impl PieceRow {
    fn new(saved: &Handpiece) -> Self {
        Self {
            id: saved.id,
            saved: RwSignal::new(true),
            name: RwSignal::new(saved.name.clone()),
            template: RwSignal::new(Some(saved.template)),
            retired: RwSignal::new(saved.retired),
        }
    }

    fn blank(id: HandpieceId) -> Self {
        Self {
            id,
            saved: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            template: RwSignal::new(None),
            retired: RwSignal::new(false),
        }
    }

    fn handpiece(&self) -> Handpiece {
        Handpiece {
            id: self.id,
            name: self.name.with(|name| name.trim().to_owned()),
            // No template has this id, so that the device's own rules ask for one.
            template: self.template.get().unwrap_or(TemplateId(Uuid::nil())),
            retired: self.retired.get(),
        }
    }

    /// What to call it in the labels of its buttons.
    pub fn title(&self) -> String {
        titled(self.name, "the unnamed handpiece")
    }

    /// The id of its first input.
    pub fn name_id(&self) -> String {
        format!("hp{}", self.id)
    }
}

impl Editor for DeviceEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.device(base.version))
    }
}

impl EntryEditor for DeviceEditor {
    const WORDS: EntryWords = EntryWords {
        page: "/settings",
        parameter: "device",
        add: "Add a device",
        unnamed: "New device",
        icon: "device",
        none: ("No device yet", "A treatment is charted with a device and one of its handpieces. Add the first one."),
    };

    fn listed(catalogue: &Catalogue) -> Vec<Entry> {
        let mut devices: Vec<_> = catalogue.devices.iter().collect();
        devices.sort_by_key(|device| device.retired);
        devices.into_iter().map(entry).collect()
    }

    fn saved_version(id: Uuid, catalogue: &Catalogue) -> Option<u32> {
        catalogue.device(DeviceId(id)).map(|device| device.version)
    }

    fn made(id: Uuid, catalogue: &Catalogue, workspace: Workspace) -> Self {
        Self::new(DeviceId(id), catalogue.device(DeviceId(id)), || HandpieceId(workspace.new_id()))
    }

    fn id(&self) -> Uuid {
        self.id.0
    }

    /// `Lutronic Clarity II`, as typed.
    fn title(&self) -> String {
        title(&self.maker.get(), &self.model.get())
    }

    fn version(&self) -> RwSignal<u32> {
        self.version
    }

    fn saving(&self) -> Saving {
        self.saving
    }

    fn send(self, workspace: Workspace, catalogue: &Catalogue) {
        let device = untrack(|| self.device(self.version.get()));
        let rows = self.pieces.get_untracked();
        self.checked.set(true);
        let faults = device.faults(&catalogue.templates);
        self.saving.send_read(faultless(device, faults), CatalogueEdit::Device, workspace, move |device| self.settle(device, &rows));
    }
}

impl DeviceEditor {
    /// Made from what is saved; `None` for a new device, which starts with one handpiece to fill in.
    pub fn new(id: DeviceId, saved: Option<&Device>, first_piece: impl FnOnce() -> HandpieceId) -> Self {
        let pieces = match saved {
            Some(device) => device.handpieces.iter().map(PieceRow::new).collect(),
            None => vec![PieceRow::blank(first_piece())],
        };
        let blank = Device { id, maker: String::new(), model: String::new(), handpieces: Vec::new(), retired: false, version: 0 };
        let device = saved.cloned().unwrap_or(blank);
        let editor = Self {
            id,
            version: RwSignal::new(device.version),
            maker: RwSignal::new(device.maker.clone()),
            model: RwSignal::new(device.model.clone()),
            retired: RwSignal::new(device.retired),
            base: RwSignal::new(device),
            pieces: RwSignal::new(pieces),
            checked: RwSignal::new(false),
            saving: Saving::new(),
            owner: PageOwner::current(),
        };
        editor.base.set(untrack(|| editor.device(editor.version.get())));
        editor
    }

    fn device(&self, version: u32) -> Device {
        Device {
            id: self.id,
            maker: self.maker.with(|maker| maker.trim().to_owned()),
            model: self.model.with(|model| model.trim().to_owned()),
            handpieces: self.pieces.with(|pieces| pieces.iter().map(PieceRow::handpiece).collect()),
            retired: self.retired.get(),
            version,
        }
    }

    /// Whether retiring or taking back into use waits for the save.
    pub fn retirement_waits(&self) -> bool {
        self.base.with(|base| base.retired) != self.retired.get()
    }

    /// Adds an empty handpiece at the end.
    pub fn add_piece(&self, id: HandpieceId) -> PieceRow {
        let row = self.owner.with(|| PieceRow::blank(id));
        self.pieces.update(|pieces| pieces.push(row));
        row
    }

    pub fn remove_piece(&self, id: HandpieceId) {
        self.pieces.update(|pieces| pieces.retain(|piece| piece.id != id));
    }

    /// Goes on from what was saved. The person may have typed on meanwhile, and the page may be gone.
    fn settle(&self, mut saved: Device, rows: &[PieceRow]) {
        for row in rows {
            row.saved.try_set(true);
        }
        saved.version += 1;
        self.version.try_set(saved.version);
        self.base.try_set(saved);
        self.checked.try_set(false);
    }
}

/// A device by its maker and model; either may be missing.
pub fn title(maker: &str, model: &str) -> String {
    let title = format!("{} {}", maker.trim(), model.trim()).trim().to_owned();
    if title.is_empty() { DeviceEditor::WORDS.unnamed.to_owned() } else { title }
}
