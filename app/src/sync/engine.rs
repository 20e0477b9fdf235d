//! Moves commands to the server and charts to the device. Every step leaves the local store whole: it may
//! be cut off anywhere, by a closed tab or a lost network, and the next start goes on from there.

use super::replica::{Pending, Replica};
use crate::{
    api::{
        ApiError, Numbered, PUSH_BATCH, PullRequest, PushRequest, SignedIn,
        audit::{LOOKS_BATCH, Look, LookedRequest},
    },
    ports::{Along, Cursor, Draft, DraftKey, Host, LocalStore, NewPage, QueuedLook, Saved, Server, StoreError},
};
use domain::{
    audit::LookedPage,
    command::{COMMAND_VERSION, Change, Command},
    ids::{ClientId, CommandId, InstallationId, LookId, uuid_v7},
    rejection::Rejection,
    sync::{Body, PAGE_FORMAT, Page, PageChart, encode},
    time::Moment,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

pub struct Engine {
    store: Rc<dyn LocalStore>,
    server: Rc<dyn Server>,
    host: Rc<dyn Host>,
    replica: RefCell<Replica>,
    installation: InstallationId,
    signed_in: RefCell<Option<SignedIn>>,
    /// How far the store has come. The replica may be a page ahead.
    stored: Cell<Option<Cursor>>,
    /// Keys and lengths of the pages in the local store, ascending.
    pages: RefCell<Vec<(u64, usize)>>,
    pushing: Cell<bool>,
    pulling: Cell<bool>,
}

/// What a start finds on the device beside charts and commands.
pub struct Found {
    pub drafts: Vec<Draft>,
    pub typed: HashMap<String, String>,
    /// Photographs the clinic does not have yet.
    pub photos_waiting: usize,
}

/// What a push came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// Nothing was waiting, or somebody is pushing already.
    Nothing,
    /// So many commands were answered; there may be more.
    Some(usize),
}

/// What a pull came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// Somebody is pulling already.
    Busy,
    /// A page came, and there are more.
    More,
    /// The device has everything.
    Whole,
}

/// Why a change was not taken down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("{0}")]
    Rejected(#[from] Rejection),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("Nobody is signed in on this device.")]
    SignedOut,
}

/// Why a step of syncing came to nothing. The next one tries again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Sets a flag for as long as it lives, unless it was set already.
struct Busy<'a>(&'a Cell<bool>);

impl<'a> Busy<'a> {
    fn start(flag: &'a Cell<bool>) -> Option<Self> {
        (!flag.replace(true)).then_some(Self(flag))
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Small pages are merged once there are so many of them: each chart that changes adds one.
const MOST_SMALL_PAGES: usize = 64;
const SMALL_PAGE: usize = 64 * 1024;

impl Engine {
    /// Takes up what the device has kept. Pages that cannot be read are fetched anew; the outbox is never dropped.
    pub async fn start(store: Rc<dyn LocalStore>, server: Rc<dyn Server>, host: Rc<dyn Host>) -> Result<(Self, Found), StoreError> {
        let Saved { installation, signed_in, cursor, pages, outbox, drafts, typed, photos_waiting } = store.load().await?;
        let installation = match installation {
            Some(installation) => installation,
            None => {
                let new = InstallationId(new_uuid(host.as_ref()));
                store.save_installation(new).await?;
                new
            }
        };
        let mut replica = Replica::default();
        let mut keys = Vec::new();
        if let Some(cursor) = cursor {
            for (key, bytes) in pages {
                let length = bytes.len();
                let read = Page::decode(&bytes).and_then(|page| replica.add_page(page, cursor, false));
                if read.is_err() {
                    replica = Replica::default();
                    keys.clear();
                    break;
                }
                keys.push((key, length));
            }
        }
        for queued in outbox {
            replica.add_pending(Pending::new(queued));
        }
        let stored = replica.cursor();
        let engine = Self {
            store,
            server,
            host,
            replica: RefCell::new(replica),
            installation,
            signed_in: RefCell::new(signed_in),
            stored: Cell::new(stored),
            pages: RefCell::new(keys),
            pushing: Cell::new(false),
            pulling: Cell::new(false),
        };
        Ok((engine, Found { drafts, typed, photos_waiting }))
    }

    pub fn installation(&self) -> InstallationId {
        self.installation
    }

    /// Looks at what the device knows. Not to be held across an `await`.
    pub fn read<T>(&self, look: impl FnOnce(&Replica) -> T) -> T {
        look(&self.replica.borrow())
    }

    pub fn signed_in(&self) -> Option<SignedIn> {
        self.signed_in.borrow().clone()
    }

    /// Who is signed in as the server sees it.
    pub async fn who(&self) -> Result<SignedIn, ApiError> {
        self.server.who().await
    }

    pub async fn set_signed_in(&self, signed_in: Option<SignedIn>) -> Result<(), StoreError> {
        self.store.save_sign_in(signed_in.as_ref()).await?;
        *self.signed_in.borrow_mut() = signed_in;
        Ok(())
    }

    pub fn now(&self) -> Moment {
        self.host.now()
    }

    pub async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.store.save_draft(draft).await
    }

    pub async fn drop_draft(&self, draft: DraftKey) -> Result<(), StoreError> {
        self.store.drop_draft(draft).await
    }

    pub async fn save_typed(&self, about: &str, text: Option<&str>) -> Result<(), StoreError> {
        self.store.save_typed(about, text).await
    }

    pub fn new_id(&self) -> uuid::Uuid {
        new_uuid(self.host.as_ref())
    }

    /// Takes down a change: decided here, kept here durably, and on its way to the server from now on.
    pub async fn record<'a>(&self, client: ClientId, change: Change, along: impl Into<Along<'a>>) -> Result<CommandId, RecordError> {
        let signed_in = self.signed_in().ok_or(RecordError::SignedOut)?;
        let command = Command {
            v: COMMAND_VERSION,
            id: CommandId(self.new_id()),
            clinic: signed_in.clinic,
            installation: self.installation,
            client,
            by: signed_in.staff,
            at: self.host.now(),
            change,
        };
        match self.read(|replica| replica.try_out(&command)) {
            // Somebody was first. The server sets this one beside it, where a person decides; nothing typed is lost.
            Ok(()) | Err(Rejection::AlreadySigned { .. } | Rejection::AlreadyDelivered { .. }) => {}
            Err(rejection) => return Err(rejection.into()),
        }
        let text = serde_json::to_string(&command).map_err(|error| StoreError::Failed(error.to_string()))?;
        let number = self.store.queue(&text, along.into()).await?;
        let id = command.id;
        self.replica.borrow_mut().add_pending(Pending { number, text, command: Some(command), answer: None });
        Ok(id)
    }

