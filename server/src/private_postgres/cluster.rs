//! The cluster: is there one, of which version, and how a new one is made.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use nix::sys::signal::Signal;

use super::account::Account;
use super::error::PrivatePostgresError;
use super::home::Home;
use super::locate::Programs;
use super::settings::Durability;
use super::{OWNER, files, log, process};

/// Text is compared by its bytes, alike on every machine: what is shown is sorted by the app.
pub(super) const LOCALE: &str = "C.UTF-8";

/// How the name of an unfinished cluster begins.
const UNFINISHED: &str = "cluster.new";

/// The major version of the data in `cluster`, or `None` when there is no data yet.
pub(super) fn major_version(cluster: &Path) -> Result<Option<u32>, PrivatePostgresError> {
    match fs::read_to_string(cluster.join("PG_VERSION")) {
        Ok(version) => match version.trim().parse() {
            Ok(major) => Ok(Some(major)),
            Err(_) => Err(PrivatePostgresError::NotACluster { path: cluster.to_owned() }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // An empty folder is taken over; anything else is somebody's.
            match fs::read_dir(cluster).map(|mut entries| entries.next().is_none()) {
                Ok(false) => Err(PrivatePostgresError::NotACluster { path: cluster.to_owned() }),
                _ => Ok(None),
            }
        }
        Err(error) => Err(PrivatePostgresError::files("read the database's version in", cluster)(error)),
    }
}

/// Makes a new cluster: aside, then renamed, so that a killed `initdb` never leaves half a cluster in its place.
pub(super) fn create(home: &Home, programs: &Programs, account: &Account, durability: Durability) -> Result<(), PrivatePostgresError> {
    clear_unfinished(home).map_err(PrivatePostgresError::files("clear an unfinished database in", home.path()))?;
    // Named after the process: an `initdb` that outlived its server may still be writing to the one before.
    let aside = home.path().join(format!("{UNFINISHED}-{}", std::process::id()));
    DirBuilder::new()
        .mode(0o700)
        .create(&aside)
        .and_then(|()| account.give(&aside))
        .map_err(PrivatePostgresError::files("create the folder", &aside))?;

    let mut initdb = account.command(&programs.initdb());
    initdb
        .arg("--pgdata")
        .arg(&aside)
        .args(["--username", OWNER, "--encoding", "UTF8", "--locale", LOCALE])
        // The socket's folder decides who gets in, and it is closed to all but the account (and root). Asking for the
        // name of the connecting process's user on top would only lock out root, who starts the server.
        .args(["--auth-local", "trust", "--auth-host", "reject"])
        .args(["--data-checksums", "--no-instructions"]);
    if durability == Durability::ThrowAway {
        initdb.arg("--no-sync");
    }
    // This thread waits for it, so the signal is sent when the process dies and not earlier.
    process::end_with_this_thread(&mut initdb, Signal::SIGTERM);
    let made = initdb.output().map_err(PrivatePostgresError::files("run", &programs.initdb()))?;
    if !made.status.success() {
        let _ = fs::remove_dir_all(&aside);
        let said = log::last_lines(&[made.stdout, made.stderr].concat());
        return Err(PrivatePostgresError::NotCreated { status: made.status.to_string(), said });
    }
    fs::rename(&aside, home.cluster())
        .and_then(|()| match durability {
            Durability::Full => files::sync_folder(home.path()),
            Durability::ThrowAway => Ok(()),
        })
        .map_err(PrivatePostgresError::files("put the new database in place at", &home.cluster()))
}

fn clear_unfinished(home: &Home) -> io::Result<()> {
    for entry in fs::read_dir(home.path())? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
