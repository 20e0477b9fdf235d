//! `wasm-opt -Oz`: about a fifth off what a phone downloads, where Node and the npm packages are there.
//!
//! It is an extra, not a need: the program runs the same without, so a machine without Node still builds.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::Flavour;
use super::cache::{Cache, hash_of};
use super::program::Program;
use crate::progress::Progress;
use crate::workspace;

/// The Wasm features the compiler uses already; none is added by optimising, so no browser is lost.
const ARGUMENTS: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-extended-const",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
];

pub fn optimise(program: &mut Program, flavour: Flavour, cache: &mut Cache, progress: &Progress) -> Result<()> {
    if flavour == Flavour::Dev {
        progress.note("left out with --dev");
        return Ok(());
    }
    let Some(tool) = Tool::find() else {
        progress.note("left out: wasm-opt is not installed (`bin/setup test` brings it); the program is larger, not different");
        return Ok(());
    };

    let key = hash_of(&[ARGUMENTS.join(" ").as_bytes(), tool.version.as_bytes(), &program.wasm]);
    let name = format!("{key}.wasm");
    if let Some(done) = cache.get(&name) {
        program.wasm = done;
        return Ok(());
    }

    let before = cache.scratch("before-optimising.wasm");
    let after = cache.scratch("after-optimising.wasm");
    fs::write(&before, &program.wasm)?;
    let mut command = Command::new("node");
    command.arg(&tool.path).args(ARGUMENTS).arg(&before).arg("-o").arg(&after);
    workspace::run(&mut command, "wasm-opt")?;

    program.wasm = fs::read(&after)?;
    cache.put(&name, &program.wasm)?;
    fs::remove_file(&before)?;
    fs::remove_file(&after)?;
    Ok(())
}

struct Tool {
    path: PathBuf,
    /// The package's description, which holds its version.
    version: String,
}

impl Tool {
    fn find() -> Option<Self> {
        let package = workspace::root().join("end2end/node_modules/binaryen");
        let version = fs::read_to_string(package.join("package.json")).ok()?;
        let node = std::env::split_paths(&std::env::var_os("PATH")?).any(|folder| folder.join("node").is_file());
        node.then(|| Self { path: package.join("bin/wasm-opt"), version })
    }
}
