//! Pictures of other servers, fetched for readers here: bounded, made harmless, kept for a while.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use moka::sync::Cache;
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use super::Federation;
use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::media::{Bounds, CACHED_SIDE, CACHED_WIDTHS, Cached, Rejected};
use crate::operations::media::{is_address_blocked, is_picture_blocked};

/// Pictures that are fetched at once.
const AT_ONCE: usize = 8;
/// How long one that could not be had is not asked for again.
const FAILED_FOR: Duration = Duration::from_mins(10);
/// Addresses that are remembered for that.
const REMEMBERED: u64 = 10_000;

/// What is under way, and what failed lately.
pub(super) struct Fetching {
    permits: Semaphore,
    turns: Cache<String, Arc<Mutex<()>>>,
    failed: Cache<String, ()>,
}

impl Default for Fetching {
    fn default() -> Self {
        let remembered = || Cache::builder().max_capacity(REMEMBERED);
        Self {
            permits: Semaphore::new(AT_ONCE),
            turns: Cache::new(REMEMBERED),
            failed: remembered().time_to_live(FAILED_FOR).build(),
        }
    }
}

impl Federation {
    /// The picture at an address of another server, in a width or the next larger that there is.
    /// It is fetched if it is not kept, by one at a time.
    ///
    /// # Errors
    /// If there is none, or pictures of that server are not shown.
    pub(crate) async fn picture(&self, url: &str, width: Option<u32>) -> Result<Cached, Refusal> {
        let uri = Uri::parse(url).ok_or_else(missing)?;
        let host = uri.host();
        let treatment = self.operations.treatment(&host).await?;
        if host == self.names().host() || treatment.reject_media || !treatment.admits() {
            return Err(missing());
        }
        if let Some(kept) = self.kept(url, width).await? {
            return Ok(kept);
        }
        let turn = self
            .pictures
            .turns
            .get_with_by_ref(url, || Arc::new(Mutex::new(())));
        let _turn = turn.lock().await;
        if self.pictures.failed.contains_key(url) {
            return Err(missing());
        }
        // Somebody else may have fetched it in the meantime.
        if let Some(kept) = self.kept(url, width).await? {
            return Ok(kept);
        }
        if let Err(refusal) = self.fetch_picture(url).await {
            if !refusal.is_passing() {
                self.pictures.failed.insert(url.to_owned(), ());
            }
            return Err(refusal);
        }
        self.kept(url, width).await?.ok_or_else(missing)
    }

    async fn kept(&self, url: &str, width: Option<u32>) -> Result<Option<Cached>, Refusal> {
        let retention = self.settings().media.cache_retention.duration();
        let cache = &self.operations.media.cache;
        let found = cache.find(url, width, self.now(), retention).await;
        found.map_err(Refusal::fault)
    }

    /// Fetches a picture and keeps what was made of it.
    async fn fetch_picture(&self, url: &str) -> Result<(), Refusal> {
        let address = Url::parse(url).map_err(|_no_address| missing())?;
        if is_address_blocked(&self.operations, url).await? {
            return Err(missing());
        }
        let settings = self.settings();
        let _permit = self.pictures.permits.acquire().await;
        let accept = (
            ACCEPT,
            HeaderValue::from_static("image/avif,image/webp,image/png,image/jpeg,image/gif"),
        );
        let most = settings.media.picture_limit.length();
        let fetched = Box::pin(self.client.get(&address, &[accept], None, most)).await;
        let fetched = fetched.map_err(|error| {
            tracing::debug!(%error, "a picture was not fetched");
            missing()
        })?;
        let kind = fetched.headers.get(CONTENT_TYPE);
        if !fetched.status.is_success() || !kind.is_none_or(is_picture) {
            return Err(missing());
        }
        let bounds = Bounds {
            side: CACHED_SIDE,
            ..Bounds::new(&settings.media, &CACHED_WIDTHS)
        };
        let media = &self.operations.media;
        let made = media.workshop.make(&fetched.body, &bounds).await;
        let made = made.map_err(|rejected| match rejected {
            Rejected::Busy => Refusal::new(Kind::Unavailable, "media.busy", rejected.to_string()),
            _ => missing(),
        })?;
        if is_picture_blocked(&self.operations, &made).await? {
            return Err(missing());
        }
        media.cache.keep(url, made).await.map_err(Refusal::fault)
    }
}

/// What the answer says of itself: a picture, or bytes of which it knows nothing.
fn is_picture(kind: &HeaderValue) -> bool {
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let unknown = ["application/octet-stream", "binary/octet-stream"];
    (kind.starts_with("image/") && kind != "image/svg+xml") || unknown.contains(&kind)
}

fn missing() -> Refusal {
    Refusal::not_found("media.not_found", "There is no such picture.")
}
