//! A device: the app's own engine on a disk in memory, and a wire that drops, repeats and delays.

use crate::clinic::{CLINIC, Counting, PROVIDER};
use app::{
    api::{ApiError, PullRequest, PushRequest, SignedIn, audit::LookedRequest},
    ports::{Along, Cursor, Draft, DraftKey, Host, LocalStore, NewPage, Queued, QueuedLook, Saved, Server, StoreError},
    sync::Engine,
};
use async_trait::async_trait;
use domain::{
    catalogue::Role,
    ids::{InstallationId, LookId},
    sync::{Body, Outcome},
    time::Moment,
};
use server::{
    audit,
    clinic::Clinics,
    sync::{pull, push},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

pub fn signed_in() -> SignedIn {
    SignedIn { clinic: CLINIC, staff: PROVIDER, name: "Dr Ama Osei".into(), role: Role::MedicalDirector }
}

/// What happens to the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// It never arrives.
    LostOnTheWay,
    /// It is done, but the answer is lost: to the device the same as a server that crashed after the commit.
    AnswerLost,
    /// It arrives twice.
    Twice,
    /// Only the first command of a push is taken before the server fails.
    CutShort,
}

/// The wire between one device and the server.
pub struct Wire {
    pub clinics: Arc<Clinics>,
    pub fault: Rc<Cell<Fault>>,
    /// Whoever is signed in has it at this moment.
    pub role: Rc<Cell<Role>>,
}

impl Wire {
    async fn receive(&self, request: &PushRequest, most: usize) -> Result<Vec<Outcome>, ApiError> {
        let mut outcomes = Vec::new();
        for command in request.commands.iter().take(most) {
            let outcome = push::receive(&self.clinics, &signed_in(), request.installation, command).await;
            outcomes.push(outcome.unwrap_or_else(|error| panic!("the server failed: {error}")));
        }
        Ok(outcomes)
    }
}

#[async_trait(?Send)]
impl Server for Wire {
    async fn who(&self) -> Result<SignedIn, ApiError> {
        Ok(signed_in())
    }

    async fn push(&self, request: PushRequest) -> Result<Vec<Outcome>, ApiError> {
        match self.fault.replace(Fault::None) {
            Fault::None => self.receive(&request, usize::MAX).await,
            Fault::LostOnTheWay => Err(ApiError::Unreachable),
            Fault::AnswerLost => {
                self.receive(&request, usize::MAX).await?;
                Err(ApiError::Unreachable)
            }
            Fault::Twice => {
                self.receive(&request, usize::MAX).await?;
                self.receive(&request, usize::MAX).await
            }
            Fault::CutShort => self.receive(&request, 1).await,
        }
    }

    async fn looked(&self, request: LookedRequest) -> Result<(), ApiError> {
        let told = match self.fault.get() {
            Fault::LostOnTheWay => Err(ApiError::Unreachable),
            _ => audit::looks::take(&self.clinics, &signed_in(), &request.looks).await.map_err(|_| ApiError::Internal),
        };
        if self.fault.replace(Fault::None) == Fault::AnswerLost { Err(ApiError::Unreachable) } else { told }
    }

    async fn pull(&self, request: PullRequest) -> Result<Body, ApiError> {
        let page = |request| async move {
            let page = pull::page(&self.clinics, CLINIC, self.role.get(), request).await;
            Ok(Body(page.unwrap_or_else(|error| panic!("the server failed: {error}")).encode()))
        };
        match self.fault.replace(Fault::None) {
            Fault::LostOnTheWay | Fault::AnswerLost => Err(ApiError::Unreachable),
            Fault::None | Fault::Twice | Fault::CutShort => page(request).await,
        }
    }
}

/// A disk in memory; it outlives the engine, as a disk outlives a killed tab.
#[derive(Clone, Default)]
pub struct Disk(Rc<RefCell<Kept>>);

#[derive(Default)]
struct Kept {
    saved: Saved,
    looks: Vec<QueuedLook>,
    last_number: u64,
    /// The next write fails, as a full disk does.
    full: bool,
}

impl Disk {
    pub fn fill_up(&self, full: bool) {
        self.0.borrow_mut().full = full;
    }

    /// All pages of the mirror, as they lie there.
    pub fn pages(&self) -> Vec<u8> {
        self.0.borrow().saved.pages.iter().flat_map(|(_, bytes)| bytes).copied().collect()
    }

    pub fn outbox(&self) -> Vec<Queued> {
        self.0.borrow().saved.outbox.clone()
    }

    /// Changes the text of a queued command, as a bug or a damaged disk might.
    pub fn tamper(&self, number: u64, change: impl FnOnce(&str) -> String) {
        let mut kept = self.0.borrow_mut();
        let queued = kept.saved.outbox.iter_mut().find(|queued| queued.number == number).expect("it is queued");
        queued.text = change(&queued.text);
    }

    fn write<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> Result<T, StoreError> {
        let mut kept = self.0.borrow_mut();
        if kept.full { Err(StoreError::Full) } else { Ok(change(&mut kept)) }
    }
}

#[async_trait(?Send)]
impl LocalStore for Disk {
    async fn load(&self) -> Result<Saved, StoreError> {
        Ok(self.0.borrow().saved.clone())
    }

    async fn outbox(&self) -> Result<Vec<Queued>, StoreError> {
        Ok(self.0.borrow().saved.outbox.clone())
    }

