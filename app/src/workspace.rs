//! What the pages work with: the device's charts, what is being charted, and how things stand with the server.

use crate::{
    api::{ApiError, SignedIn},
    ports::{Along, Draft, DraftKey, StoreError, TakenPhoto},
    sync::{Attention, Engine, Found, Pulled, Pushed, RecordError, Replica, SyncError},
};
use domain::{
    audit::LookedPage,
    catalogue::Catalogue,
    chart::Chart,
    command::Change,
    ids::{ClientId, CommandId, SessionId, StaffId},
    record::Record,
    time::{Day, Moment},
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::HashMap, rc::Rc, sync::Arc};

/// How things stand with the clinic's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not known yet, at the start.
    Connecting,
    Online,
    Offline,
    /// The server does not know this browser any more; what is unsent waits.
    SignedOut,
    /// This app is too old for the server, or the other way round.
    Mismatch,
}

#[derive(Clone, Copy)]
pub struct Workspace {
    engine: StoredValue<Rc<Engine>, LocalStorage>,
    /// Raised whenever anything on the device changes.
    revision: RwSignal<u64>,
    /// Everybody's on this device.
    drafts: RwSignal<HashMap<DraftKey, Arc<Draft>>>,
    typed: StoredValue<HashMap<String, String>>,
    /// The last look that was noted.
    looked: StoredValue<Option<(Option<StaffId>, ClientId, LookedPage)>>,
    pub signed_in: RwSignal<Option<SignedIn>>,
    pub link: RwSignal<Link>,
    /// The last thing the device could not keep.
    pub trouble: RwSignal<Option<StoreError>>,
    /// Photographs that are only on this device.
    pub photos_waiting: RwSignal<usize>,
    /// A new version of the app waits to be used.
    pub update_ready: RwSignal<bool>,
    /// The clinic's now, by the minute: for the line through the day.
    pub now: RwSignal<Moment>,
    syncing: StoredValue<Syncing, LocalStorage>,
    /// The server has told this page who is signed in.
    who_is_sure: StoredValue<bool>,
}

#[derive(Clone, Copy, Default)]
struct Syncing {
    running: bool,
    again: bool,
}

impl Workspace {
    pub fn new(engine: Rc<Engine>, found: &Found) -> Self {
        let signed_in = RwSignal::new(engine.signed_in());
        let now = RwSignal::new(engine.now());
        let drafts = by_key(found.drafts.clone());
        Self {
            engine: StoredValue::new_local(engine),
            revision: RwSignal::new(0),
            drafts: RwSignal::new(drafts),
            typed: StoredValue::new(found.typed.clone()),
            looked: StoredValue::new(None),
            signed_in,
            link: RwSignal::new(Link::Connecting),
            trouble: RwSignal::new(None),
            photos_waiting: RwSignal::new(found.photos_waiting),
            update_ready: RwSignal::new(false),
            now,
            syncing: StoredValue::new_local(Syncing::default()),
            who_is_sure: StoredValue::new(false),
        }
    }

    fn engine(&self) -> Rc<Engine> {
        self.engine.get_value()
    }

    /// Looks at what the device knows; whoever does so inside a view is told of every change.
    pub fn read<T>(&self, look: impl FnOnce(&Replica) -> T) -> T {
        self.revision.track();
        self.engine.with_value(|engine| engine.read(look))
    }

    /// Another number whenever anything on the device has changed.
    pub fn revision(&self) -> u64 {
        self.revision.get()
    }

    fn changed(&self) {
        self.revision.try_update(|revision| *revision += 1);
    }

