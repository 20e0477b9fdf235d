//! What this browser keeps is sealed; here is who opens it, when it is locked again, and how it is emptied.

mod idle;
pub mod keys;
mod openers;
pub mod seal;
mod wipe;
mod worker;

use crate::{
    host::Browser as Machine,
    local_store::{
        self, INSTALLATION, SIGNED_IN, before_sealing,
        connection::{Connection, META},
        error::failed,
        from_json, json, put,
    },
    server::in_time,
};
use app::{
    api::{
        self, ApiError, SignedIn,
        installation::{Opened, PinTyped, Standing},
    },
    ports::{Host, OpenError, Pin, StoreError},
    sign_in::SIGN_IN,
};
use async_trait::async_trait;
use before_sealing::Before;
use domain::{
    ids::{InstallationId, StaffId, uuid_v7},
    time::Moment,
};
use futures::future::{Either, select};
use gloo::timers::{callback::Interval, future::TimeoutFuture};
use indexed_db_futures::transaction::TransactionDurability;
use keys::Keys;
use leptos::task::spawn_local;
use openers::{Lease, Opener};
use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, CryptoKey};

const DEVICE_KEY: &str = "device-key";
const OPENERS: &str = "openers";
/// When the sign-in began by which it was opened last.
const SIGN_IN_SINCE: &str = "sign-in-since";
/// The same of the sign-in that was locked: it opens nothing here any more, whether or not the server has heard of it.
const LOCKED_SINCE: &str = "locked-since";

/// Who types a PIN does not wait longer for a server that does not answer.
const SERVER_PATIENCE_MS: u32 = 4_000;
/// How often the worker is told the keys again.
const HOLD_MS: u32 = 10_000;
/// Whoever leaves the page waits so long at most for what is being written.
const WRITING_PATIENCE_MS: u32 = 2_000;

thread_local! {
    // Between the tabs of this browser: it is locked. One object for telling and listening: what it tells, it does not hear itself.
    static LOCKED: Option<BroadcastChannel> = BroadcastChannel::new("cadence-locked").ok();
}

pub struct Vault {
    connection: Connection,
    device: CryptoKey,
    installation: InstallationId,
    openers: RefCell<Vec<Opener>>,
    signed_in: RefCell<Option<SignedIn>>,
    since: Cell<Moment>,
    locked: Cell<Option<Moment>>,
    before: RefCell<Option<Before>>,
    /// Nothing is left of what lay open before.
    taken_over: Cell<bool>,
}

/// What a start finds.
pub enum Entry {
    /// Keys and person are there.
    Open,
    /// Those may open it by PIN; and why nobody is let in without.
    Locked(Vec<SignedIn>, Option<String>),
    /// Only a full sign-in helps.
    SignIn,
    /// The clinic wants it empty.
    Wipe,
}

fn now() -> Moment {
    Machine.now()
}

impl Vault {
    pub async fn find() -> Result<Self, StoreError> {
        let connection = Connection::open().await?;
        local_store::ask_to_persist();
        let database = connection.usable().await?;
        let tx = connection.read(&database, &[META])?;
        let meta = local_store::all(&tx, META).await?;
        drop(tx);
        let value = |name: &str| meta.iter().find(|(key, _)| key.as_string().as_deref() == Some(name)).map(|(_, value)| value);
        let before = before_sealing::find(&meta).await?;
        let known = |name| value(name).and_then(from_json);
        let installation: Option<InstallationId> = known(INSTALLATION).or_else(|| before.as_ref()?.installation);
        let installation = installation.unwrap_or_else(|| InstallationId(uuid_v7(now().millis().unsigned_abs(), Machine.random())));
        let signed_in = value(SIGNED_IN).and_then(from_json).or_else(|| before.as_ref()?.signed_in.clone());
        let device = match value(DEVICE_KEY).and_then(|key| key.clone().dyn_into::<CryptoKey>().ok()) {
            Some(device) => device,
            None => keys::new_device_key().await?,
        };
        let fresh = value(DEVICE_KEY).is_none();
        let openers: Option<Vec<Opener>> = value(OPENERS).and_then(from_json);
        let since: Option<Moment> = value(SIGN_IN_SINCE).and_then(from_json);
        let locked: Option<Option<Moment>> = value(LOCKED_SINCE).and_then(from_json);
        let vault = Self {
            connection,
            device,
            installation,
            openers: RefCell::new(openers.unwrap_or_default()),
            signed_in: RefCell::new(signed_in),
            since: Cell::new(since.unwrap_or(Moment::from_millis(0))),
            locked: Cell::new(locked.flatten()),
            before: RefCell::new(before),
            taken_over: Cell::new(before_sealing::is_done(&meta)),
        };
        if fresh {
            vault.write(&[(DEVICE_KEY, vault.device.clone().into()), (INSTALLATION, json(&installation)?)]).await?;
        }
        Ok(vault)
    }

