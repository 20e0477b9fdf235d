//! What the clinic has and sells: staff, devices, templates, packages.

use crate::{
    consent::ConsentForm,
    hours::OpeningHours,
    ids::{ClinicId, ConsentFormId, DeviceId, HandpieceId, PackageId, RoomId, StaffId, TemplateId, ViewId, ViewSetId},
    package::Package,
    spacing::SpacingRule,
    template::{Template, TemplateVersion},
    time::ClinicClock,
    view::{View, ViewSet},
};
use serde::{Deserialize, Serialize};

/// The whole catalogue of one clinic. Small; every device holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    pub clinic: ClinicId,
    pub name: String,
    /// ISO 4217, such as `USD`.
    pub currency: String,
    pub clock: ClinicClock,
    pub hours: OpeningHours,
    pub staff: Vec<Staff>,
    pub devices: Vec<Device>,
    /// All versions of all templates.
    pub templates: Vec<Template>,
    pub packages: Vec<Package>,
    pub rooms: Vec<Room>,
    pub consent_forms: Vec<ConsentForm>,
    pub spacing: Vec<SpacingRule>,
    pub view_sets: Vec<ViewSet>,
    /// How far below the retail price of one session maintenance is sold.
    pub maintenance_percent: u8,
}

/// Where treatment is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub name: String,
    /// No longer booked; old bookings still name it.
    pub retired: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub version: u32,
}

/// What clinics take off for maintenance; others are a slip.
pub const MAINTENANCE_PERCENT: std::ops::RangeInclusive<u8> = 15..=20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    pub id: StaffId,
    /// `Dr Ama Osei`.
    pub name: String,
    pub role: Role,
    pub active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    Provider,
    FrontDesk,
    Coordinator,
    MedicalDirector,
    Owner,
}

/// A device as it stands in a room: model and handpieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    pub maker: String,
    pub model: String,
    pub handpieces: Vec<Handpiece>,
    /// No longer offered for new treatments; old ones still name it.
    pub retired: bool,
    /// Raised at each edit, so that two editors cannot overwrite each other.
    pub version: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handpiece {
    pub id: HandpieceId,
    /// `755 nm`; also a tip, an applicator, or the product line of an injectable.
    pub name: String,
    pub template: TemplateId,
    pub retired: bool,
}

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::FrontDesk => "Front desk",
            Self::Coordinator => "Coordinator",
            Self::MedicalDirector => "Medical director",
            Self::Owner => "Owner",
        }
    }

    /// Treats clients, and so signs sessions.
    pub fn charts(self) -> bool {
        matches!(self, Self::Provider | Self::MedicalDirector | Self::Owner)
    }

    /// May see who looked at whose chart.
    pub fn reads_audit(self) -> bool {
        matches!(self, Self::MedicalDirector | Self::Owner)
    }

    /// May change devices, templates, packages, forms, rooms and hours.
    pub fn edits_catalogue(self) -> bool {
        matches!(self, Self::MedicalDirector | Self::Owner)
    }

    /// May see the clinic's numbers, with what was sold and what is lost.
    pub fn sees_numbers(self) -> bool {
        matches!(self, Self::Coordinator | Self::MedicalDirector | Self::Owner)
    }

    /// May say who works here, and let people in.
    pub fn runs_clinic(self) -> bool {
        self == Self::Owner
    }
}

impl Staff {
    /// `A. Osei`, as it stands beside a reading.
    pub fn short_name(&self) -> String {
        let titles = ["Dr", "Dr.", "Prof", "Prof."];
        let names: Vec<_> = self.name.split_whitespace().filter(|word| !titles.contains(word)).collect();
        match names.as_slice() {
            [first, .., last] => format!("{}. {last}", first.chars().next().unwrap_or_default()),
            _ => self.name.clone(),
        }
    }
}

impl Room {
    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        const LONGEST_NAME: usize = 200;
        let name = self.name.trim();
        if name.is_empty() || name.len() > LONGEST_NAME { vec!["The room needs a name.".to_owned()] } else { Vec::new() }
    }
}

