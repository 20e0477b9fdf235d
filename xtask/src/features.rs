//! What the tests ask of the libraries the server stands on. A library that only tests use may ask more of a shared one than the server
//! does; cargo then compiles the shared one a second time for the tests, and all that stands on it, in the end the server itself.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use crate::{libraries::SERVERS_TARGET, workspace};

/// What is tested with the server, as `bin/test` names it.
const TESTED: [&str; 4] = ["server", "app", "domain", "picture"];

/// The features each package is compiled with.
type Features<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub fn run() -> Result<()> {
    let (server, tests) = (tree(&TESTED[..1], "normal")?, tree(&TESTED, "normal,dev")?);
    let (server, tests) = (features(&server), features(&tests));
    ensure!(!server.is_empty() && tests.len() > server.len(), "cargo tree names no libraries");
    let differing = differing(&server, &tests);
    if !differing.is_empty() {
        bail!(
            "the tests ask more than the server of {}: name what they ask for in server/Cargo.toml, so that it is compiled once",
            differing.join(", ")
        );
    }
    Ok(())
}

/// A line for each package and its features.
fn tree(packages: &[&str], edges: &str) -> Result<String> {
    let mut tree = workspace::cargo();
    tree.args(["tree", "--locked", "--target", SERVERS_TARGET, "--prefix", "none", "--format", "{p} [{f}]"]);
    tree.args(["--edges", &format!("{edges},no-proc-macro")]);
    for package in packages {
        tree.args(["--package", package]);
    }
    let output = tree.output().context("could not start cargo tree")?;
    ensure!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// By name and version; several where a package is compiled with one set for what runs and with another for a build script.
fn features(tree: &str) -> Features<'_> {
    let mut features = Features::new();
    for (package, of_it) in tree.lines().filter_map(|line| line.trim_end_matches(" (*)").rsplit_once(" [")) {
        features.entry(package).or_default().insert(of_it.trim_end_matches(']'));
    }
    features
}

fn differing<'a>(server: &Features<'a>, tests: &Features<'_>) -> Vec<&'a str> {
    server.iter().filter(|(package, of_it)| tests.get(**package) != Some(of_it)).map(|(package, _)| *package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_ask_for_of_a_shared_library_is_named() {
        let server = "server v0.1.0 (/cadence/server) []\nbitflags v2.13.2 []\nlog v0.4.1 [std]\nlog v0.4.1 [std] (*)\n";
        let alike = format!("{server}tempfile v3.0.0 [default]\nbitflags v1.3.2 [std]\n");
        assert_eq!(differing(&features(server), &features(&alike)), [""; 0]);
        let more = alike.replace("bitflags v2.13.2 []", "bitflags v2.13.2 [std]");
        assert_eq!(differing(&features(server), &features(&more)), ["bitflags v2.13.2"]);
    }
}
