//! Where uploaded pictures lie: files in the data directory, or objects in a bucket.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::s3::{Bucket, Carrier};
use crate::domain::clock::Ts;
use crate::domain::media::FileName;
use crate::settings::{self, Storage};

/// Why a file was not kept, found or deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CupboardError {
    /// There is no room.
    #[error("the disk is full")]
    Full,
    /// The disk did not do it.
    #[error("the file could not be kept: {0}")]
    Disk(#[from] io::Error),
    /// The bucket did not do it.
    #[error("the bucket did not answer as it should: {0}")]
    Bucket(String),
}

/// Keeps files by their names. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cupboard(Arc<Place>);

enum Place {
    Disk(PathBuf),
    Bucket(Box<Bucket>, OnceLock<Arc<dyn Carrier>>),
}

impl Cupboard {
    /// The cupboard of the settings; on disk it is this directory.
    pub(super) fn new(settings: &settings::Media, directory: PathBuf) -> Self {
        Self(Arc::new(match settings.storage {
            Storage::Disk => Place::Disk(directory),
            Storage::S3 => Place::Bucket(Box::new(Bucket::new(settings)), OnceLock::new()),
        }))
    }

    /// Gives the bucket its way to the network; only the first counts.
    pub(crate) fn set_carrier(&self, carrier: Arc<dyn Carrier>) {
        if let Place::Bucket(_, way) = &*self.0 {
            drop(way.set(carrier));
        }
    }

    /// Keeps a file: whole and on the disk when this returns, or not at all.
    ///
    /// # Errors
    /// If it is not kept.
    pub(crate) async fn put(
        &self,
        name: &FileName,
        bytes: Vec<u8>,
        now: Ts,
    ) -> Result<(), CupboardError> {
        match &*self.0 {
            Place::Disk(directory) => {
                let path = path(directory, name);
                on_disk(move || write(&path, &bytes)).await
            }
            Place::Bucket(bucket, way) => bucket.put(carrier(way)?, name, bytes, now).await,
        }
    }

    /// A file, if it is there.
    ///
    /// # Errors
    /// If it cannot be said.
    pub(crate) async fn get(
        &self,
        name: &FileName,
        now: Ts,
    ) -> Result<Option<Vec<u8>>, CupboardError> {
        match &*self.0 {
            Place::Disk(directory) => {
                let path = path(directory, name);
                on_disk(move || read(&path)).await
            }
            Place::Bucket(bucket, way) => bucket.get(carrier(way)?, name, now).await,
        }
    }

    /// Deletes a file; it is gone when this returns.
    ///
    /// # Errors
    /// If it may still be there.
    pub(crate) async fn delete(&self, name: &FileName, now: Ts) -> Result<(), CupboardError> {
        match &*self.0 {
            Place::Disk(directory) => {
                let path = path(directory, name);
                on_disk(move || remove(&path)).await
            }
            Place::Bucket(bucket, way) => bucket.delete(carrier(way)?, name, now).await,
        }
    }
}

fn carrier(way: &OnceLock<Arc<dyn Carrier>>) -> Result<&dyn Carrier, CupboardError> {
    let none = || CupboardError::Bucket("there is no way to the network here".to_owned());
    way.get().map(AsRef::as_ref).ok_or_else(none)
}

/// Works with files where that keeps nobody waiting.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, CupboardError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
        .map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CupboardError::Full,
            _ => CupboardError::Disk(error),
        })
}

/// Two letters of the key make a directory, so that none has too many files.
pub(super) fn path(directory: &Path, name: &FileName) -> PathBuf {
    let shelf = name.key.get(..2).unwrap_or("00");
    directory.join(shelf).join(name.to_string())
}

/// Writes a file beside its place, and moves it there when all of it is on the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let beside = path.with_extension("part");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        remove(&beside)?;
    }
    moved?;
    File::open(directory)?.sync_all()
}

pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
