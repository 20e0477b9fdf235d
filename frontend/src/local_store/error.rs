use app::ports::StoreError;
use indexed_db_futures::error::Error;

/// What the browser says, as far as a person can do something about it.
pub fn failed(error: Error) -> StoreError {
    // The name of the exception is all that browsers agree on.
    let words = format!("{error:?} {error}");
    if words.contains("Quota") { StoreError::Full } else { StoreError::Failed(error.to_string()) }
}

pub fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
