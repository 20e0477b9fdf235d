//! The connection to IndexedDB, and what lies where.
//!
//! A browser may close the connection by itself: Chromium does when its disk is full. What comes next opens it anew, so
//! that saving goes on once there is room, without a reload.

use super::error::{closed, failed};
use app::ports::StoreError;
use indexed_db_futures::{
    Build,
    database::Database,
    transaction::{Transaction, TransactionDurability, TransactionMode, TransactionOptions},
};
use std::cell::RefCell;

pub const META: &str = "meta";
/// Pages of the mirror, by the version they reach to.
pub const PAGES: &str = "pages";
/// Commands, by this device's running number.
pub const OUTBOX: &str = "outbox";
/// What is being charted, by session.
pub const DRAFTS: &str = "drafts";

pub struct Connection(RefCell<Database>);

impl Connection {
    pub async fn open() -> Result<Self, StoreError> {
        let database = connect().await.map_err(|_| StoreError::Unavailable)?;
        Ok(Self(RefCell::new(database)))
    }

    /// The database, open.
    pub async fn usable(&self) -> Result<Database, StoreError> {
        let database = self.0.borrow().clone();
        // Whether it is still open shows only when a transaction is asked for; an empty one costs nothing.
        if read(&database, &[META]).is_ok() {
            return Ok(database);
        }
        let database = connect().await.map_err(closed)?;
        self.0.replace(database.clone());
        Ok(database)
    }
}

async fn connect() -> Result<Database, indexed_db_futures::error::OpenDbError> {
    Database::open("cadence")
        .with_version(1_u8)
        .with_on_upgrade_needed(|_, database| {
            database.create_object_store(META).build()?;
            database.create_object_store(PAGES).build()?;
            database.create_object_store(OUTBOX).with_auto_increment(true).build()?;
            database.create_object_store(DRAFTS).build()?;
            Ok(())
        })
        .await
}

pub fn read<'a>(database: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
    database.transaction(stores).with_mode(TransactionMode::Readonly).build().map_err(failed)
}

/// With strict durability, what a person typed is on the disk before the transaction is called complete.
pub fn write<'a>(database: &'a Database, stores: &[&str], durability: TransactionDurability) -> Result<Transaction<'a>, StoreError> {
    let options = TransactionOptions::new().with_durability(durability);
    database.transaction(stores).with_mode(TransactionMode::Readwrite).with_options(options).build().map_err(failed)
}
