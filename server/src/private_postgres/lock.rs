//! One server per home.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};

use super::account::Account;
use super::error::PrivatePostgresError;
use super::files;
use super::home::Home;

/// Held for as long as the value lives. The operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock and leaves this process's id in it for others to read, or says who holds it.
    pub fn take(home: &Home, account: &Account) -> Result<Self, PrivatePostgresError> {
        let path = home.lock();
        let mut file = files::open_private(&path, account, false).map_err(PrivatePostgresError::files("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut held_by = String::new();
                let _ = file.read_to_string(&mut held_by);
                let holder = match held_by.trim() {
                    "" => "its process is not known".to_owned(),
                    pid => format!("process {pid}"),
                };
                return Err(PrivatePostgresError::InUse { data: home.path().to_owned(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(PrivatePostgresError::files("lock", &path)(error)),
        }
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{}", std::process::id()))
            .map_err(PrivatePostgresError::files("write to", &path))?;
        Ok(Self { _file: file })
    }
}
