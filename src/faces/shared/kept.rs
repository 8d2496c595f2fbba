//! Pages as they were made a moment ago: what many visitors read at once is made once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::response::{IntoResponse as _, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use moka::sync::Cache;

use crate::domain::clock::Ts;
use crate::domain::refusal::Refusal;
use crate::settings::Settings;

use super::Failed;

/// How long a page is kept: what comes from elsewhere is seen so much later.
const TIME: Duration = Duration::from_secs(1);
/// Pages larger than this are not kept.
const MOST_BYTES: u64 = 512 * 1024;
/// Bytes of all pages that are kept.
const ALL_BYTES: u64 = 8 * 1024 * 1024;

/// What a page of a visitor depends on, beside what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Its language.
    pub(crate) language: String,
    /// Path and query.
    pub(crate) path: String,
}

/// The state of the hub in which a page is made.
#[derive(Clone)]
pub(crate) struct Moment {
    /// The settings in force.
    pub(crate) settings: Arc<Settings>,
    /// What was done here so far (`Operations::changes`), asked before the page is made.
    pub(crate) changes: u64,
    /// When.
    pub(crate) now: Ts,
}

impl Moment {
    fn serves(&self, later: &Self) -> bool {
        let age = later.now.0.saturating_sub(self.now.0);
        let young = (0..=1_000_000).contains(&age);
        young && self.changes == later.changes && Arc::ptr_eq(&self.settings, &later.settings)
    }
}

#[derive(Clone)]
struct Page {
    made: Moment,
    headers: HeaderMap,
    body: Bytes,
}

/// Pages of visitors who carry no cookie. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Kept(Cache<Key, Page>);

impl Default for Kept {
    fn default() -> Self {
        let weigh = |key: &Key, page: &Page| {
            let bytes = key.path.len() + page.body.len() + 1024;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(ALL_BYTES)
            .weigher(weigh)
            .time_to_live(TIME);
        Self(cache.build())
    }
}

impl Kept {
    /// The page as it was made, if that was a moment ago and nothing was done here since.
    pub(crate) fn find(&self, key: &Key, now: &Moment) -> Option<Response> {
        let page = self.0.get(key).filter(|page| page.made.serves(now))?;
        let mut response = Response::new(Body::from(page.body));
        *response.headers_mut() = page.headers;
        Some(response)
    }

    /// Keeps a page that was made, if it is one for everybody, and gives it back.
    pub(crate) async fn keep(&self, key: Key, made: Moment, response: Response) -> Response {
        let small = response.body().size_hint().upper();
        let small = small.is_some_and(|bytes| bytes <= MOST_BYTES);
        let own = response.headers().contains_key(SET_COOKIE);
        if response.status() != StatusCode::OK || own || !small {
            return response;
        }
        let (parts, body) = response.into_parts();
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(fault) => return Failed::from(Refusal::fault(fault)).into_response(),
        };
        let page = Page {
            made,
            headers: parts.headers.clone(),
            body: body.clone(),
        };
        self.0.insert(key, page);
        Response::from_parts(parts, Body::from(body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key {
            language: "en".to_owned(),
            path: "/".to_owned(),
        }
    }

    fn moment(settings: &Arc<Settings>, changes: u64, now: i64) -> Moment {
        Moment {
            settings: Arc::clone(settings),
            changes,
            now: Ts(now),
        }
    }

    fn page() -> Response {
        Response::new(Body::from("a page"))
    }

    #[tokio::test]
    async fn a_page_is_shown_again_until_something_is_done_or_a_second_is_over() {
        let (kept, settings) = (Kept::default(), Arc::new(Settings::default()));
        let made = moment(&settings, 3, 5_000_000);
        kept.keep(key(), made.clone(), page()).await;
        let body = kept.find(&key(), &made).expect("it is kept").into_body();
        assert_eq!(to_bytes(body, 100).await.unwrap(), "a page");
        let other = Key {
            language: "de".to_owned(),
            ..key()
        };
        assert!(kept.find(&other, &made).is_none(), "another language");
        assert!(
            kept.find(&key(), &moment(&settings, 4, 5_000_000))
                .is_none()
        );
        assert!(
            kept.find(&key(), &moment(&settings, 3, 6_000_001))
                .is_none()
        );
        let reloaded = Arc::new(Settings::default());
        assert!(
            kept.find(&key(), &moment(&reloaded, 3, 5_000_000))
                .is_none()
        );
    }

    #[tokio::test]
    async fn what_is_for_one_visitor_or_failed_is_not_kept() {
        let (kept, settings) = (Kept::default(), Arc::new(Settings::default()));
        let made = moment(&settings, 0, 0);
        let mut own = page();
        own.headers_mut()
            .insert(SET_COOKIE, http::HeaderValue::from_static("a=b"));
        kept.keep(key(), made.clone(), own).await;
        let mut failed = page();
        *failed.status_mut() = StatusCode::NOT_FOUND;
        kept.keep(key(), made.clone(), failed).await;
        assert!(kept.find(&key(), &made).is_none());
    }
}
