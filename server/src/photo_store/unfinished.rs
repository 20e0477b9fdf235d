//! What a server that was killed while it wrote leaves in a folder: files beside their place, under the place's name with `#` and a
//! number. A bucket has none.

use super::PhotoStore;
use std::{
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

/// Nothing takes so long to write; what is older belongs to nobody.
const AGE: Duration = Duration::from_secs(24 * 3600);

impl PhotoStore {
    /// Drops them, and says how many there were.
    pub async fn drop_unfinished(&self, now: SystemTime) -> io::Result<usize> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let Some(before) = now.checked_sub(AGE) else { return Ok(0) };
        tokio::task::spawn_blocking(move || drop_older(&folder, before)).await.map_err(io::Error::other)?
    }
}

fn drop_older(folder: &Path, before: SystemTime) -> io::Result<usize> {
    let mut dropped = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            dropped += drop_older(&entry.path(), before)?;
        } else if kind.is_file() && is_unfinished(&entry.file_name().to_string_lossy()) {
            match drop_if_older(&entry, before) {
                // Finished, or dropped by another process meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => dropped += usize::from(done?),
            }
        }
    }
    Ok(dropped)
}

fn drop_if_older(entry: &fs::DirEntry, before: SystemTime) -> io::Result<bool> {
    let older = entry.metadata()?.modified()? < before;
    if older {
        fs::remove_file(entry.path())?;
    }
    Ok(older)
}

fn is_unfinished(name: &str) -> bool {
    name.rsplit_once('#').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_nobody_writes_any_more_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let store = PhotoStore::folder(folder.path()).unwrap();
        let kept = folder.path().join("clinic/pictures");
        fs::create_dir_all(&kept).unwrap();
        for name in ["a.jpg", "a.jpg#1", "b#.jpg"] {
            fs::write(kept.join(name), b"picture").unwrap();
        }
        let now = fs::metadata(kept.join("a.jpg#1")).unwrap().modified().unwrap();
        assert_eq!(store.drop_unfinished(now).await.unwrap(), 0);
        assert_eq!(store.drop_unfinished(now + AGE + Duration::from_secs(60)).await.unwrap(), 1);
        let mut left: Vec<_> = fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["a.jpg", "b#.jpg"]);
    }
}
