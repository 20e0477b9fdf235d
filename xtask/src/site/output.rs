//! The finished folder: only what differs is written, and what no longer belongs is removed.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};

use super::Flavour;
use super::cache::{Cache, hash_of};
use super::shell::SiteFile;

/// Kinds of files that shrink; pictures are compressed already.
const COMPRESSIBLE: [&str; 8] = ["js", "wasm", "css", "html", "svg", "json", "webmanifest", "txt"];

/// For each file, its brotli form, where it has one.
pub type Compressed = Vec<Option<Vec<u8>>>;

/// Compresses on all cores what no earlier build has compressed yet.
pub fn compress(files: &[SiteFile], flavour: Flavour, cache: &Cache) -> Result<Compressed> {
    let quality = flavour.brotli_quality();
    let names: Vec<Option<String>> =
        files.iter().map(|file| compressible(&file.address).then(|| format!("{}.{quality}.br", hash_of(&[&file.content])))).collect();
    let mut compressed: Compressed = names.iter().map(|name| name.as_deref().and_then(|it| cache.get(it))).collect();

    let mut missing: Vec<usize> = (0..files.len()).filter(|&at| names[at].is_some() && compressed[at].is_none()).collect();
    // The largest first, so that it is not the one everybody waits for at the end.
    missing.sort_by_key(|&at| std::cmp::Reverse(files[at].content.len()));

    for (at, content) in compress_on_all_cores(files, &missing, quality)? {
        if let Some(name) = &names[at] {
            cache.put(name, &content)?;
        }
        compressed[at] = Some(content);
    }
    Ok(compressed)
}

fn compress_on_all_cores(files: &[SiteFile], wanted: &[usize], quality: u32) -> Result<Vec<(usize, Vec<u8>)>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(wanted.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(&at) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = brotli(&files[at].content, quality).map(|content| (at, content));
                    if let Ok(mut done) = done.lock() {
                        done.push(result);
                    }
                }
            });
        }
    });
    let done = done.into_inner().map_err(|_| anyhow::anyhow!("a compressing thread stopped"))?;
    done.into_iter().collect()
}

fn brotli(content: &[u8], quality: u32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 64 * 1024, quality, 22);
    writer.write_all(content)?;
    drop(writer);
    Ok(out)
}

fn compressible(address: &str) -> bool {
    address.rsplit_once('.').is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension))
}

pub struct Output {
    folder: PathBuf,
    kept: BTreeSet<PathBuf>,
}

impl Output {
    /// Refuses a folder that holds something else: the sweep at the end would take it away.
    pub fn open(folder: &Path) -> Result<Self> {
        let ours = folder.join("assets.json").is_file();
        let empty = !folder.exists() || fs::read_dir(folder)?.next().is_none();
        if !ours && !empty {
            bail!("{} is neither empty nor an earlier build: nothing was written", folder.display());
        }
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(Self { folder: folder.to_path_buf(), kept: BTreeSet::new() })
    }

    /// Returns how many files were new or different.
    pub fn write(&mut self, files: &[SiteFile], compressed: &Compressed) -> Result<usize> {
        let mut changed = 0;
        for (file, brotli) in files.iter().zip(compressed) {
            let path = self.folder.join(file.address.trim_start_matches('/'));
            // The compressed sibling first: a server must not pair the new file with the old one's.
            if let Some(brotli) = brotli {
                changed += usize::from(self.write_one(PathBuf::from(format!("{}.br", path.display())), brotli)?);
            }
            changed += usize::from(self.write_one(path, &file.content)?);
        }
        Ok(changed)
    }

    fn write_one(&mut self, path: PathBuf, content: &[u8]) -> Result<bool> {
        let same = fs::read(&path).is_ok_and(|old| old == content);
        if !same {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            let unfinished = PathBuf::from(format!("{}.unfinished", path.display()));
            fs::write(&unfinished, content).with_context(|| format!("writing {}", path.display()))?;
            fs::rename(&unfinished, &path)?;
        }
        self.kept.insert(path);
        Ok(!same)
    }

    /// Removes what an earlier build left and this one did not name.
    pub fn sweep(&mut self) -> Result<usize> {
        sweep(&self.folder, &self.kept)
    }
}

fn sweep(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            removed += sweep(&path, kept)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}