    async fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        Ok(self.0.borrow().saved.drafts.clone())
    }

    async fn save_installation(&self, installation: InstallationId) -> Result<(), StoreError> {
        self.write(|kept| kept.saved.installation = Some(installation))
    }

    async fn queue(&self, command: &str, along: Along<'_>) -> Result<u64, StoreError> {
        let draft = if let Along::Draft(draft) = along { Some(draft) } else { None };
        self.write(|kept| {
            kept.last_number += 1;
            kept.saved.outbox.push(Queued { number: kept.last_number, text: command.to_owned(), answer: None });
            kept.saved.drafts.retain(|kept| Some(kept.key()) != draft);
            kept.last_number
        })
    }

    async fn answer(&self, answers: &[(u64, Outcome)]) -> Result<(), StoreError> {
        self.write(|kept| {
            for (number, outcome) in answers {
                if let Some(queued) = kept.saved.outbox.iter_mut().find(|queued| queued.number == *number) {
                    queued.answer = Some(outcome.clone());
                }
            }
        })
    }

    async fn dismiss(&self, number: u64) -> Result<(), StoreError> {
        self.write(|kept| kept.saved.outbox.retain(|queued| queued.number != number))
    }

    async fn add_page(&self, page: NewPage<'_>) -> Result<(), StoreError> {
        self.write(|kept| {
            if page.starts_anew {
                kept.saved.pages.clear();
            }
            kept.saved.pages.push((page.cursor.version, page.bytes.to_vec()));
            kept.saved.cursor = Some(page.cursor);
            kept.saved.outbox.retain(|queued| !page.settled.contains(&queued.number));
        })
    }

    async fn merge_pages(&self, merged: &[u64], page: Vec<u8>) -> Result<(), StoreError> {
        self.write(|kept| {
            kept.saved.pages.retain(|(key, _)| !merged.contains(key));
            kept.saved.pages.extend(merged.last().map(|last| (*last, page)));
        })
    }

    async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.write(|kept| {
            kept.saved.drafts.retain(|kept| kept.key() != draft.key());
            kept.saved.drafts.push(draft.clone());
        })
    }

    async fn drop_draft(&self, draft: DraftKey) -> Result<(), StoreError> {
        self.write(|kept| kept.saved.drafts.retain(|kept| kept.key() != draft))
    }

    async fn save_typed(&self, about: &str, text: Option<&str>) -> Result<(), StoreError> {
        self.write(|kept| match text {
            Some(text) => kept.saved.typed.insert(about.to_owned(), text.to_owned()),
            None => kept.saved.typed.remove(about),
        })?;
        Ok(())
    }

    async fn queue_look(&self, look: &QueuedLook) -> Result<(), StoreError> {
        self.write(|kept| kept.looks.push(*look))
    }

    async fn looks(&self) -> Result<Vec<QueuedLook>, StoreError> {
        Ok(self.0.borrow().looks.clone())
    }

    async fn drop_looks(&self, looks: &[LookId]) -> Result<(), StoreError> {
        self.write(|kept| kept.looks.retain(|queued| !looks.contains(&queued.look.id)))
    }

    async fn save_sign_in(&self, signed_in: Option<&SignedIn>) -> Result<(), StoreError> {
        self.write(|kept| kept.saved.signed_in = signed_in.cloned())
    }
}

/// Clock and randomness of one device, apart from every other's.
pub struct DeviceHost(pub u8, pub Rc<Counting>);

impl Host for DeviceHost {
    fn now(&self) -> Moment {
        Moment::from_millis(1_790_000_000_000 + self.1.tick())
    }

    fn random(&self) -> [u8; 10] {
        let n = self.1.tick().to_le_bytes();
        [self.0, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], self.0]
    }
}

/// One device of the clinic.
pub struct Device {
    pub engine: Engine,
    pub disk: Disk,
    pub fault: Rc<Cell<Fault>>,
    pub role: Rc<Cell<Role>>,
    name: u8,
    clock: Rc<Counting>,
    clinics: Arc<Clinics>,
}

impl Device {
    pub async fn new(name: u8, clinics: &Arc<Clinics>) -> Self {
        let device = Self::open(name, clinics.clone(), Disk::default(), Rc::new(Counting::from(i64::from(name) * 1_000_000))).await;
        device.engine.set_signed_in(Some(signed_in())).await.expect("there is room");
        device
    }

    async fn open(name: u8, clinics: Arc<Clinics>, disk: Disk, clock: Rc<Counting>) -> Self {
        let fault = Rc::new(Cell::new(Fault::None));
        let role = Rc::new(Cell::new(signed_in().role));
        let wire = Wire { clinics: clinics.clone(), fault: fault.clone(), role: role.clone() };
        let host = DeviceHost(name, clock.clone());
        let (engine, _) = Engine::start(Rc::new(disk.clone()), Rc::new(wire), Rc::new(host)).await.expect("the disk can be read");
        Self { engine, disk, fault, role, name, clock, clinics }
    }

    /// The tab is killed and opened again: all that was in memory is gone.
    pub async fn kill(self) -> Self {
        Self::open(self.name, self.clinics, self.disk, self.clock).await
    }

    /// The same with another server at the clinic's address.
    pub async fn at(self, clinics: Arc<Clinics>) -> Self {
        Self::open(self.name, clinics, self.disk, self.clock).await
    }

    /// Pushes and pulls until there is nothing left to do.
    pub async fn sync(&self) {
        while self.engine.push().await.expect("the wire holds") != app::sync::Pushed::Nothing {}
        while self.engine.pull(|| ()).await.expect("the wire holds") == app::sync::Pulled::More {}
    }

    pub fn cursor(&self) -> Option<Cursor> {
        self.engine.read(app::sync::Replica::cursor)
    }
}
