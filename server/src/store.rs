//! Postgres. All SQL of the product stands in this folder.

pub mod audit;
pub mod catalogue;
pub mod chart;
pub mod clinic;
pub mod consent;
pub mod follow_up;
pub mod installation;
pub mod invitation;
pub mod numbers;
pub mod own_pages;
pub mod passkey;
pub mod people;
pub mod photo;
pub mod receipt;
pub mod restored;
pub mod second_factor;
pub mod sign_in;
pub mod sign_in_try;

use domain::rejection::Rejection;
use sqlx::{PgPool, Postgres, Transaction};

/// Something the database would not do. Logged once, at the HTTP edge, so its words name nobody and repeat nothing that was typed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {}", told(.0))]
    Database(#[from] sqlx::Error),
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
}

/// Classes of SQLSTATE whose messages name tables, columns and constraints, and never what is in them.
const SAID: [&str; 11] = ["08", "23", "25", "28", "40", "42", "53", "54", "55", "57", "58"];

/// An error of the database, without what was to be stored. What Postgres adds to a message (the failing row, the value that is there
/// twice) is never told.
fn told(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if SAID.iter().any(|class| code.starts_with(class)) { format!("{code}: {}", error.message()) } else { format!("error {code}") }
        }
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} is not what it should be"),
        sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => "something is not what it should be".to_owned(),
        error => error.to_string(),
    }
}

/// Where JSON could not be read; not what stood there.
fn unreadable_json(error: &serde_json::Error) -> StoreError {
    StoreError::Unreadable(format!("JSON, {:?} at {}:{}", error.classify(), error.line(), error.column()))
}

/// What was typed, as it may be looked for: Postgres keeps every character but one, and nobody has an address with that in it.
pub fn storable(typed: &str) -> String {
    typed.replace('\0', "\u{fffd}")
}

impl StoreError {
    /// What was sent cannot be kept, whoever sends it and however often: a character or a year Postgres does not know, a number that is
    /// too large, a text too long for its index.
    pub fn is_unstorable(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code.starts_with("22") || code.starts_with("54"))
    }

    /// A constraint stood in the way: what the chart alone could not see, such as that somebody else was quicker.
    pub fn rejection(&self) -> Option<Rejection> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        match error.constraint() {
            Some("provider_free") => Some(Rejection::Taken),
            Some("client_free") => Some(Rejection::ClientBusy),
            Some("room_free") => Some(Rejection::RoomTaken),
            Some("device_free") => Some(Rejection::DeviceTaken),
            _ if error.is_unique_violation() || error.is_foreign_key_violation() || error.is_check_violation() => Some(Rejection::Exists),
            _ => None,
        }
    }

    /// Whether it is this constraint that stood in the way.
    pub fn is_about(&self, constraint: &str) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.constraint() == Some(constraint))
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// A transaction on behalf of one clinic; row-level security lets it see nothing else.
pub type Tx = Transaction<'static, Postgres>;

/// Opens a transaction for one clinic. The setting ends with it.
pub async fn begin(pool: &PgPool, clinic: domain::ids::ClinicId) -> Result<Tx> {
    // In one go: nearly everything that is asked of Postgres begins so.
    let begin = format!("begin; set local cadence.clinic_id = '{clinic}'");
    Ok(pool.begin_with(sqlx::AssertSqlSafe(begin)).await?)
}

/// Turns a transaction to one clinic.
pub async fn enter(tx: &mut Tx, clinic: domain::ids::ClinicId) -> Result<()> {
    sqlx::query!("select set_config('cadence.clinic_id', $1, true)", clinic.to_string()).fetch_one(&mut **tx).await?;
    Ok(())
}
