use app::ports::StoreError;
use indexed_db_futures::error::{Error, OpenDbError};

/// What the browser says, as far as a person can do something about it.
pub fn failed(error: Error) -> StoreError {
    // The name of the exception is all that browsers agree on.
    let words = format!("{error:?} {error}");
    if words.contains("Quota") { StoreError::Full } else { StoreError::Failed(error.to_string()) }
}

/// The browser closed the database and does not open it again. Of what a person can do something about, only a full
/// disk makes it do so.
pub fn closed(error: OpenDbError) -> StoreError {
    web_sys::console::error_1(&format!("{error:?}").into());
    StoreError::Full
}

pub fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
