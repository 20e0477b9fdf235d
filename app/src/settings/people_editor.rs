//! A person while they are typed: the signals behind the form, and its saving.

use super::{
    desk::Editor,
    entry_page::titled,
    saving::{Saving, faultless},
    side_list::Entry,
};
use crate::{
    api::{self, Invitation, ListedPerson, PeopleEdit},
    workspace::Workspace,
};
use domain::{
    catalogue::Role,
    ids::StaffId,
    people::{Person, faults, is_email, tidy_email},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// What somebody new is called before they have a name.
pub const UNNAMED: &str = "Somebody new";

pub const ROLES: [Role; 5] = [Role::Provider, Role::FrontDesk, Role::Coordinator, Role::MedicalDirector, Role::Owner];

/// What the server told last; it is not kept on the device.
#[derive(Clone, Copy)]
pub struct Team(pub RwSignal<Option<Result<Vec<ListedPerson>, String>>>);

impl Team {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Asks again. Whoever is shown stays until there is an answer.
    pub fn load(self) {
        spawn_local(async move {
            let told = api::people().await.map_err(|error| error.to_string());
            self.0.try_update(|team| {
                if told.is_ok() || !matches!(team, Some(Ok(_))) {
                    *team = Some(told);
                }
            });
        });
    }

    pub fn person(&self, id: Uuid) -> Option<ListedPerson> {
        self.0.with(|team| team.as_ref()?.as_ref().ok()?.iter().find(|listed| listed.person.id.0 == id).cloned())
    }

    fn people(&self) -> Vec<Person> {
        let listed = self.0.with(|team| team.as_ref().and_then(|told| told.as_ref().ok()).cloned()).unwrap_or_default();
        listed.into_iter().map(|listed| listed.person).collect()
    }
}

/// The signals of one person.
#[derive(Clone, Copy)]
pub struct PersonEditor {
    pub id: StaffId,
    /// The version the edit is based on; 0 for somebody new.
    pub version: RwSignal<u32>,
    /// The person as they were last the same as what is saved.
    base: RwSignal<Person>,
    pub name: RwSignal<String>,
    pub email: RwSignal<String>,
    pub role: RwSignal<Role>,
    pub left: RwSignal<bool>,
    /// Raised by the first save: from then on wrong inputs are marked.
    pub checked: RwSignal<bool>,
    pub saving: Saving,
    /// The link that was made here, to be passed on.
    pub link: RwSignal<Option<Invitation>>,
    /// Why no link could be made.
    pub no_link: RwSignal<Option<String>>,
}

impl Editor for PersonEditor {
    fn has_changes(&self) -> bool {
        self.saving.is_busy() || self.base.with(|base| *base != self.person(base.version))
    }
}

impl PersonEditor {
    pub fn new(id: Uuid, saved: Option<Person>) -> Self {
        let blank = Person { id: StaffId(id), name: String::new(), role: Role::Provider, email: String::new(), active: true, version: 0 };
        let person = saved.unwrap_or(blank);
        Self {
            id: person.id,
            version: RwSignal::new(person.version),
            name: RwSignal::new(person.name.clone()),
            email: RwSignal::new(person.email.clone()),
            role: RwSignal::new(person.role),
            left: RwSignal::new(!person.active),
            base: RwSignal::new(person),
            checked: RwSignal::new(false),
            saving: Saving::new(),
            link: RwSignal::new(None),
            no_link: RwSignal::new(None),
        }
    }

    fn person(&self, version: u32) -> Person {
        let typed = Person {
            id: self.id,
            name: self.name.get(),
            role: self.role.get(),
            email: self.email.get(),
            active: !self.left.get(),
            version,
        };
        typed.tidy()
    }

    pub fn title(&self) -> String {
        titled(self.name, UNNAMED)
    }

    pub fn is_new(&self) -> bool {
        self.version.get() == 0
    }

    pub fn is_nameless(&self) -> bool {
        self.name.with(|name| name.trim().is_empty())
    }

    pub fn has_no_address(&self) -> bool {
        self.email.with(|email| !is_email(&tidy_email(email)))
    }

    /// Whether leaving, or coming back, waits for the save.
    pub fn leaving_waits(&self) -> bool {
        self.base.with(|base| base.active) == self.left.get()
    }

    pub fn send(self, workspace: Workspace, team: Team) {
        let by = workspace.signed_in.with_untracked(|who| who.as_ref().map(|who| who.staff));
        let person = untrack(|| self.person(self.version.get()));
        self.checked.set(true);
        let against = untrack(|| by.map_or_else(Vec::new, |by| faults(&team.people(), &person, by)));
        let person = match faultless(person, against) {
            Ok(person) => person,
            Err(faults) => return self.saving.refuse(faults),
        };
        self.saving.begin();
        spawn_local(async move {
            let answer = api::change_people(PeopleEdit::Save(person.clone())).await;
            if let Ok(link) = &answer {
                let saved = Person { version: person.version + 1, ..person };
                self.version.try_set(saved.version);
                self.base.try_set(saved);
                self.checked.try_set(false);
                if link.is_some() {
                    self.link.try_set(link.clone());
                }
            }
            self.saving.finish(&answer.map(|_| ()), workspace);
            team.load();
        });
    }

    /// Makes a new link; the one before is dead from then on.
    pub fn invite(self, team: Team) {
        spawn_local(async move {
            match api::change_people(PeopleEdit::Invite(self.id)).await {
                Ok(link) => {
                    self.no_link.try_set(None);
                    self.link.try_set(link);
                }
                Err(error) => {
                    self.no_link.try_set(Some(error.to_string()));
                }
            }
            team.load();
        });
    }
}

/// `Sofia Lind`, and below it what she is and how she stands.
pub fn entry(listed: &ListedPerson, workspace: Workspace) -> Entry {
    let stands = match (listed.person.active, listed.invited_until) {
        (false, _) => "has left".to_owned(),
        (true, Some(until)) => format!("invited until {}", workspace.when(until)),
        (true, None) if listed.has_password => "works here".to_owned(),
        (true, None) => "works here, never let in".to_owned(),
    };
    let note = format!("{} · {stands}", listed.person.role.label());
    Entry { id: listed.person.id.0, name: listed.person.name.clone(), note }
}
