//! Opening this browser by PIN, and locking it: colleagues share an iPad, and none sees what another left on it.

mod lock_page;
mod pad;
mod pin_page;

pub use lock_page::LockPage;
pub use pin_page::PinPage;

use crate::ports::{Pin, Vault};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;

/// The way out of the page that is shown.
#[derive(Clone, Copy)]
pub struct Door {
    vault: StoredValue<Rc<dyn Vault>, LocalStorage>,
    /// How who is here can open it next time; not known in the first moments.
    pub pin: RwSignal<Pin>,
}

impl Door {
    pub fn new(vault: Rc<dyn Vault>) -> Self {
        let door = Self { vault: StoredValue::new_local(vault), pin: RwSignal::new(Pin::None) };
        door.look();
        door
    }

    fn vault(&self) -> Rc<dyn Vault> {
        self.vault.get_value()
    }

    fn look(self) {
        spawn_local(async move {
            if let Ok(pin) = self.vault().pin().await {
                self.pin.try_set(pin);
            }
        });
    }

    /// The page is loaded anew, and asks for a PIN.
    pub fn lock(self) {
        spawn_local(async move { self.vault().lock().await });
    }

    pub fn leave(self) {
        spawn_local(async move { self.vault().leave().await });
    }
}

/// The door of the page that is shown.
pub fn use_door() -> Door {
    expect_context()
}
