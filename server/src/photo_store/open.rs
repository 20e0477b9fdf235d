//! Opening the store that the configuration names.

use super::{PhotoStore, PhotoStoreError, Result};
use object_store::{aws::AmazonS3Builder, local::LocalFileSystem, memory::InMemory, path, prefix::PrefixStore};
use std::{
    fs::DirBuilder,
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

/// Where pictures are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    /// Access and endpoint are in the `AWS_*` variables.
    S3 {
        bucket: String,
        prefix: String,
    },
}

impl FromStr for Place {
    type Err = String;

    /// `s3://bucket/prefix`, or a folder.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text.split_once("://") {
            Some(("s3", place)) => {
                let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
                if bucket.is_empty() {
                    return Err("which bucket? s3://bucket/prefix".to_owned());
                }
                Ok(Self::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
            }
            Some((scheme, _)) => Err(format!("photographs are kept in a folder or at s3://bucket/prefix, not at {scheme}://")),
            None => Ok(Self::Folder(text.into())),
        }
    }
}

impl PhotoStore {
    pub fn open_at(place: &Place) -> Result<Self> {
        match place {
            Place::Folder(folder) => Self::folder(folder),
            Place::S3 { bucket, prefix } => Self::s3(AmazonS3Builder::from_env().with_bucket_name(bucket), bucket, prefix),
        }
    }

    /// A folder for the server's own eyes. Everything is on the disk, file and name, before a call returns.
    pub fn folder(folder: &Path) -> Result<Self> {
        let unusable = |why: String| PhotoStoreError::Unusable { place: folder.display().to_string(), why };
        create_private(folder).map_err(|error| unusable(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| unusable(error.to_string()))?;
        Ok(Self { store: Arc::new(store.with_fsync(true).with_automatic_cleanup(true)), folder: Some(folder.to_owned()) })
    }

    /// S3, or what speaks like it.
    pub fn s3(builder: AmazonS3Builder, bucket: &str, prefix: &str) -> Result<Self> {
        // Whoever else has chosen already has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let unusable = |why: String| PhotoStoreError::Unusable { place: format!("s3://{bucket}/{prefix}"), why };
        let store = builder.build().map_err(|error| unusable(error.to_string()))?;
        Ok(Self { store: Arc::new(PrefixStore::new(store, path::Path::from(prefix))), folder: None })
    }

    /// Forgotten with the process: for tests.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), folder: None }
    }
}

/// What is above it may be open to others; it itself is not.
fn create_private(folder: &Path) -> std::io::Result<()> {
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let s3 = |bucket: &str, prefix: &str| Ok(Place::S3 { bucket: bucket.into(), prefix: prefix.into() });
        assert_eq!("s3://pictures".parse(), s3("pictures", ""));
        assert_eq!("s3://pictures/a/b/".parse(), s3("pictures", "a/b"));
        assert_eq!("var/photos".parse(), Ok(Place::Folder("var/photos".into())));
        assert!("s3:///a".parse::<Place>().is_err());
        assert!("gs://pictures".parse::<Place>().is_err());
    }
}
