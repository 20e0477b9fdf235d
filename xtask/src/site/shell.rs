//! Puts the site together: names everything by its content, and fills the templates of `public/`.
//!
//! Templates: `boot.js` (starts the program), `index.html` (the staff shell), `islands.js` (starts what moves on the clients' pages) and
//! `sw.js` (the service worker).
//! Everything else in `public/` is handed out as it is. `assets.json` tells the server what the names became.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::cache::hash_of;
use super::program::{DARKROOM_START, FIRST_PIECE, ISLANDS_SCRIPT, ISLANDS_WASM, Program, SCRIPT};

/// Where hashed files live. A file in there never changes, so it may be kept for ever.
const HASHED: &str = "/pkg";

/// Files of `public/` that are not handed out as they are. `start.css` is part of the style sheet.
const TEMPLATES: [&str; 5] = ["boot.js", "index.html", "islands.js", "start.css", "sw.js"];

/// A finished file and the address it is served at.
pub struct SiteFile {
    pub address: String,
    pub content: Vec<u8>,
}

pub struct Site {
    /// In the order to write them: what is named before what names it.
    pub files: Vec<SiteFile>,
}

pub fn assemble(public: &Path, [program, darkroom, islands]: [Program; 3], [styles, page_styles]: [String; 2]) -> Result<Site> {
    let mut files = Vec::new();
    let mut add = |address: String, content: Vec<u8>| {
        files.push(SiteFile { address: address.clone(), content });
        address
    };

    let folder = format!("{HASHED}/program.{}", short_hash_of_files(&program));
    let (js, wasm) = (format!("{folder}/{SCRIPT}"), format!("{folder}/{FIRST_PIECE}"));
    let mut later = Vec::new();
    for (name, content) in program {
        let address = add(format!("{folder}/{name}"), content);
        if address.ends_with(".wasm") && address != wasm {
            later.push(address);
        }
    }

    let folder = format!("{HASHED}/darkroom.{}", short_hash_of_files(&darkroom));
    for (name, content) in darkroom {
        add(format!("{folder}/{name}"), content);
    }
    let darkroom = format!("{folder}/{DARKROOM_START}");

    let css = add(hashed_name("cadence", "css", &styles), styles.into_bytes());
    let pages_css = add(hashed_name("pages", "css", &page_styles), page_styles.into_bytes());

    let boot_text = fill(&template(public, "boot.js")?, &[("js", &js), ("wasm", &wasm), ("pages_css", &pages_css)])?;
    let boot = add(hashed_name("boot", "js", &boot_text), boot_text.into_bytes());

    for (name, content) in plain_files(public)? {
        add(format!("/{name}"), content);
    }

    let values = [("js", js.as_str()), ("wasm", wasm.as_str()), ("css", css.as_str()), ("boot", boot.as_str()), ("darkroom", &darkroom)];
    let shell = fill(&template(public, "index.html")?, &values)?;
    files.push(SiteFile { address: "/index.html".to_owned(), content: shell.into_bytes() });

    // What a device needs to open Cadence without a network: everything so far.
    let worker = template(public, "sw.js")?;
    let precache: Vec<String> = files.iter().map(|it| it.address.clone()).collect();
    let build = build_id(&files, &worker);
    let worker = worker.replace("\"{{precache}}\"", &serde_json::to_string_pretty(&precache)?).replace("{{build}}", &build);
    let assets = json!({ "build": build, "js": js, "wasm": wasm, "css": css, "boot": boot, "later": later });
    // The clients' phones load this, and the clinic's devices do not keep it.
    let folder = format!("{HASHED}/islands.{}", short_hash_of_files(&islands));
    let (js, wasm) = (format!("{folder}/{ISLANDS_SCRIPT}"), format!("{folder}/{ISLANDS_WASM}"));
    files.extend(islands.into_iter().map(|(name, content)| SiteFile { address: format!("{folder}/{name}"), content }));
    let start = fill(&template(public, "islands.js")?, &[("js", &js), ("wasm", &wasm)])?;
    files.push(SiteFile { address: "/islands.js".to_owned(), content: start.into_bytes() });

    files.push(SiteFile { address: "/sw.js".to_owned(), content: require_filled(worker)?.into_bytes() });
    files.push(SiteFile { address: "/assets.json".to_owned(), content: serde_json::to_vec_pretty(&assets)? });

    Ok(Site { files })
}

fn template(public: &Path, name: &str) -> Result<String> {
    let path = public.join(name);
    fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
}

fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let filled = values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    require_filled(filled)
}

fn require_filled(text: String) -> Result<String> {
    if let Some(at) = text.find("{{") {
        let end = text[at..].find("}}").map_or(text.len(), |it| at + it + 2);
        bail!("nothing is known to put in place of {}", &text[at..end]);
    }
    Ok(text)
}

fn hashed_name(stem: &str, extension: &str, content: &str) -> String {
    format!("{HASHED}/{stem}.{}.{extension}", short_hash(content.as_bytes()))
}

/// 64 bits of the hash: enough to tell builds apart, short enough to read.
fn short_hash(content: &[u8]) -> String {
    short(hash_of(&[content]))
}

fn short(mut hash: String) -> String {
    hash.truncate(16);
    hash
}

fn short_hash_of_files(files: &Program) -> String {
    let parts: Vec<&[u8]> = files.iter().flat_map(|(name, content)| [name.as_bytes(), content]).collect();
    short(hash_of(&parts))
}

fn build_id(files: &[SiteFile], worker: &str) -> String {
    let mut parts: Vec<&[u8]> = vec![worker.as_bytes()];
    for file in files {
        parts.push(file.address.as_bytes());
        parts.push(&file.content);
    }
    let mut hash = hash_of(&parts);
    hash.truncate(12);
    hash
}

/// Every other file under `public/`, by its path there, in a stable order.
fn plain_files(public: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut open = vec![public.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            let name = path.strip_prefix(public)?.to_string_lossy().replace('\\', "/");
            let hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
            if hidden || TEMPLATES.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((name, fs::read(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_everywhere() -> Result<()> {
        assert_eq!(fill("{{js}} and {{js}} by {{css}}", &[("js", "/a"), ("css", "/b")])?, "/a and /a by /b");
        Ok(())
    }

    #[test]
    fn a_placeholder_nobody_knows_stops_the_build() {
        assert!(fill("{{colour}}", &[("js", "/a")]).is_err());
    }
}
