//! Postgres's own log, a file beside the data.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};

use super::account::Account;
use super::error::PrivatePostgresError;
use super::files;
use super::home::Home;

/// Beyond this the log is put aside at the next start; one older is kept.
const FULL: u64 = 4 << 20;
/// How much of its end is shown when a start fails.
const TAIL_LINES: usize = 12;
const TAIL_BYTES: u64 = 8 << 10;

/// The log, and where in it the present start begins.
pub(super) struct Log {
    file: File,
    began: u64,
}

impl Log {
    pub fn open(home: &Home, account: &Account) -> Result<Self, PrivatePostgresError> {
        let path = home.log();
        let open = || -> io::Result<Self> {
            if fs::symlink_metadata(&path).is_ok_and(|found| found.len() > FULL) {
                fs::rename(&path, path.with_extension("log.old"))?;
            }
            let file = files::open_private(&path, account, true)?;
            let began = file.metadata()?.len();
            Ok(Self { file, began })
        };
        open().map_err(PrivatePostgresError::files("open the log", &path))
    }

    /// A handle for a child process to write to.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// The last lines since this start began.
    pub fn tail(&self) -> String {
        let read = || -> io::Result<String> {
            let mut file = self.file.try_clone()?;
            let from = self.began.max(file.metadata()?.len().saturating_sub(TAIL_BYTES));
            file.seek(SeekFrom::Start(from))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(last_lines(&bytes))
        };
        read().unwrap_or_else(|error| format!("(the log could not be read: {error})"))
    }
}

/// The end of what a program printed.
pub(super) fn last_lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return "(nothing)".to_owned();
    }
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
