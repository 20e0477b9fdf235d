//! The three programs, the app's, the darkroom's and that of the clients' pages: compiled to Wasm by cargo, then given their
//! JavaScript bindings.

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
const BINDINGS: &[u8] = b"bindings 4, wasm-bindgen 0.2.130, wasm_split 0.2.4";

/// The bindings' module. Its default export takes `{ module_or_path }` and starts the program.
pub const SCRIPT: &str = "cadence.js";

/// What the script starts.
pub const FIRST_PIECE: &str = "cadence_bg.wasm";

/// The worker's module: what a page starts it by.
pub const DARKROOM_START: &str = "start.js";

const DARKROOM_PROFILE: &str = "darkroom";

/// Of the clients' pages: the bindings, and what they start.
pub const ISLANDS_SCRIPT: &str = "islands.js";
pub const ISLANDS_WASM: &str = "islands_bg.wasm";

/// The module that fetches the further pieces. Script and loader import each other.
const LOADER: &str = "pieces.js";

/// The Wasm program with the JavaScript that loads it, by file name. Within, files refer to each other by these
/// names, so they stay together in one folder.
pub type Program = BTreeMap<String, Vec<u8>>;

/// Has cargo compile the browser's room and returns the Wasm as the compiler left it.
pub fn compile(flavour: Flavour) -> Result<Vec<u8>> {
    compiled("frontend", flavour.profile(), workspace::cargo().arg("build"))
}

/// The same of the worker beside the page. It computes, so it may use the processor's wide registers: every browser has had them
/// since 2023.
pub fn compile_darkroom() -> Result<Vec<u8>> {
    let mut cargo = workspace::cargo();
    cargo.arg("build").env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C target-feature=+simd128");
    compiled("darkroom", DARKROOM_PROFILE, cargo.args(["--features", "darkroom/worker"]))
}

/// The same of what moves on the clients' pages.
pub fn compile_islands(flavour: Flavour) -> Result<Vec<u8>> {
    compiled("islands", flavour.profile(), workspace::cargo().args(["build", "--features", "islands/browser"]))
}

fn compiled(package: &str, profile: &str, cargo: &mut Command) -> Result<Vec<u8>> {
    require_the_target()?;
    cargo.args(["--package", package, "--target", TARGET, "--profile", profile]);
    workspace::run(cargo, &format!("compiling the {package}"))?;
    let path = workspace::target_dir().join(TARGET).join(profile).join(format!("{package}.wasm"));
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

/// Cuts the program into its pieces and makes the bindings, or finds those of an earlier build of the very same Wasm.
pub fn bind(compiled: &[u8], flavour: Flavour, cache: &mut Cache) -> Result<Program> {
    let key = hash_of(&[BINDINGS, flavour.profile().as_bytes(), compiled]);
    let listing = format!("{key}.files.json");
    if let Some(names) = cache.get(&listing) {
        let names: Vec<String> = serde_json::from_slice(&names)?;
        let kept = names.into_iter().map(|name| Some((name.clone(), cache.get(&kept_as(&key, &name))?)));
        if let Some(program) = kept.collect() {
            return Ok(program);
        }
    }

    let folder = cache.scratch("program");
    let program = generate(compiled, flavour, &folder)?;
    fs::remove_dir_all(folder)?;
    for (name, content) in &program {
        cache.put(&kept_as(&key, name), content)?;
    }
    cache.put(&listing, &serde_json::to_vec(&program.keys().collect::<Vec<_>>())?)?;
    Ok(program)
}

/// Makes the darkroom's bindings. Small enough to be made every time.
pub fn bind_darkroom(compiled: &[u8], flavour: Flavour, cache: &Cache) -> Result<Program> {
    let mut program = bind_whole("darkroom", compiled, flavour, cache)?;
    let start = "import init from \"./darkroom.js\";\ninit({ module_or_path: new URL(\"darkroom_bg.wasm\", import.meta.url) });\n";
    program.insert(DARKROOM_START.to_owned(), start.as_bytes().to_vec());
    Ok(program)
}

pub fn bind_islands(compiled: &[u8], flavour: Flavour, cache: &Cache) -> Result<Program> {
    bind_whole("islands", compiled, flavour, cache)
}

/// In one piece.
fn bind_whole(name: &str, compiled: &[u8], flavour: Flavour, cache: &Cache) -> Result<Program> {
    let folder = cache.scratch(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    bindgen(flavour).input_bytes(name, compiled.to_vec()).generate(&folder).with_context(|| format!("making the bindings of {name}"))?;
    let program = read_folder(&folder)?;
    fs::remove_dir_all(&folder)?;
    Ok(program)
}

fn bindgen(flavour: Flavour) -> Bindgen {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)
        .expect("nothing else was asked for before")
        .typescript(false)
        // Addresses carry hashes that only this tool knows; whoever starts a program passes them.
        .omit_default_module_path(true)
        .remove_name_section(flavour == Flavour::Release)
        .remove_producers_section(true);
    bindgen
}

fn kept_as(key: &str, name: &str) -> String {
    format!("{key}.{}", name.replace('/', "+"))
}

fn generate(compiled: &[u8], flavour: Flavour, folder: &Path) -> Result<Program> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let finished = folder.join("finished");
    let uncut = folder.join("first-piece.wasm");
    fs::create_dir_all(&finished)?;

    let (loader, script) = (format!("./{LOADER}"), format!("./{SCRIPT}"));
    let mut cut = wasm_split_cli_support::Options::new(compiled);
    cut.output_dir = &finished;
    cut.main_out_path = &uncut;
    cut.link_name = &loader;
    cut.main_module = &script;
    wasm_split_cli_support::transform(cut).map_err(|error| anyhow::anyhow!("could not cut the program into pieces: {error:#}"))?;

    bindgen(flavour)
        .input_bytes("cadence", fs::read(&uncut)?)
        // The further pieces share the table of functions.
        .keep_lld_exports(true)
        .generate(&finished)
        .context("wasm-bindgen could not make the bindings (are its crate and this tool of the same version?)")?;
    let mut program = read_folder(&finished)?;
    if flavour == Flavour::Release
        && let Some(script) = program.get_mut(SCRIPT)
    {
        *script = without_remarks(&String::from_utf8(std::mem::take(script))?).into_bytes();
    }
    Ok(program)
}

/// Without the generated documentation and indentation, which nobody reads in a browser.
fn without_remarks(script: &str) -> String {
    let mut inside = false;
    let mut kept = String::with_capacity(script.len());
    for line in script.lines().map(str::trim_start) {
        inside |= line.starts_with("/**");
        if !inside && !line.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
        if line.ends_with("*/") {
            inside = false;
        }
    }
    kept
}

/// Every file below, by its path from there.
fn read_folder(folder: &Path) -> Result<Program> {
    let mut found = Program::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_go_and_the_rest_stays() {
        let script = "/** @returns {number} */\nfunction f() {\n    /**\n     * more\n     */\n    return 1; // one\n}\n";
        assert_eq!(without_remarks(script), "function f() {\nreturn 1; // one\n}\n");
    }
}
