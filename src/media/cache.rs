//! Pictures of other servers, kept on disk for a while: made harmless as all others, named by their
//! address, and dropped when they are old or take up too much room.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::cupboard::{self, CupboardError, on_disk};
use super::picture::{Made, Picture};
use crate::crypto::digest;
use crate::domain::clock::Ts;
use crate::domain::media::{FileName, PictureKind};

/// The smaller widths in which they are kept, and the largest side of the full size.
pub(crate) const WIDTHS: [u32; 2] = [160, 640];
/// Wider or higher ones are made smaller.
pub(crate) const SIDE: u32 = 1280;

/// A picture of another server that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cached {
    /// Its form.
    pub(crate) kind: PictureKind,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

/// Keeps pictures of other servers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Cache(Arc<PathBuf>);

impl Cache {
    /// A cache in this directory, which need not be there yet.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self(Arc::new(directory))
    }

    /// The picture of an address in a width, or the next larger that there is; `None` if it is not
    /// kept, or longer than `retention`.
    ///
    /// # Errors
    /// If the disk cannot be read.
    pub(crate) async fn find(
        &self,
        url: &str,
        width: Option<u32>,
        now: Ts,
        retention: Duration,
    ) -> Result<Option<Cached>, CupboardError> {
        let (directory, key) = (Arc::clone(&self.0), key(url));
        on_disk(move || {
            let kinds = [PictureKind::Jpeg, PictureKind::Png];
            let names = [width, None].map(|width| kinds.map(|kind| (width, kind)));
            for (width, kind) in names.into_iter().flatten() {
                let key = key.clone();
                let path = cupboard::path(&directory, &FileName { key, width, kind });
                if is_fresh(&path, now, retention)?
                    && let Some(bytes) = cupboard::read(&path)?
                {
                    return Ok(Some(Cached { kind, bytes }));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Keeps what was made of the picture at an address.
    ///
    /// # Errors
    /// If the disk does not keep it.
    pub(crate) async fn keep(&self, url: &str, made: Made) -> Result<(), CupboardError> {
        let (directory, key) = (Arc::clone(&self.0), key(url));
        on_disk(move || {
            let kind = made.kind;
            let name = |width| FileName {
                key: key.clone(),
                width,
                kind,
            };
            let write = |width, picture: &Picture| {
                cupboard::write(&cupboard::path(&directory, &name(width)), &picture.bytes)
            };
            for smaller in &made.smaller {
                write(Some(smaller.width), smaller)?;
            }
            write(None, &made.full)
        })
        .await
    }

    /// Drops what is kept of the picture at an address.
    ///
    /// # Errors
    /// If any of it may still be there.
    pub(crate) async fn forget(&self, url: &str) -> Result<(), CupboardError> {
        let (directory, key) = (Arc::clone(&self.0), key(url));
        on_disk(move || {
            let widths = WIDTHS.into_iter().map(Some).chain([None]);
            for width in widths {
                for kind in [PictureKind::Jpeg, PictureKind::Png] {
                    let key = key.clone();
                    let name = FileName { key, width, kind };
                    cupboard::remove(&cupboard::path(&directory, &name))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Drops what is older than `retention`, and then the oldest until no more than `most` bytes
    /// are left; how many files went.
    ///
    /// # Errors
    /// If the disk cannot be read or written.
    pub(crate) async fn prune(
        &self,
        now: Ts,
        retention: Duration,
        most: u64,
    ) -> Result<usize, CupboardError> {
        let directory = Arc::clone(&self.0);
        on_disk(move || {
            let mut files = files(&directory)?;
            files.sort_by_key(|file| file.at);
            let mut total: u64 = files.iter().map(|file| file.bytes).sum();
            let mut gone = 0;
            for file in files {
                if total <= most && now.0.saturating_sub(file.at.0) <= micros(retention) {
                    break;
                }
                cupboard::remove(&file.path)?;
                total -= file.bytes;
                gone += 1;
            }
            Ok(gone)
        })
        .await
    }
}

fn key(url: &str) -> String {
    digest::hex(&digest::sha256(url.as_bytes()))
}

struct Kept {
    path: PathBuf,
    at: Ts,
    bytes: u64,
}

/// Every file of the cache, those that were not finished too.
fn files(directory: &Path) -> io::Result<Vec<Kept>> {
    let mut files = Vec::new();
    for shelf in entries(directory)? {
        for path in entries(&shelf)? {
            let about = fs::metadata(&path)?;
            files.push(Kept {
                at: written_at(&about)?,
                bytes: about.len(),
                path,
            });
        }
    }
    Ok(files)
}

/// What lies in a directory; nothing, if there is none.
fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn is_fresh(path: &Path, now: Ts, retention: Duration) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(about) => {
            let age = now.0.saturating_sub(written_at(&about)?.0);
            Ok(age <= micros(retention))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

fn written_at(about: &fs::Metadata) -> io::Result<Ts> {
    let since = about.modified()?.duration_since(std::time::UNIX_EPOCH);
    Ok(Ts(since.map_or(0, micros)))
}
