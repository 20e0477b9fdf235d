//! The checked queries' metadata: what lets the server compile without a database.
//!
//! sqlx writes one file per query while compiling against a real database, and never removes one.
//! So the files are always made afresh in an empty folder, which then replaces `.sqlx` or is compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::workspace;

#[derive(Args)]
pub struct Options {
    /// Change nothing; fail when .sqlx is not what the queries and the database say
    #[arg(long)]
    check: bool,
}

pub fn run(options: &Options) -> Result<()> {
    let database = std::env::var("DATABASE_URL").unwrap_or_default();
    ensure!(!database.is_empty(), "DATABASE_URL is not set: give the address of a database with the migrations applied");

    let fresh = FreshFolder::new()?;
    compile_against_the_database(fresh.path())?;

    let made = read_folder(fresh.path())?;
    let kept_path = workspace::root().join(".sqlx");
    let kept = read_folder(&kept_path)?;

    if options.check {
        let differences = differences(&kept, &made);
        if !differences.is_empty() {
            for line in &differences {
                eprintln!("{line}");
            }
            bail!(".sqlx differs in {} file(s): run `cargo xtask sqlx` and commit the result", differences.len());
        }
        eprintln!(".sqlx is as the queries and the database say ({} queries)", made.len());
        return Ok(());
    }

    replace(&kept_path, &kept, &made)?;
    eprintln!(".sqlx written ({} queries)", made.len());
    Ok(())
}

/// sqlx's macros run only when the crate is compiled, so its root is touched for the while.
fn compile_against_the_database(into: &Path) -> Result<()> {
    let _touched = Touched::new(workspace::root().join("server/src/lib.rs"))?;
    let mut check = workspace::cargo();
    // Every target: queries in the tests need their metadata too.
    check.args(["check", "--package", "server", "--release", "--all-targets"]).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", into);
    workspace::run(&mut check, "compiling the server against the database")
}

type Files = BTreeMap<String, Vec<u8>>;

fn read_folder(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(files)
}

fn differences(kept: &Files, made: &Files) -> Vec<String> {
    let names: BTreeSet<_> = kept.keys().chain(made.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (kept.get(name), made.get(name)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(new)) => Some(format!("changed: {name}{}", query_of(new))),
            (Some(old), None) => Some(format!("no longer used: {name}{}", query_of(old))),
            (None, Some(new)) => Some(format!("missing: {name}{}", query_of(new))),
            (None, None) => None,
        })
        .collect()
}

/// The start of a query's text, so that a person recognises it.
fn query_of(file: &[u8]) -> String {
    let parsed: serde_json::Value = serde_json::from_slice(file).unwrap_or_default();
    let text = parsed["query"].as_str().unwrap_or_default();
    let words: Vec<_> = text.split_whitespace().take(12).collect();
    if words.is_empty() { String::new() } else { format!("  ({} …)", words.join(" ")) }
}

/// Touches only what differs, so that nothing is rebuilt for a file that stayed the same.
fn replace(folder: &Path, kept: &Files, made: &Files) -> Result<()> {
    fs::create_dir_all(folder)?;
    for name in kept.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, content) in made.iter().filter(|(name, content)| kept.get(*name) != Some(*content)) {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// An empty folder under the target folder, gone when dropped.
struct FreshFolder(PathBuf);

impl FreshFolder {
    fn new() -> Result<Self> {
        let path = workspace::target_dir().join(format!("sqlx-{}", std::process::id()));
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for FreshFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that looks just changed until dropped: its own time is given back, so that other builds stay up to date.
struct Touched {
    path: PathBuf,
    modified: std::time::SystemTime,
}

impl Touched {
    #[allow(clippy::disallowed_methods)] // cargo compares file times with the machine's clock, so this must too
    fn new(path: PathBuf) -> Result<Self> {
        let file = fs::File::options().append(true).open(&path).with_context(|| format!("opening {}", path.display()))?;
        let modified = file.metadata()?.modified()?;
        file.set_modified(std::time::SystemTime::now())?;
        Ok(Self { path, modified })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        if let Ok(file) = fs::File::options().append(true).open(&self.path) {
            let _ = file.set_modified(self.modified);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn equal_folders_have_no_differences() {
        let one = files(&[("query-a.json", "{}")]);
        assert!(differences(&one, &one.clone()).is_empty());
    }

    #[test]
    fn each_kind_of_difference_is_named_with_its_query() {
        let kept = files(&[("a.json", "1"), ("b.json", "2")]);
        let made = files(&[("b.json", "3"), ("c.json", r#"{"query":"SELECT  id\n FROM client"}"#)]);
        assert_eq!(differences(&kept, &made), ["no longer used: a.json", "changed: b.json", "missing: c.json  (SELECT id FROM client …)"]);
    }
}
