//! What is told when the program breaks off something because of a bug of its own.

use std::panic::PanicHookInfo;

/// Where it happened, and what the source says to it. Words that were made while running are left out: they may hold what somebody typed,
/// or a row of the record.
pub fn told(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(|| "somewhere".to_owned(), |at| format!("at {}:{}", at.file(), at.line()));
    match panic.payload().downcast_ref::<&'static str>() {
        Some(words) => format!("a bug {place}: {words}"),
        None => format!("a bug {place}"),
    }
}
