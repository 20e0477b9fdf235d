//! An iPad that nobody touches locks itself: when none of its tabs was touched for a while.

use super::Vault;
use app::{api::installation::LOCKS_AFTER_MINUTES, ports::Vault as _};
use domain::time::Moment;
use gloo::{events::EventListener, timers::callback::Interval};
use leptos::{
    prelude::{document, window},
    task::spawn_local,
};
use std::{cell::Cell, rc::Rc};

const LOOK_EVERY_MS: u32 = 5_000;

/// For the other tabs: when somebody touched one. It says nothing of what was done.
const TOUCHED: &str = "touched";
/// So often they are told at most.
const TELL_EVERY_MS: i64 = 2_000;

/// When a tab of this browser was last touched.
#[derive(Clone)]
struct Touched {
    here: Rc<Cell<Moment>>,
    told: Rc<Cell<Moment>>,
}

impl Touched {
    fn last(&self) -> Moment {
        let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(TOUCHED).ok().flatten());
        let elsewhere = stored.and_then(|millis| millis.parse().ok()).map(Moment::from_millis);
        // A clock that was put back must not keep it open.
        elsewhere.filter(|at| *at <= super::now()).map_or(self.here.get(), |at| at.max(self.here.get()))
    }

    fn is_over(&self) -> bool {
        super::now().millis() - self.last().millis() > LOCKS_AFTER_MINUTES * 60_000
    }

    fn touch(&self) {
        let now = super::now();
        // A page that was asleep and is touched now is too late.
        if now.millis() - self.here.get().millis() > TELL_EVERY_MS && self.is_over() {
            return;
        }
        self.here.set(now);
        if now.millis() - self.told.get().millis() > TELL_EVERY_MS {
            self.told.set(now);
            if let Ok(Some(storage)) = window().local_storage() {
                // Not told, the other tabs lock it a little early.
                let _ = storage.set_item(TOUCHED, &now.millis().to_string());
            }
        }
    }
}

pub fn watch(vault: &Rc<Vault>) {
    let touched = Touched { here: Rc::new(Cell::new(super::now())), told: Rc::new(Cell::new(Moment::from_millis(0))) };
    touched.touch();
    for event in ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] {
        let touched = touched.clone();
        EventListener::new(&document(), event, move |_| touched.touch()).forget();
    }
    let (locking, vault) = (Rc::new(Cell::new(false)), vault.clone());
    let look = Rc::new(move || {
        if touched.is_over() && vault.can_lock() && !locking.replace(true) {
            let vault = vault.clone();
            spawn_local(async move { vault.lock().await });
        }
    });
    let again = look.clone();
    EventListener::new(&document(), "visibilitychange", move |_| again()).forget();
    Interval::new(LOOK_EVERY_MS, move || look()).forget();
}