    /// Sends what waits, one batch. Only commands of whoever is signed in are sent; others wait for their author.
    pub async fn push(&self) -> Result<Pushed, SyncError> {
        let Some(_busy) = Busy::start(&self.pushing) else { return Ok(Pushed::Nothing) };
        let Some(signed_in) = self.signed_in() else { return Err(ApiError::SignedOut.into()) };
        let own = |pending: &&Pending| pending.command.as_ref().is_none_or(|command| command.by == signed_in.staff);
        let commands: Vec<_> = self.read(|replica| {
            let numbered = |pending: &Pending| Numbered { number: pending.number, text: pending.text.clone() };
            replica.unsent().filter(own).take(PUSH_BATCH).map(numbered).collect()
        });
        if commands.is_empty() {
            return Ok(Pushed::Nothing);
        }
        let numbers: Vec<_> = commands.iter().map(|command| command.number).collect();
        let outcomes = self.server.push(PushRequest { installation: self.installation, by: Some(signed_in.staff), commands }).await?;
        let answers: Vec<_> = numbers.into_iter().zip(outcomes).collect();
        self.store.answer(&answers).await?;
        let count = answers.len();
        let mut replica = self.replica.borrow_mut();
        for (number, outcome) in answers {
            replica.answer(number, outcome);
        }
        Ok(Pushed::Some(count))
    }

    /// Keeps that whoever is signed in looked at a client, for the clinic's audit.
    pub async fn look(&self, client: ClientId, page: LookedPage) -> Result<(), StoreError> {
        let Some(signed_in) = self.signed_in() else { return Ok(()) };
        let look = Look { id: LookId(self.new_id()), client, at: self.host.now(), page };
        self.store.queue_look(&QueuedLook { by: signed_in.staff, look }).await
    }

    /// Tells the clinic who looked, as far as it was whoever is signed in; others' looks wait for them.
    pub async fn tell_looks(&self) -> Result<(), SyncError> {
        let Some(signed_in) = self.signed_in() else { return Ok(()) };
        loop {
            let own = self.store.looks().await?.into_iter().filter(|queued| queued.by == signed_in.staff);
            let looks: Vec<_> = own.take(LOOKS_BATCH).map(|queued| queued.look).collect();
            if looks.is_empty() {
                return Ok(());
            }
            let told: Vec<_> = looks.iter().map(|look| look.id).collect();
            self.server.looked(LookedRequest { by: signed_in.staff, looks }).await?;
            self.store.drop_looks(&told).await?;
        }
    }