    async fn write(&self, values: &[(&str, wasm_bindgen::JsValue)]) -> Result<(), StoreError> {
        let database = self.connection.usable().await?;
        let tx = self.connection.write(&database, &[META], TransactionDurability::Strict)?;
        let meta = tx.object_store(META).map_err(failed)?;
        for (name, value) in values {
            put(&meta, (*name).into(), value.clone())?;
        }
        self.connection.commit(tx).await
    }

    async fn write_openers(&self) -> Result<(), StoreError> {
        let openers = json(&*self.openers.borrow())?;
        self.write(&[(OPENERS, openers)]).await
    }

    fn people_by_pin(&self) -> Vec<SignedIn> {
        self.openers.borrow().iter().filter(|opener| opener.has_pin).map(|opener| opener.who.clone()).collect()
    }

    /// Opens it without asking anybody, if that may be: after a reload, after a full sign-in, or where nobody has chosen a PIN.
    pub async fn enter(&self) -> Result<Entry, StoreError> {
        // A tab that was slow may have told the worker the keys once more.
        let locked = self.locked.get() == Some(self.since.get());
        if !locked
            && self.signed_in.borrow().is_some()
            && let Some(keys) = worker::held().await
        {
            seal::hold(keys);
            self.settle().await?;
            return Ok(Entry::Open);
        }
        let people = self.people_by_pin();
        let asked = api::open(self.installation);
        let answer = if people.is_empty() { in_time(asked).await } else { soon(asked).await };
        let error = match answer {
            // It was locked, and the server did not hear of it.
            Ok(opened) if Some(opened.since) == self.locked.get() && !people.is_empty() => ApiError::Locked,
            Ok(opened) => {
                self.let_in(opened, None).await?;
                return Ok(Entry::Open);
            }
            Err(error) => error,
        };
        let reached = matches!(error, ApiError::SignedOut | ApiError::Locked | ApiError::NotAllowed);
        if reached && self.standing().await == Some(Standing::Wipe) {
            return Ok(Entry::Wipe);
        }
        Ok(match error {
            ApiError::SignedOut | ApiError::Locked if people.is_empty() => Entry::SignIn,
            ApiError::SignedOut | ApiError::Locked => Entry::Locked(people, None),
            // Who can type a PIN is told only when that does not help.
            _ if !people.is_empty() => Entry::Locked(people, None),
            error => Entry::Locked(people, Some(error.to_string())),
        })
    }

    pub async fn standing(&self) -> Option<Standing> {
        soon(api::standing_of(self.installation)).await.ok()
    }

    async fn let_in(&self, opened: Opened, pin: Option<&str>) -> Result<(), StoreError> {
        let Opened { signed_in, share, since, has_pin } = opened;
        seal::hold(Keys::of(&self.device, share).await?);
        let lease = match pin {
            Some(pin) => Some(Lease::new(&self.device, pin, share, now()).await?),
            None => None,
        };
        {
            let mut openers = self.openers.borrow_mut();
            let kept = openers.iter().position(|opener| opener.who.staff == signed_in.staff).map(|at| openers.remove(at));
            let lease = lease.or_else(|| kept?.lease.filter(|_| has_pin));
            openers.insert(0, Opener { who: signed_in.clone(), has_pin, lease, tries: 0 });
        }
        let openers = json(&*self.openers.borrow())?;
        let unlocked = (LOCKED_SINCE, json(&None::<Moment>)?);
        self.write(&[(OPENERS, openers), (SIGNED_IN, json(&signed_in)?), (SIGN_IN_SINCE, json(&since)?), unlocked]).await?;
        self.since.set(since);
        self.locked.set(None);
        self.signed_in.replace(Some(signed_in));
        self.settle().await
    }

