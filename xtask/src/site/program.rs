//! The program itself: compiled to Wasm by cargo, then given its JavaScript bindings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Flavour;
use super::cache::{Cache, hash_of};
use crate::workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// Part of every cached result's name: raise it when `bind` produces something else from the same input.
const BINDINGS: &[u8] = b"bindings 1, wasm-bindgen 0.2.130";

/// The Wasm program with what JavaScript needs to load it.
pub struct Program {
    /// The bindings' module. Its default export takes `{ module_or_path }` and starts the program.
    pub script: String,
    pub wasm: Vec<u8>,
    /// Modules the bindings import, by the path they import them under (`snippets/…/inline0.js`).
    pub snippets: BTreeMap<String, String>,
}

/// Has cargo compile the browser's room and returns the Wasm as the compiler left it.
pub fn compile(flavour: Flavour) -> Result<Vec<u8>> {
    require_the_target()?;
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--package", "frontend", "--target", TARGET, "--profile", flavour.profile()]);
    workspace::run(&mut cargo, "compiling the frontend")?;

    let path = workspace::target_dir().join(TARGET).join(flavour.profile()).join("frontend.wasm");
    fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// Without the target, cargo says only that it cannot find `core`; this says what to do.
fn require_the_target() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output().context("could not start rustc")?;
    let folder = String::from_utf8(output.stdout)?;
    if !Path::new(folder.trim()).is_dir() {
        bail!("this Rust toolchain cannot compile for {TARGET}: run `bin/setup run`, then `. bin/env.sh` in this shell");
    }
    Ok(())
}

/// Makes the bindings, or finds those of an earlier build of the very same Wasm.
pub fn bind(compiled: &[u8], flavour: Flavour, cache: &mut Cache) -> Result<Program> {
    let key = hash_of(&[BINDINGS, flavour.profile().as_bytes(), compiled]);
    let (script_name, wasm_name, snippets_name) = (format!("{key}.js"), format!("{key}.wasm"), format!("{key}.snippets.json"));

    if let (Some(script), Some(wasm), Some(snippets)) = (cache.get(&script_name), cache.get(&wasm_name), cache.get(&snippets_name)) {
        return Ok(Program { script: String::from_utf8(script)?, wasm, snippets: serde_json::from_slice(&snippets)? });
    }

    let program = generate(compiled, flavour, &cache.scratch("bindgen"))?;
    cache.put(&script_name, program.script.as_bytes())?;
    cache.put(&wasm_name, &program.wasm)?;
    cache.put(&snippets_name, &serde_json::to_vec(&program.snippets)?)?;
    Ok(program)
}

fn generate(compiled: &[u8], flavour: Flavour, folder: &Path) -> Result<Program> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("cadence", compiled.to_vec())
        .web(true)?
        .typescript(false)
        // The address carries a hash that only this tool knows; the start module passes it.
        .omit_default_module_path(true)
        .remove_name_section(flavour == Flavour::Release)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen could not make the bindings (are its crate and this tool of the same version?)")?;

    let program = Program {
        script: fs::read_to_string(folder.join("cadence.js"))?,
        wasm: fs::read(folder.join("cadence_bg.wasm"))?,
        snippets: read_snippets(folder)?,
    };
    fs::remove_dir_all(folder)?;
    Ok(program)
}

fn read_snippets(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.join("snippets")];
    while let Some(next) = open.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found)
}
