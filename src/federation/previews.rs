//! Pages elsewhere, fetched for what they say of themselves: bounded, as nobody in particular.

use std::time::Duration;

use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};
use url::Url;

use super::Federation;
use crate::domain::ids::{MAX_URI, host_of};
use crate::domain::link_preview::LinkPreview;
use crate::domain::refusal::Refusal;
use crate::domain::webpage::Webpage;
use crate::net::Fetched;
use crate::operations::media::is_address_blocked;
use crate::text::webpage_head::{self, Head};

/// What is read of a page, in bytes; all that is looked for stands at its beginning.
const MOST: usize = 512 * 1024;
/// All of a fetch, redirects included.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is looked into.
const KINDS: [&str; 2] = ["text/html", "application/xhtml+xml"];

impl Federation {
    /// What the page at an address says of itself; nothing where it cannot be had, is no page, or lies
    /// on a server that this hub does not speak to.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn preview(&self, url: &str) -> Result<LinkPreview, Refusal> {
        let Some(page) = self.fetch_page(url).await? else {
            return Ok(LinkPreview::default());
        };
        let header = |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let coding = kind.split_once("charset=").map(|(_, coding)| coding);
        let quiet = header("x-robots-tag").is_some_and(webpage_head::keeps_quiet);
        let head = webpage_head::read(&webpage_head::text(&page.body, coding), quiet);
        let picture = match self.picture_of(&page.final_url, &head) {
            Some(picture) if self.shows_picture(&picture).await? => Some(picture.into()),
            _ => None,
        };
        Ok(LinkPreview {
            title: head.title,
            description: head.description,
            site: head.site,
            picture,
        })
    }

    async fn fetch_page(&self, url: &str) -> Result<Option<Fetched>, Refusal> {
        let Ok(address) = Url::parse(url) else {
            return Ok(None);
        };
        if !self.operations.admits(&host_of(&address)).await? {
            return Ok(None);
        }
        let accept = (ACCEPT, HeaderValue::from_static("text/html"));
        let fetch = self
            .client
            .get_start(&address, std::slice::from_ref(&accept), &KINDS, MOST);
        let fetched = tokio::time::timeout(PATIENCE, Box::pin(fetch)).await;
        let page = match fetched {
            Ok(Ok(page)) => page,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a page was not fetched");
                None
            }
            Err(_elapsed) => None,
        };
        let Some(page) = page else { return Ok(None) };
        let admitted = self.operations.admits(&host_of(&page.final_url)).await?;
        Ok(admitted.then_some(page))
    }

    /// The whole address of the picture that a page names.
    fn picture_of(&self, page: &Url, head: &Head) -> Option<Url> {
        let picture = page.join(head.picture.as_deref()?).ok()?;
        let known = Webpage::parse(picture.as_str()).is_some() && picture.as_str().len() <= MAX_URI;
        (known && host_of(&picture) != self.names().host()).then_some(picture)
    }

    async fn shows_picture(&self, picture: &Url) -> Result<bool, Refusal> {
        let treatment = self.operations.treatment(&host_of(picture)).await?;
        let shown = treatment.admits() && !treatment.reject_media;
        Ok(shown && !is_address_blocked(&self.operations, picture.as_str()).await?)
    }
}
