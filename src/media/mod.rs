//! Pictures: made harmless in a process of their own, and kept on disk or in a bucket.
//!
//! [`Media`] is the handle. What comes in is never kept as it came: [`decode`] turns it into pixels
//! and back into a file of ours, without anything else that was in it.

mod cache;
mod child;
mod cupboard;
mod decode;
mod picture;
mod s3;
mod shelf;
mod workshop;

use std::path::Path;
use std::sync::{Arc, OnceLock};

pub(crate) use cache::{Cache, Cached, SIDE as CACHED_SIDE, WIDTHS as CACHED_WIDTHS};
pub(crate) use child::run as decode_for_parent;
pub(crate) use cupboard::{Cupboard, CupboardError};
pub(crate) use picture::{Bounds, Made, Rejected};
pub(crate) use s3::{Carried, Carrier, Method};
pub(crate) use shelf::Shelf;
pub(crate) use workshop::Workshop;

use crate::crypto::{digest, token};
use crate::settings;

/// Everything that pictures need. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Media {
    /// Makes pictures harmless.
    pub(crate) workshop: Workshop,
    /// Keeps uploaded pictures.
    pub(crate) cupboard: Cupboard,
    /// Keeps pictures of other servers for a while.
    pub(crate) cache: Cache,
    /// Keeps the files of the brand.
    pub(crate) shelf: Shelf,
    secret: Arc<OnceLock<String>>,
    #[cfg(test)]
    _own: Arc<tempfile::TempDir>,
}

impl Media {
    /// The pictures of the hub with this data directory; nothing is opened or made yet.
    pub(crate) fn new(settings: &settings::Media, data: &Path) -> Self {
        #[cfg(test)]
        let own = Arc::new(tempfile::tempdir().expect("a directory for a test's pictures"));
        #[cfg(test)]
        let data = if data == Path::new("data") {
            own.path()
        } else {
            data
        };
        let directory = data.join("media");
        Self {
            workshop: Workshop::new(settings.decoders),
            cache: Cache::new(directory.join("cache")),
            cupboard: Cupboard::new(settings, directory),
            shelf: Shelf::new(data.join("brand")),
            secret: Arc::default(),
            #[cfg(test)]
            _own: own,
        }
    }

    /// Sets the secret with which addresses of pictures elsewhere are signed; only the first counts.
    pub(crate) fn set_secret(&self, secret: String) {
        // A second one would make the addresses of the first worthless.
        drop(self.secret.set(secret));
    }

    /// Signs something that is part of an address, so that nobody else can make such addresses.
    /// Without a secret that was set, one is drawn that lasts until the hub is stopped.
    pub(crate) fn sign(&self, text: &str) -> String {
        let secret = self.secret.get_or_init(token::random);
        let mut signature = digest::hex(&digest::hmac_sha256(secret.as_bytes(), text.as_bytes()));
        signature.truncate(32);
        signature
    }
}

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
