//! Finds the Postgres programs.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::PrivatePostgresError;

/// The oldest major version the migrations run on.
pub(super) const OLDEST_MAJOR: u32 = 15;

/// An installation.
#[derive(Debug)]
pub(super) struct Programs {
    pub folder: PathBuf,
    pub major: u32,
}

impl Programs {
    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }
}

/// Where to look. A value, so that tests can look elsewhere.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// `PG_BINDIR`. When set, only this is looked at: whoever sets it would not want to be given another.
    pub chosen: Option<PathBuf>,
    /// The program `pg_config`.
    pub pg_config: Option<PathBuf>,
    /// A folder with one folder per major version, as Debian lays it out.
    pub versions: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
}

impl Places {
    pub fn of_this_machine() -> Self {
        Self {
            chosen: env::var_os("PG_BINDIR").filter(|value| !value.is_empty()).map(absolute),
            pg_config: Some("pg_config".into()),
            versions: Some("/usr/lib/postgresql".into()),
            path: env::var_os("PATH"),
        }
    }

    /// Folders that may hold the programs, best first. Lazy, because asking `pg_config` costs a process.
    fn folders(&self) -> Box<dyn Iterator<Item = PathBuf> + '_> {
        if let Some(chosen) = &self.chosen {
            return Box::new(std::iter::once(chosen.clone()));
        }
        let told = std::iter::once_with(|| self.pg_config.as_deref().and_then(ask_pg_config)).flatten();
        let versions = std::iter::once_with(|| self.versions.as_deref().map(newest_first).unwrap_or_default()).flatten();
        let path = self.path.iter().flat_map(env::split_paths).filter(|folder| folder.is_absolute());
        Box::new(told.chain(versions).chain(path))
    }

    fn describe(&self) -> String {
        if let Some(chosen) = &self.chosen {
            return format!("PG_BINDIR is {}", chosen.display());
        }
        let versions = self.versions.as_deref().map(|folder| format!("{}/*/bin, ", folder.display())).unwrap_or_default();
        format!("looked at PG_BINDIR, which is not set, `pg_config --bindir`, {versions}and PATH")
    }
}

/// The first installation that can run data of the major version `data`, or any new enough when there is no data yet.
pub(super) fn find(places: &Places, data: Option<u32>) -> Result<Programs, PrivatePostgresError> {
    let mut passed_over: Vec<String> = Vec::new();
    for folder in places.folders() {
        let Some(major) = major_version(&folder) else { continue };
        let fits = data.map_or(major >= OLDEST_MAJOR, |data| data == major);
        if fits {
            return Ok(Programs { folder, major });
        }
        let found = format!("version {major} in {}", folder.display());
        if !passed_over.contains(&found) {
            passed_over.push(found);
        }
    }
    let found = if passed_over.is_empty() { "nothing".to_owned() } else { passed_over.join(" and ") };
    let looked = format!("{}: found {found}", places.describe());
    Err(match data {
        Some(data) if !passed_over.is_empty() => PrivatePostgresError::OtherVersion { data, looked },
        _ => PrivatePostgresError::NoPrograms { looked },
    })
}

/// Postgres is started from another folder than this process's.
fn absolute(folder: OsString) -> PathBuf {
    std::path::absolute(&folder).unwrap_or_else(|_| folder.into())
}

fn ask_pg_config(program: &Path) -> Option<PathBuf> {
    let answer = Command::new(program).arg("--bindir").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let folder = String::from_utf8(answer.stdout).ok()?;
    let folder = folder.trim();
    (answer.status.success() && !folder.is_empty()).then(|| folder.into())
}

fn newest_first(versions: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(versions)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The major version of the programs in `folder`, if both are there. (`pg_config` comes with the client library too,
/// and then names a folder without a server.)
fn major_version(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let answer = Command::new(folder.join("postgres")).arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    parse_version(&String::from_utf8(answer.stdout).ok()?)
}

/// Reads `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, and also `17beta1` and `18devel`.
fn parse_version(line: &str) -> Option<u32> {
    let (_, version) = line.split_once("(PostgreSQL) ")?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::private_postgres::throw_away::PassingFolder;

    /// An installation that knows only its version.
    fn pretend(folder: &Path, version: &str) {
        fs::create_dir_all(folder).unwrap();
        for program in ["postgres", "initdb"] {
            let path = folder.join(program);
            fs::write(&path, format!("#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 18devel"), Some(18));
        assert_eq!(parse_version("postgres (PostgreSQL) 16"), Some(16));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn nothing_found_names_three_remedies() {
        let error = find(&Places::default(), None).unwrap_err().to_string();
        for remedy in ["apt install postgresql", "PG_BINDIR", "DATABASE_URL"] {
            assert!(error.contains(remedy), "{error}");
        }
        let chosen = Places { chosen: Some("/nowhere".into()), ..Places::of_this_machine() };
        let error = find(&chosen, None).unwrap_err().to_string();
        assert!(error.contains("PG_BINDIR is /nowhere"), "{error}");
    }

    #[test]
    fn the_newest_is_taken_unless_the_data_wants_another() {
        let folder = PassingFolder::create().unwrap();
        let versions = folder.path().join("versions");
        pretend(&versions.join("9/bin"), "9.6");
        pretend(&versions.join("15/bin"), "15.2");
        pretend(&versions.join("17/bin"), "17.1");
        let places = Places { versions: Some(versions.clone()), ..Places::default() };

        assert_eq!(find(&places, None).unwrap().folder, versions.join("17/bin"));
        assert_eq!(find(&places, Some(15)).unwrap().folder, versions.join("15/bin"));
        let error = find(&places, Some(16)).unwrap_err();
        assert!(matches!(error, PrivatePostgresError::OtherVersion { data: 16, .. }), "{error}");

        let only_old = Places { chosen: Some(versions.join("9/bin")), ..Places::default() };
        let error = find(&only_old, None).unwrap_err().to_string();
        assert!(error.contains("version 9 in"), "{error}");
        let by_path = Places { path: Some(versions.join("15/bin").into()), ..Places::default() };
        assert_eq!(find(&by_path, None).unwrap().major, 15);
    }
}