    /// Fetches what changed, one page. `arrived` is called as soon as it can be looked at, before it is stored: the mirror
    /// may be fetched anew at any time, so nobody has to wait for the disk.
    pub async fn pull(&self, arrived: impl FnOnce()) -> Result<Pulled, SyncError> {
        let Some(_busy) = Busy::start(&self.pulling) else { return Ok(Pulled::Busy) };
        // From where the store ends: a page that could not be stored is fetched again, and the store has no gap.
        let before = self.stored.get();
        let request = PullRequest {
            since: before.map_or(0, |cursor| cursor.version),
            epoch: before.map(|cursor| cursor.epoch),
            by: self.signed_in().map(|signed_in| signed_in.staff),
        };
        let Body(bytes) = self.server.pull(request).await?;
        let page = Page::decode(&bytes).map_err(|_| ApiError::Mismatch)?;
        let starts_anew = before.is_none_or(|cursor| cursor.epoch != page.epoch);
        let done = page.to >= page.latest;
        if page.charts.is_empty() && page.catalogue.is_none() && !starts_anew && page.to == page.from {
            return Ok(Pulled::Whole);
        }
        let whole = done || (!starts_anew && before.is_some_and(|cursor| cursor.whole));
        let cursor = Cursor { epoch: page.epoch, version: page.to, whole };
        let settled = self.read(|replica| replica.settled_by(page.to));
        let key = page.to;
        self.replica.borrow_mut().add_page(page, cursor, starts_anew).map_err(|_| ApiError::Mismatch)?;
        arrived();
        self.store.add_page(NewPage { bytes: &bytes, cursor, starts_anew, settled: &settled }).await?;
        self.stored.set(Some(cursor));
        let mut pages = self.pages.borrow_mut();
        if starts_anew {
            pages.clear();
        }
        pages.push((key, bytes.len()));
        if done { Ok(Pulled::Whole) } else { Ok(Pulled::More) }
    }

    /// Merges the small pages of many single changes into one. Nothing is lost when it is cut off.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        let Some(cursor) = self.read(Replica::cursor).filter(|cursor| cursor.whole) else { return Ok(()) };
        let (since, small) = {
            let pages = self.pages.borrow();
            let run = pages.iter().rev().take_while(|(_, length)| *length < SMALL_PAGE).count();
            let (kept, small) = pages.split_at(pages.len() - run);
            (kept.last().map_or(0, |(key, _)| *key), small.iter().map(|(key, _)| *key).collect::<Vec<_>>())
        };
        if small.len() < MOST_SMALL_PAGES {
            return Ok(());
        }
        let page = self.read(|replica| {
            let mut charts: Vec<_> = replica.mirror().filter(|mirrored| mirrored.version > since).collect();
            charts.sort_by_key(|mirrored| mirrored.version);
            Page {
                format: PAGE_FORMAT,
                epoch: cursor.epoch,
                from: since,
                to: cursor.version,
                latest: cursor.version,
                total: u32::try_from(replica.progress().1).unwrap_or(u32::MAX),
                charts: charts
                    .into_iter()
                    .map(|mirrored| PageChart {
                        client: mirrored.chart.client.id,
                        version: mirrored.version,
                        body: Body(encode(mirrored.chart.as_ref())),
                    })
                    .collect(),
                catalogue: replica.catalogue().map(|catalogue| Body(encode(catalogue.as_ref()))),
            }
        });
        let bytes = page.encode();
        let length = bytes.len();
        self.store.merge_pages(&small, bytes).await?;
        let mut pages = self.pages.borrow_mut();
        pages.retain(|(key, _)| !small.contains(key));
        pages.extend(small.last().map(|key| (*key, length)));
        Ok(())
    }

    /// Takes a refused command out of the outbox, after a person has seen it.
    pub async fn dismiss(&self, number: u64) -> Result<(), StoreError> {
        self.store.dismiss(number).await?;
        self.replica.borrow_mut().dismiss(number);
        Ok(())
    }

    /// Takes up what another tab of the same browser put into the outbox meanwhile; returns what is being charted.
    pub async fn adopt(&self) -> Result<Vec<Draft>, StoreError> {
        let (queued, drafts) = (self.store.outbox().await?, self.store.drafts().await?);
        let mut replica = self.replica.borrow_mut();
        for queued in queued {
            if !replica.knows(queued.number) {
                replica.add_pending(Pending::new(queued));
            }
        }
        Ok(drafts)
    }
}

fn new_uuid(host: &dyn Host) -> uuid::Uuid {
    uuid_v7(host.now().millis().unsigned_abs(), host.random())
}