impl Device {
    /// Whether some handpiece of it works by that template.
    pub fn works_by(&self, template: TemplateId) -> bool {
        self.handpieces.iter().any(|handpiece| handpiece.template == template && !handpiece.retired)
    }

    pub fn handpiece(&self, id: HandpieceId) -> Option<&Handpiece> {
        self.handpieces.iter().find(|handpiece| handpiece.id == id)
    }

    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self, templates: &[Template]) -> Vec<String> {
        let mut faults = Vec::new();
        if self.model.trim().is_empty() {
            faults.push("The device needs a model name.".to_owned());
        }
        if self.handpieces.is_empty() {
            faults.push("A device needs at least one handpiece; name it after the device if it has only one.".to_owned());
        }
        for handpiece in &self.handpieces {
            if handpiece.name.trim().is_empty() {
                faults.push("Every handpiece needs a name.".to_owned());
            }
            if !templates.iter().any(|template| template.id == handpiece.template) {
                faults.push(format!("Choose a template for {}.", handpiece.name));
            }
        }
        faults
    }
}

impl Catalogue {
    pub fn staff_member(&self, id: StaffId) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.id == id)
    }

    /// Co-signs what others signed, and publishes what clients sign: a medical director; the owner while the clinic has none.
    pub fn directs(&self, id: StaffId) -> bool {
        let has = |role| self.staff.iter().any(|staff| staff.active && staff.role == role);
        self.staff_member(id).filter(|staff| staff.active).is_some_and(|staff| match staff.role {
            Role::MedicalDirector => true,
            Role::Owner => !has(Role::MedicalDirector),
            Role::Provider | Role::FrontDesk | Role::Coordinator => false,
        })
    }

    /// `A. Osei`, or words that say that nobody knows; of what a client did on her own pages, that she did.
    pub fn staff_name(&self, id: StaffId) -> String {
        if id == StaffId::CLIENT {
            return "the client".to_owned();
        }
        self.staff_member(id).map_or_else(|| "someone no longer listed".to_owned(), Staff::short_name)
    }

    pub fn device(&self, id: DeviceId) -> Option<&Device> {
        self.devices.iter().find(|device| device.id == id)
    }

    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == id)
    }

    pub fn consent_form(&self, id: ConsentFormId) -> Option<&ConsentForm> {
        self.consent_forms.iter().find(|form| form.id == id)
    }

    pub fn view_set(&self, id: ViewSetId) -> Option<&ViewSet> {
        self.view_sets.iter().find(|set| set.id == id)
    }

    /// A view, and the set it is one of.
    pub fn view(&self, id: ViewId) -> Option<(&ViewSet, &View)> {
        self.view_sets.iter().find_map(|set| Some((set, set.view(id)?)))
    }

    /// Those who treat, and so are booked.
    pub fn providers(&self) -> impl Iterator<Item = &Staff> {
        self.staff.iter().filter(|staff| staff.active && staff.role.charts())
    }

    pub fn package(&self, id: PackageId) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == id)
    }

    pub fn template(&self, reference: TemplateVersion) -> Option<&Template> {
        self.templates.iter().find(|template| template.reference() == reference)
    }

    /// The version that new treatments use.
    pub fn latest_template(&self, id: TemplateId) -> Option<&Template> {
        self.templates.iter().filter(|template| template.id == id).max_by_key(|template| template.version)
    }

    /// The newest version of each template, by name.
    pub fn latest_templates(&self) -> Vec<&Template> {
        let mut latest: Vec<&Template> = Vec::new();
        for template in &self.templates {
            match latest.iter_mut().find(|other| other.id == template.id) {
                Some(other) if other.version < template.version => *other = template,
                Some(_) => {}
                None => latest.push(template),
            }
        }
        latest.sort_by(|a, b| a.name.cmp(&b.name));
        latest
    }
}
