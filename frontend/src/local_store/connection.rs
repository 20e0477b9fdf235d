//! The connection to IndexedDB, and what lies where.
//!
//! A browser may close the connection by itself: Chromium does when its disk is full. What comes next opens it anew, so
//! that saving goes on once there is room, without a reload.

use super::error::{closed, failed};
use app::ports::StoreError;
use indexed_db_futures::{
    Build,
    database::Database,
    error::{Error, OpenDbError, UnexpectedDataError},
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

pub const META: &str = "meta";
/// Pages of the mirror, by the version they reach to.
pub const PAGES: &str = "pages";
/// Commands, by this device's running number.
pub const OUTBOX: &str = "outbox";
/// The server's answers to them, by the same number.
pub const ANSWERS: &str = "answers";
/// What is being charted, by session and person.
pub const DRAFTS: &str = "drafts";
/// Text that is not saved yet, by what it is about.
pub const TYPED: &str = "typed";
/// Looks at clients of which the clinic does not know yet, by their id.
pub const LOOKS: &str = "looks";
/// Photographs the clinic does not have yet, by their id: which, and what hinders them.
pub const WAITING: &str = "photos-waiting";
/// Pictures in full size, by photograph: those that wait, and copies.
pub const PICTURES: &str = "pictures";
/// Small ones.
pub const THUMBNAILS: &str = "thumbnails";

pub const ALL: [&str; 10] = [META, PAGES, OUTBOX, ANSWERS, DRAFTS, TYPED, LOOKS, WAITING, PICTURES, THUMBNAILS];

pub struct Connection {
    database: RefCell<Database>,
    /// The last transaction could not be begun, or not be written: the browser has closed the database.
    closed: Cell<bool>,
}

impl Connection {
    pub async fn open() -> Result<Self, StoreError> {
        let database = connect().await.map_err(|_| StoreError::Unavailable)?;
        crate::panic::unsay();
        Ok(Self { database: RefCell::new(database), closed: Cell::new(false) })
    }

    /// The database, opened anew if need be.
    pub async fn usable(&self) -> Result<Database, StoreError> {
        if self.closed.get() {
            let database = connect().await.map_err(closed)?;
            self.database.replace(database);
            self.closed.set(false);
        }
        Ok(self.database.borrow().clone())
    }

    pub fn read<'a>(&self, database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
        self.begun(database.transaction(stores).with_mode(TransactionMode::Readonly).build())
    }

    /// With strict durability, what a person typed is on the disk before the transaction is called complete.
    pub fn write<'a>(
        &self,
        database: &'a Database,
        stores: &[&str],
        durability: TransactionDurability,
    ) -> Result<Transaction<'a>, StoreError> {
        let options = TransactionOptions::new().with_durability(durability);
        self.begun(database.transaction(stores).with_mode(TransactionMode::Readwrite).with_options(options).build())
    }

    pub async fn commit(&self, transaction: Transaction<'_>) -> Result<(), StoreError> {
        transaction.commit().await.map_err(|error| match error {
            // Nobody here gives a transaction up; the browser does when it cannot write it, and closes the database.
            Error::MissingData(UnexpectedDataError::TransactionAborted) => {
                self.closed.set(true);
                StoreError::Full
            }
            error => failed(error),
        })
    }

    fn begun<T>(&self, transaction: Result<T, Error>) -> Result<T, StoreError> {
        transaction.map_err(|error| {
            self.closed.set(true);
            failed(error)
        })
    }
}

/// Opens the database, and makes way for a later version of the app that wants to open it in another tab.
async fn connect() -> Result<Database, OpenDbError> {
    let database = open().await?;
    if let Ok(mut asked) = database.version_changes() {
        let held = database.clone();
        spawn_local(async move {
            if asked.recv().await.is_some() {
                held.close();
                crate::panic::say(
                    "Cadence was updated",
                    "Another tab of this browser has the newer version. Load this one again to go on here. Nothing is lost.",
                );
            }
        });
    }
    Ok(database)
}

/// Its name has the number of the layout: what lay open under the first is moved (`before_sealing.rs`), and not a byte of it stays.
const NAME: &str = "cadence-2";

/// Every database this app ever had.
pub const NAMES: [&str; 2] = ["cadence", NAME];

async fn open() -> Result<Database, OpenDbError> {
    Database::open(NAME)
        .with_version(1_u8)
        // A tab with an older version holds on to the database; what waits here goes on by itself once that tab is closed.
        .with_on_blocked(|_| {
            crate::panic::say(
                "Cadence was updated",
                "Another tab still has the version before. Close it, or load it again; this one then opens by itself. Nothing is lost.",
            );
            Ok(())
        })
        .with_on_upgrade_needed(|event, database| {
            // Each version adds to what the one before left; nothing that is there is touched.
            if event.old_version() < 1.0 {
                for name in ALL.into_iter().filter(|name| *name != OUTBOX) {
                    database.create_object_store(name).build()?;
                }
                database.create_object_store(OUTBOX).with_auto_increment(true).build()?;
            }
            Ok(())
        })
        .await
}