    /// The keys are there: what lay open before is sealed.
    async fn settle(&self) -> Result<(), StoreError> {
        if !self.taken_over.get() {
            let before = self.before.take();
            before_sealing::take_over(&self.connection, before).await?;
            self.taken_over.set(true);
        }
        if let Some(keys) = seal::held() {
            worker::hold(&keys).await;
        }
        Ok(())
    }

    fn person(&self) -> Option<StaffId> {
        self.signed_in.borrow().as_ref().map(|who| who.staff)
    }

    async fn open_offline(&self, staff: StaffId, pin: &str) -> Result<(), OpenError> {
        let opener = {
            let mut openers = self.openers.borrow_mut();
            let opener = openers.iter_mut().find(|opener| opener.who.staff == staff).ok_or(OpenError::NeedsNetwork)?;
            opener.count(now()).map(|()| opener.clone())
        };
        // Counted on the disk before it is looked at.
        self.write_openers().await?;
        let opener = opener?;
        let share = match opener.open(&self.device, pin).await {
            Ok(share) => share,
            Err(error) => {
                if error == OpenError::TooManyPins {
                    self.end_lease(staff).await?;
                }
                return Err(error);
            }
        };
        seal::hold(Keys::of(&self.device, share).await?);
        {
            let mut openers = self.openers.borrow_mut();
            openers.iter_mut().filter(|opener| opener.who.staff == staff).for_each(|opener| opener.tries = 0);
        }
        let openers = json(&*self.openers.borrow())?;
        self.write(&[(OPENERS, openers), (SIGNED_IN, json(&opener.who)?), (LOCKED_SINCE, json(&None::<Moment>)?)]).await?;
        self.locked.set(None);
        self.signed_in.replace(Some(opener.who));
        self.settle().await?;
        Ok(())
    }

    async fn end_lease(&self, staff: StaffId) -> Result<(), StoreError> {
        self.openers.borrow_mut().iter_mut().filter(|opener| opener.who.staff == staff).for_each(|opener| opener.lease = None);
        self.write_openers().await
    }

    /// The clinic's server was reached as whoever is here.
    pub async fn renew(&self) {
        let Some(staff) = self.person() else { return };
        let stale = {
            let mut openers = self.openers.borrow_mut();
            let lease = openers.iter_mut().find(|opener| opener.who.staff == staff).and_then(|opener| opener.lease.as_mut());
            let stale = lease.filter(|lease| lease.is_stale(now()));
            stale.map(|lease| lease.renew(now())).is_some()
        };
        if stale {
            // Not written, it is renewed the next time.
            let _ = self.write_openers().await;
        }
    }

    /// For as long as the page lives: the worker holds the keys, and nobody being there locks it.
    pub fn watch(self: &Rc<Self>) {
        Interval::new(HOLD_MS, || {
            spawn_local(async {
                if let Some(keys) = seal::held() {
                    worker::hold(&keys).await;
                }
            });
        })
        .forget();
        worker::hold_from_the_start();
        LOCKED.with(|channel| {
            if let Some(channel) = channel {
                gloo::events::EventListener::new(channel, "message", |_| {
                    seal::forget();
                    spawn_local(async {
                        // This tab may have told the worker once more, just before it heard.
                        worker::drop_keys().await;
                        sign_out_and_ask().await;
                    });
                })
                .forget();
            }
        });
        idle::watch(self);
        // The server hears who is here, and says whether there is a PIN.
        let vault = self.clone();
        spawn_local(async move {
            if let Ok(opened) = in_time(api::open(vault.installation)).await
                && vault.person() == Some(opened.signed_in.staff)
                // Not locked meanwhile.
                && seal::held().is_some()
            {
                // Only what is known of the person changes; it can be told again at the next start.
                let _ = vault.let_in(opened, None).await;
            }
        });
    }