    pub fn chart(&self, client: ClientId) -> Option<Arc<Chart>> {
        self.read(|replica| replica.chart(client))
    }

    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.read(Replica::catalogue)
    }

    /// What is saved here and not at the clinic: commands the server has not answered, and photographs.
    pub fn unsent(&self) -> usize {
        self.read(|replica| replica.unsent().count()) + self.photos_waiting.get()
    }

    /// Refused commands, whose text is only here.
    pub fn refused(&self) -> Vec<Attention> {
        self.read(Replica::attention)
    }

    /// All that waits for a person: set aside or refused, and adverse events to follow up.
    pub fn attention_count(&self) -> usize {
        self.read(|replica| replica.attention().len() + replica.waiting_in_charts())
    }

    pub fn today(&self) -> Option<Day> {
        let now = self.now.get();
        self.catalogue().map(|catalogue| catalogue.clock.day(now))
    }

    /// Whether who is signed in treats: charts, signs, photographs.
    pub fn treats(&self) -> bool {
        self.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.charts()))
    }

    /// Whether who is signed in may change what the clinic works with.
    pub fn edits_catalogue(&self) -> bool {
        self.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.edits_catalogue()))
    }

    /// Whether who is signed in co-signs, and publishes what clients sign.
    pub fn directs(&self) -> bool {
        let staff = self.signed_in.with(|who| who.as_ref().map(|who| who.staff));
        staff.zip(self.catalogue()).is_some_and(|(staff, catalogue)| catalogue.directs(staff))
    }

    /// Whether who is signed in may see who looked at whose chart.
    pub fn reads_audit(&self) -> bool {
        self.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.reads_audit()))
    }

    /// Whether who is signed in sees the clinic's numbers.
    pub fn sees_numbers(&self) -> bool {
        self.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.sees_numbers()))
    }

    /// Whether who is signed in says who works here.
    pub fn runs_clinic(&self) -> bool {
        self.signed_in.with(|who| who.as_ref().is_some_and(|who| who.role.runs_clinic()))
    }

    /// A moment in the clinic's words: `21 Nov, 09:41`.
    pub fn when(&self, at: Moment) -> String {
        match self.catalogue() {
            Some(catalogue) => format!("{}, {}", catalogue.clock.day(at).short(), catalogue.clock.time(at)),
            None => String::new(),
        }
    }

    pub fn new_id(&self) -> uuid::Uuid {
        self.engine().new_id()
    }

    /// Takes down a change, and sends it as soon as it can be.
    pub async fn record(&self, client: ClientId, change: Change, draft: Option<SessionId>) -> Result<CommandId, RecordError> {
        let draft = draft.and_then(|session| self.draft_key(session));
        let result = self.take_down(client, change, draft.into()).await;
        if let (Ok(_), Some(key)) = (&result, draft) {
            self.drafts.try_update(|drafts| drafts.remove(&key));
        }
        result
    }

    /// The same for a photograph, whose picture is kept here in the same step.
    pub async fn record_photo(&self, change: Change, taken: &TakenPhoto) -> Result<CommandId, RecordError> {
        self.take_down(taken.client, change, Along::Photo(taken)).await
    }

    async fn take_down(&self, client: ClientId, change: Change, along: Along<'_>) -> Result<CommandId, RecordError> {
        let result = self.engine().record(client, change, along).await;
        match &result {
            Ok(_) => {
                self.trouble.try_set(None);
                self.changed();
                self.sync();
            }
            Err(RecordError::Store(error)) => {
                self.trouble.try_set(Some(error.clone()));
            }
            Err(_) => {}
        }
        result
    }

    /// A session as whoever is signed in is charting it.
    fn draft_key(&self, session: SessionId) -> Option<DraftKey> {
        let by = self.signed_in.try_with_untracked(|who| who.as_ref().map(|who| who.staff)).flatten()?;
        Some(DraftKey { session, by })
    }

    pub fn draft(&self, session: SessionId) -> Option<Arc<Draft>> {
        let key = self.draft_key(session)?;
        self.drafts.with(|drafts| drafts.get(&key).cloned())
    }

    pub fn draft_untracked(&self, session: SessionId) -> Option<Arc<Draft>> {
        let key = self.draft_key(session)?;
        self.drafts.with_untracked(|drafts| drafts.get(&key).cloned())
    }

    /// Who else is charting a session on this device; what they typed stays theirs.
    pub fn drafted_by_others(&self, session: SessionId) -> Vec<StaffId> {
        let own = self.draft_key(session);
        let others = |drafts: &HashMap<DraftKey, _>| {
            drafts.keys().filter(|key| key.session == session && Some(**key) != own).map(|key| key.by).collect()
        };
        self.drafts.with(others)
    }

    /// What whoever is signed in was typing about something.
    pub fn typed(&self, about: &str) -> String {
        let key = self.typed_key(about);
        self.typed.with_value(|typed| typed.get(&key).cloned()).unwrap_or_default()
    }

    /// Keeps it; an empty text is done with.
    pub fn save_typed(&self, about: &str, text: &str) {
        let key = self.typed_key(about);
        if self.typed.with_value(|typed| typed.get(&key).map_or("", String::as_str) == text) {
            return;
        }
        self.typed.update_value(|typed| {
            if text.is_empty() {
                typed.remove(&key);
            } else {
                typed.insert(key.clone(), text.to_owned());
            }
        });
        let (engine, text) = (self.engine(), text.to_owned());
        spawn_local(async move {
            // Where it cannot be kept only the safety net is missing: the text stays in its box, and saving says so by itself.
            let _ = engine.save_typed(&key, (!text.is_empty()).then_some(text.as_str())).await;
        });
    }

    /// Under the person who types, so that the next person at a shared iPad does not save another's words.
    fn typed_key(&self, about: &str) -> String {
        let by = self.signed_in.try_with_untracked(|who| who.as_ref().map(|who| who.staff)).flatten();
        format!("{}/{about}", by.map_or_else(String::new, |by| by.to_string()))
    }

    /// Notes that whoever is signed in looks at a client: once, while they stay on the page.
    pub fn looks_at(&self, client: ClientId, page: LookedPage) {
        let by = self.signed_in.try_with_untracked(|who| who.as_ref().map(|who| who.staff)).flatten();
        let now = (by, client, page);
        if self.looked.with_value(|last| *last == Some(now)) {
            return;
        }
        self.looked.set_value(Some(now));
        let (workspace, engine) = (*self, self.engine());
        spawn_local(async move {
            // A device without room says so at the next entry; looking is not stopped by it.
            if engine.look(client, page).await.is_ok() {
                workspace.sync();
            }
        });
    }

    /// Nobody's data is on the screen: coming back is another look.
    pub fn looks_away(&self) {
        self.looked.set_value(None);
    }

    /// Keeps what is being charted. Called at every keystroke; says at once when the device cannot.
    pub fn save_draft(&self, session: SessionId, client: ClientId, record: Record) {
        let Some(DraftKey { by, .. }) = self.draft_key(session) else { return };
        let (workspace, engine) = (*self, self.engine());
        let draft = Draft { session, by, client, saved_at: engine.now(), record };
        let shared = Arc::new(draft);
        self.drafts.update(|drafts| {
            drafts.insert(shared.key(), shared.clone());
        });
        spawn_local(async move {
            match engine.save_draft(&shared).await {
                Ok(()) => workspace.trouble.try_set(None),
                Err(error) => workspace.trouble.try_set(Some(error)),
            };
        });
    }

    pub fn drop_draft(&self, session: SessionId) {
        let Some(key) = self.draft_key(session) else { return };
        let engine = self.engine();
        self.drafts.update(|drafts| {
            drafts.remove(&key);
        });
        spawn_local(async move {
            // A draft that stays is shown again, and can be dropped again.
            let _ = engine.drop_draft(key).await;
        });
    }

    pub fn now_moment(&self) -> Moment {
        self.engine().now()
    }

    pub async fn dismiss(&self, number: u64) -> Result<(), StoreError> {
        self.engine().dismiss(number).await?;
        self.changed();
        Ok(())
    }

    /// Asks the server who is signed in, and keeps the answer on the device: a colleague may have signed in since.
    pub async fn learn_who(&self) -> Result<(), ApiError> {
        let who = self.engine().who().await?;
        self.who_is_sure.set_value(true);
        let before = self.signed_in.try_get_untracked().flatten();
        if before.as_ref() == Some(&who) {
            return Ok(());
        }
        let another = before.is_some_and(|before| before.staff != who.staff);
        if let Err(error) = self.set_signed_in(Some(who)).await {
            self.trouble.try_set(Some(error));
        } else if another {
            // What stands on the page is of whoever was here before.
            let _ = window().location().reload();
        }
        Ok(())
    }

    pub async fn set_signed_in(&self, signed_in: Option<SignedIn>) -> Result<(), StoreError> {
        self.engine().set_signed_in(signed_in.clone()).await?;
        self.signed_in.try_set(signed_in);
        self.link.try_set(Link::Connecting);
        self.changed();
        self.sync();
        Ok(())
    }

    /// Takes up what another tab of this browser recorded or is charting.
    pub fn adopt(&self) {
        let (workspace, engine) = (*self, self.engine());
        spawn_local(async move {
            let before = workspace.unsent();
            let Ok(drafts) = engine.adopt().await else { return };
            workspace.drafts.try_update(|kept| {
                let mut stored = by_key(drafts);
                for (key, stored) in &mut stored {
                    // What this tab typed a moment ago may still be on its way to the disk.
                    if let Some(own) = kept.get(key).filter(|own| own.saved_at > stored.saved_at) {
                        *stored = own.clone();
                    }
                }
                *kept = stored;
            });
            if workspace.unsent() != before {
                workspace.changed();
                workspace.sync();
            }
        });
    }

    /// Brings device and server in step. Asked for while it runs, it runs once more.
    pub fn sync(&self) {
        if self.signed_in.with_untracked(Option::is_none) {
            return;
        }
        let already_running = self.syncing.try_update_value(|syncing| {
            syncing.again = true;
            std::mem::replace(&mut syncing.running, true)
        });
        if already_running != Some(false) {
            return;
        }
        let workspace = *self;
        spawn_local(async move {
            while workspace.syncing.try_update_value(|syncing| std::mem::take(&mut syncing.again)) == Some(true) {
                let result = workspace.sync_once().await;
                let link = match result {
                    Ok(()) => Link::Online,
                    Err(SyncError::Api(ApiError::SignedOut)) => Link::SignedOut,
                    Err(SyncError::Api(ApiError::Mismatch)) => Link::Mismatch,
                    Err(SyncError::Api(_)) => Link::Offline,
                    Err(SyncError::Store(error)) => {
                        workspace.trouble.try_set(Some(error));
                        Link::Online
                    }
                };
                if workspace.link.try_get_untracked() != Some(link) {
                    workspace.link.try_set(link);
                }
            }
            workspace.syncing.try_update_value(|syncing| syncing.running = false);
        });
    }

    async fn sync_once(&self) -> Result<(), SyncError> {
        if !self.who_is_sure.get_value() {
            self.learn_who().await?;
        }
        let engine = self.engine();
        while let Pushed::Some(_) = engine.push().await? {
            self.changed();
        }
        loop {
            let pulled = engine.pull(|| self.changed()).await?;
            if pulled != Pulled::More {
                break;
            }
        }
        // What hinders it waits here for the next time.
        let _ = engine.tell_looks().await;
        // Tidying is for the next start; whatever hinders it hinders nothing else.
        let _ = engine.tidy().await;
        Ok(())
    }
}

fn by_key(drafts: Vec<Draft>) -> HashMap<DraftKey, Arc<Draft>> {
    drafts.into_iter().map(|draft| (draft.key(), Arc::new(draft))).collect()
}

/// The workspace of the page that is shown.
pub fn use_workspace() -> Workspace {
    expect_context()
}
