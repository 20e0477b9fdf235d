//! How much a browser has to load: the table after a build, and `cargo xtask size`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

struct Row {
    address: String,
    raw: u64,
    /// What goes over the line: the brotli form, or the file itself where it has none.
    sent: u64,
    /// Needed before a person sees their day.
    first_load: bool,
    /// Loaded by clients' phones only.
    of_clients: bool,
}

pub fn print(site: &Path) -> Result<()> {
    let rows = rows(site)?;
    let width = rows.iter().map(|row| row.address.len()).max().unwrap_or_default().max(32);

    println!("{:width$}  {:>10}  {:>10}", "", "raw", "brotli");
    for row in &rows {
        println!("{:width$}  {:>10}  {:>10}", row.address, kilobytes(row.raw), kilobytes(row.sent));
    }
    let total = |rows: &mut dyn Iterator<Item = &Row>| rows.fold((0, 0), |(raw, sent), row| (raw + row.raw, sent + row.sent));
    let (raw, sent) = total(&mut rows.iter().filter(|row| !row.of_clients));
    println!("{:width$}  {:>10}  {:>10}", "Kept for offline, in all", kilobytes(raw), kilobytes(sent));
    let (raw, sent) = total(&mut rows.iter().filter(|row| row.first_load));
    println!("{:width$}  {:>10}  {:>10}", "First load of the staff app", kilobytes(raw), kilobytes(sent));
    Ok(())
}

fn rows(site: &Path) -> Result<Vec<Row>> {
    let assets =
        fs::read(site.join("assets.json")).with_context(|| format!("{} holds no build: run `cargo xtask build` first", site.display()))?;
    let assets: serde_json::Value = serde_json::from_slice(&assets)?;
    let first: Vec<&str> = ["boot", "css", "js", "wasm"].iter().filter_map(|name| assets[name].as_str()).collect();
    // The script's own folder: what it imports is loaded with it, but for the pieces that come later.
    let script = assets["js"].as_str().and_then(|js| js.rsplit_once('/')).map_or("", |(folder, _)| folder);

    let mut rows = Vec::new();
    let mut open = vec![site.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let address = format!("/{}", path.strip_prefix(site)?.to_string_lossy().replace('\\', "/"));
            if address.ends_with(".br") || address == "/assets.json" {
                continue;
            }
            let raw = fs::metadata(&path)?.len();
            let sent = fs::metadata(format!("{}.br", path.display())).map_or(raw, |it| it.len());
            let imported = address.starts_with(script) && address.ends_with(".js");
            let first_load = first.contains(&address.as_str()) || imported || address == "/index.html";
            let of_clients = address.starts_with("/pkg/islands.") || address == "/islands.js";
            rows.push(Row { address, raw, sent, first_load, of_clients });
        }
    }
    rows.sort_by(|a, b| b.sent.cmp(&a.sent).then_with(|| a.address.cmp(&b.address)));
    Ok(rows)
}

fn kilobytes(bytes: u64) -> String {
    // Integers suffice for a table: tenths of a kilobyte, rounded up.
    let tenths = bytes.div_ceil(100);
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_tenths_of_kilobytes() {
        assert_eq!(kilobytes(0), "0.0 kB");
        assert_eq!(kilobytes(1_234_567), "1234.6 kB");
    }
}
