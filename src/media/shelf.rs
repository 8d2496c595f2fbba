//! Where the files of the brand lie that admins uploaded: in the data directory, always.

use std::path::PathBuf;

use super::cupboard::{CupboardError, on_disk, read, remove, write};

/// Keeps files by names that the hub made. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    /// The shelf in this directory, which is made with its first file.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self(directory)
    }

    /// Keeps a file: whole and on the disk when this returns, or not at all.
    ///
    /// # Errors
    /// If it is not kept.
    pub(crate) async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), CupboardError> {
        let path = self.0.join(name);
        on_disk(move || write(&path, &bytes)).await
    }

    /// A file, if it is there.
    ///
    /// # Errors
    /// If it cannot be said.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, CupboardError> {
        let path = self.0.join(name);
        on_disk(move || read(&path)).await
    }

    /// Deletes a file; it is gone when this returns.
    ///
    /// # Errors
    /// If it may still be there.
    pub(crate) async fn delete(&self, name: &str) -> Result<(), CupboardError> {
        let path = self.0.join(name);
        on_disk(move || remove(&path)).await
    }
}
