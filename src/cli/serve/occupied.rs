//! One server for each directory of data: a second one is refused (security.md H264).

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::super::context::Refused;

/// The file that the server of a directory holds locked; the system lets go of it when it ends,
/// however that comes about.
const NAME: &str = "serve.lock";

/// The mark that a server runs over a directory, for as long as it lives.
#[derive(Debug)]
pub(super) struct Occupied(#[expect(dead_code, reason = "it is locked while it is open")] File);

impl Occupied {
    /// Takes the directory, which is made if there is none.
    ///
    /// # Errors
    /// If another server has it, or nothing can be written there.
    pub(super) fn take(directory: &Path) -> Result<Self, Refused> {
        let path = directory.join(NAME);
        let unwritable = |error: std::io::Error| {
            Refused::from(format!("{} cannot be written: {error}", path.display()))
        };
        fs::create_dir_all(directory).map_err(unwritable)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::Error(error)) => Err(unwritable(error)),
            Err(TryLockError::WouldBlock) => Err(Refused::from(format!(
                "another server runs over {}; stop it first, or give this one a data_dir of its own",
                directory.display()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h264_a_second_server_over_the_same_data_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("data");
        let first = Occupied::take(&directory).unwrap();
        let refused = Occupied::take(&directory).unwrap_err();
        let sentence = &refused.sentences[0];
        assert!(sentence.contains("another server runs"), "H264: {sentence}");
        drop(first);
        assert!(Occupied::take(&directory).is_ok(), "H264: it is free again");
    }
}
