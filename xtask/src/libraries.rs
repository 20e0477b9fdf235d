//! What may come in with libraries: by whom they are given, under which licence, and which never. The lists are those of `deny.toml`,
//! which cargo-deny reads, too; this needs nothing but cargo.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::workspace;

/// Where the server runs.
pub const SERVERS_TARGET: &str = "x86_64-unknown-linux-gnu";

/// What is run somewhere: the server, the browser's programs.
const TARGETS: [&str; 2] = [SERVERS_TARGET, "wasm32-unknown-unknown"];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The lists of `deny.toml`.
#[derive(Debug, PartialEq, Eq)]
struct Rules {
    licences: Vec<String>,
    banned: Vec<String>,
}

pub fn run() -> Result<()> {
    let rules = Rules::read(&fs::read_to_string(workspace::root().join("deny.toml")).context("deny.toml cannot be read")?);
    ensure!(!rules.licences.is_empty() && !rules.banned.is_empty(), "deny.toml names no licences, or no crates that are banned");
    let mut faults = Vec::new();
    let mut count = 0;
    for target in TARGETS {
        let packages = packages(target)?;
        count = count.max(packages.len());
        faults.extend(packages.iter().flat_map(|package| rules.faults(package)));
    }
    faults.sort();
    faults.dedup();
    if !faults.is_empty() {
        bail!("of {count} libraries some may not come in:\n{}", faults.join("\n"));
    }
    eprintln!("{count} libraries: all of crates.io, under licences of the list, and none that is banned");
    Ok(())
}

/// As the lock file has them, for one target.
fn packages(target: &str) -> Result<Vec<Value>> {
    let mut metadata = workspace::cargo();
    metadata.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", target]);
    let output = metadata.output().context("could not start cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout)?;
    let used = told["resolve"]["nodes"].as_array().context("cargo metadata names no libraries")?;
    let is_used = |package: &&Value| used.iter().any(|node| node["id"] == package["id"]);
    Ok(told["packages"].as_array().context("cargo metadata names no packages")?.iter().filter(is_used).cloned().collect())
}

impl Rules {
    fn read(text: &str) -> Self {
        let section = |name: &str| {
            let begins = text.split_once(&format!("[{name}]\n")).map_or("", |(_, rest)| rest);
            begins.split("\n[").next().unwrap_or_default()
        };
        let list = |section: &str, key: &str| {
            let begins = section.split_once(&format!("\n{key} = [")).map_or("", |(_, rest)| rest);
            begins.split("\n]").next().unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let first_quoted = |line: &String| line.split('"').nth(1).filter(|_| !line.trim_start().starts_with('#')).map(str::to_owned);
        Self {
            licences: list(section("licenses"), "allow").iter().filter_map(first_quoted).collect(),
            banned: list(section("bans"), "deny").iter().filter_map(first_quoted).collect(),
        }
    }

    fn faults(&self, package: &Value) -> Vec<String> {
        // Without a source it is one of ours.
        let Some(source) = package["source"].as_str() else { return Vec::new() };
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        let mut faults = Vec::new();
        if source != REGISTRY {
            faults.push(format!("{name} comes from {source}"));
        }
        if !self.allows(licence) {
            faults.push(format!("{name} is under “{licence}”"));
        }
        if self.banned.iter().any(|banned| banned == name) {
            faults.push(format!("{name} is banned"));
        }
        faults
    }

    /// Whether an expression of SPDX can be met by licences of the list.
    fn allows(&self, expression: &str) -> bool {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").replace(" WITH ", "+WITH+");
        let words: Vec<_> = spaced.split_whitespace().collect();
        let mut words = words.as_slice();
        self.either(&mut words) == Some(true) && words.is_empty()
    }

    fn either(&self, words: &mut &[&str]) -> Option<bool> {
        let mut met = self.both(words)?;
        while let ["OR", rest @ ..] = *words {
            *words = rest;
            met |= self.both(words)?;
        }
        Some(met)
    }

    fn both(&self, words: &mut &[&str]) -> Option<bool> {
        let mut met = self.one(words)?;
        while let ["AND", rest @ ..] = *words {
            *words = rest;
            met &= self.one(words)?;
        }
        Some(met)
    }

    fn one(&self, words: &mut &[&str]) -> Option<bool> {
        let (first, rest) = words.split_first()?;
        *words = rest;
        if *first != "(" {
            let named = first.replace("+WITH+", " WITH ");
            return Some(self.licences.contains(&named));
        }
        let met = self.either(words);
        let (")", rest) = words.split_first().map(|(close, rest)| (*close, rest))? else { return None };
        *words = rest;
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TOML: &str = "[licenses]\nprivate = { ignore = true }\nallow = [\n  \"MIT\",\n  # Not \"GPL-3.0\".\n  \"Apache-2.0 WITH LLVM-exception\",\n  \"ISC\",\n]\n\n[bans]\nwildcards = \"deny\"\ndeny = [\n  { crate = \"openssl\", reason = \"TLS is rustls\" },\n]\n\n[sources]\nunknown-git = \"deny\"\n";

    #[test]
    fn expressions_of_licences_are_read() {
        let rules = Rules::read(TOML);
        assert_eq!(rules.banned, ["openssl"]);
        for met in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 / MIT",
            "(MIT OR GPL-3.0) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(rules.allows(met), "{met}");
        }
        for unmet in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "Apache-2.0", "MIT OR", "(MIT", "MIT ISC"] {
            assert!(!rules.allows(unmet), "{unmet}");
        }
    }

    #[test]
    fn what_may_not_come_in_is_named() {
        let rules = Rules::read(TOML);
        let package = |name: &str, licence: &str, source: Option<&str>| json!({ "name": name, "license": licence, "source": source });
        assert!(rules.faults(&package("server", "", None)).is_empty());
        assert!(rules.faults(&package("serde", "MIT", Some(REGISTRY))).is_empty());
        assert_eq!(rules.faults(&package("copied", "GPL-3.0", Some("git+https://elsewhere.example/copied"))).len(), 2);
        assert_eq!(rules.faults(&package("openssl", "MIT", Some(REGISTRY))), ["openssl is banned"]);
    }

    #[test]
    fn the_lists_of_this_checkout_can_be_read() {
        let rules = Rules::read(&fs::read_to_string(workspace::root().join("deny.toml")).unwrap());
        assert!(rules.allows("MIT OR Apache-2.0") && !rules.allows("AGPL-3.0-only"));
        assert!(rules.banned.iter().any(|banned| banned == "openssl-sys"));
    }
}
