//! Where a page finds its pictures: always on this hub, so that nobody else learns who reads it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::media::WIDTHS;
use crate::domain::names::Names;
use crate::media::{CACHED_WIDTHS, Media};
use crate::operations::Operations;
use crate::text::pictures::readdress;

/// Widths at which pictures are shown beside names, and in lists; each is served twice as large for
/// screens with small dots.
const BESIDE_NAMES: u32 = 80;
const IN_LISTS: u32 = 320;

/// The longest address that is fetched for a page.
const LONGEST: usize = 2_048;

/// Makes addresses of pictures. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Pictures {
    names: Arc<Names>,
    media: Media,
}

impl Pictures {
    /// The pictures of a hub.
    pub(crate) fn new(operations: &Operations) -> Self {
        Self {
            names: Arc::clone(&operations.names),
            media: operations.media.clone(),
        }
    }

    /// A page whose pictures all come from this hub.
    pub(crate) fn within(&self, html: &str) -> String {
        readdress(html, |url, shown| self.address(url, shown))
    }

    /// The whole address on this hub of a picture elsewhere, in its full width.
    pub(crate) fn whole_address(&self, url: &str) -> Option<String> {
        let path = self.address(url, None)?;
        Some(format!("{}{path}", self.names.base()))
    }

    /// Where a picture is found on this hub, for a width at which it is shown.
    fn address(&self, url: &str, shown: Option<u32>) -> Option<String> {
        if url.starts_with('/') && !url.starts_with("//") {
            return Some(url.to_owned());
        }
        if let Some(mut file) = self.names.media_file(url) {
            file.width = file.width.or(Some(nearest(shown, WIDTHS[2])));
            return Some(format!("/media/{file}"));
        }
        let web = url.starts_with("https://") || url.starts_with("http://");
        (web && url.len() <= LONGEST).then(|| {
            let width = nearest(shown, 0);
            let coded = URL_SAFE_NO_PAD.encode(url);
            let signature = self.media.sign(&format!("{width} {url}"));
            format!("/media/proxy/{signature}/{width}/{coded}")
        })
    }

    /// The picture that the parts of such an address stand for, and its width, if this hub made it.
    pub(crate) fn read(
        &self,
        signature: &str,
        width: u32,
        coded: &str,
    ) -> Option<(String, Option<u32>)> {
        let url = String::from_utf8(URL_SAFE_NO_PAD.decode(coded).ok()?).ok()?;
        let right = self.media.sign(&format!("{width} {url}"));
        let known = crate::crypto::digest::same(right.as_bytes(), signature.as_bytes());
        known.then(|| (url, CACHED_WIDTHS.contains(&width).then_some(width)))
    }
}

/// The kept width for one that is shown; `large` for everything wide.
fn nearest(shown: Option<u32>, large: u32) -> u32 {
    match shown {
        Some(0..=BESIDE_NAMES) => WIDTHS[0],
        Some(0..=IN_LISTS) => WIDTHS[1],
        _ => large,
    }
}