    /// The server does not know who is here any more: perhaps the clinic wants this browser empty.
    pub async fn signed_out(self: Rc<Self>) {
        if self.standing().await == Some(Standing::Wipe) {
            self.wipe().await;
        }
    }

    fn can_lock(&self) -> bool {
        let staff = self.person();
        self.openers.borrow().iter().any(|opener| Some(opener.who.staff) == staff && opener.has_pin)
    }

    async fn forget_keys(&self) {
        let mut waited = 0;
        while local_store::is_writing() && waited < WRITING_PATIENCE_MS {
            TimeoutFuture::new(20).await;
            waited += 20;
        }
        // First here, so that nothing tells the worker again.
        seal::forget();
        worker::drop_keys().await;
        LOCKED.with(|channel| {
            if let Some(channel) = channel {
                // Those that do not hear it find no keys at their next reload.
                let _ = channel.post_message(&wasm_bindgen::JsValue::NULL);
            }
        });
    }
}

/// The answer, if it comes while somebody still waits for it.
async fn soon<T>(call: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    match select(pin!(call), TimeoutFuture::new(SERVER_PATIENCE_MS)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(ApiError::Unreachable),
    }
}

/// Each tab for itself: one that looked before another had signed out would find the sign-in still there, and open.
async fn sign_out_and_ask() {
    // Without the network the server is not told: the sign-in that is left opens nothing here without the PIN.
    let _ = soon(api::sign_out()).await;
    reload();
}

fn reload() {
    if let Some(window) = web_sys::window() {
        // Fails only where a page may not navigate.
        let _ = window.location().reload();
    }
}

fn go_to(address: &str) {
    if let Some(window) = web_sys::window() {
        // Fails only where a page may not navigate.
        let _ = window.location().assign(address);
    }
}

#[async_trait(?Send)]
impl app::ports::Vault for Vault {
    async fn open(&self, staff: StaffId, pin: &str) -> Result<(), OpenError> {
        let typed = PinTyped { installation: self.installation, staff, pin: pin.to_owned() };
        match soon(api::switch(typed)).await {
            Ok(opened) => Ok(self.let_in(opened, Some(pin)).await?),
            Err(error @ (ApiError::SignedOut | ApiError::TooManyPins)) => {
                self.end_lease(staff).await?;
                Err(error.into())
            }
            Err(ApiError::Unreachable | ApiError::Internal) => self.open_offline(staff, pin).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn pin(&self) -> Result<Pin, StoreError> {
        let staff = self.person();
        let openers = self.openers.borrow();
        let opener = openers.iter().find(|opener| Some(opener.who.staff) == staff);
        Ok(match opener {
            Some(Opener { has_pin: true, lease: Some(_), .. }) => Pin::Here,
            Some(Opener { has_pin: true, .. }) => Pin::Elsewhere,
            _ => Pin::None,
        })
    }

    async fn choose_pin(&self, pin: &str, was: Option<&str>) -> Result<(), OpenError> {
        let opened = in_time(api::set_pin(self.installation, pin.to_owned(), was.map(str::to_owned))).await?;
        Ok(self.let_in(opened, Some(pin)).await?)
    }

    async fn lock(&self) {
        // What cannot be written is only a second bolt: the server is told, and the keys go.
        if let Ok(since) = json(&Some(self.since.get())) {
            let _ = self.write(&[(LOCKED_SINCE, since)]).await;
        }
        self.forget_keys().await;
        sign_out_and_ask().await;
    }

    async fn leave(&self) {
        self.forget_keys().await;
        let staff = self.person();
        self.openers.borrow_mut().retain(|opener| Some(opener.who.staff) != staff);
        // What cannot be written is only a name on the list of those who may open it, and the PIN still guards that.
        let _ = self.write_openers().await;
        if let Ok(nobody) = json(&None::<SignedIn>) {
            let _ = self.write(&[(SIGNED_IN, nobody)]).await;
        }
        let _ = soon(api::sign_out()).await;
        go_to(SIGN_IN);
    }
}
