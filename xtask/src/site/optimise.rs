//! `wasm-opt`: about a fifth off what a phone downloads, where Node and the npm packages are there.
//!
//! It is an extra, not a need: the program runs the same without, so a machine without Node still builds.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Flavour;
use super::cache::{Cache, hash_of};
use super::program::Program;
use crate::progress::Progress;
use crate::workspace;

/// The Wasm features the compiler uses already; none is added by optimising, so no browser is lost.
const ARGUMENTS: &[&str] = &[
    "-Oz",
    // Inlining what has one caller makes the file smaller and what goes over the line larger: brotli finds less to repeat.
    "--one-caller-inline-max-function-size=0",
    // So do these passes.
    "--skip-pass=code-folding",
    "--skip-pass=code-pushing",
    "--skip-pass=local-cse",
    "--skip-pass=merge-blocks",
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

/// The darkroom computes: it is made quick, not small.
const ARGUMENTS_OF_DARKROOM: &[&str] = &[
    "-O3",
    "--enable-bulk-memory",
    "--enable-extended-const",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-debug",
    "--strip-producers",
];

pub fn optimise(programs: [&mut Program; 3], flavour: Flavour, cache: &Cache, progress: &Progress) -> Result<()> {
    if flavour == Flavour::Dev {
        progress.note("left out with --dev");
        return Ok(());
    }
    let Some(tool) = Tool::find() else {
        progress.note("left out: wasm-opt is not installed (`bin/setup test` brings it); the program is larger, not different");
        return Ok(());
    };

    for (program, arguments) in programs.into_iter().zip([ARGUMENTS, ARGUMENTS_OF_DARKROOM, ARGUMENTS]) {
        for (name, wasm) in program.iter_mut().filter(|(name, _)| name.ends_with(".wasm")) {
            let key = hash_of(&[arguments.join(" ").as_bytes(), tool.version.as_bytes(), wasm]);
            *wasm = tool.run(wasm, arguments, &format!("{key}.wasm"), cache).with_context(|| format!("optimising {name}"))?;
        }
    }
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

    /// The optimised form of `wasm`, kept under `name`.
    fn run(&self, wasm: &[u8], arguments: &[&str], name: &str, cache: &Cache) -> Result<Vec<u8>> {
        if let Some(done) = cache.get(name) {
            return Ok(done);
        }
        let before = cache.scratch("before-optimising.wasm");
        let after = cache.scratch("after-optimising.wasm");
        fs::write(&before, wasm)?;
        let mut command = Command::new("node");
        command.arg(&self.path).args(arguments).arg(&before).arg("-o").arg(&after);
        workspace::run(&mut command, "wasm-opt")?;

        let done = fs::read(&after)?;
        cache.put(name, &done)?;
        fs::remove_file(&before)?;
        fs::remove_file(&after)?;
        Ok(done)
    }
}
