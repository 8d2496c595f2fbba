//! Where on their own server somebody from elsewhere does what they want to do here: their server
//! is asked.

use url::Url;

use super::Federation;
use super::resolve::ask_software;
use crate::domain::intent::{Home, Wish};
use crate::net::check_url;

impl Federation {
    /// The address of the right page at home: by the links of the person's `WebFinger` answer
    /// (FEP-3b86, then the older ones), else by the software of the server. `None` if the server
    /// says neither, or is not asked by this hub.
    pub(crate) async fn door(&self, home: &Home, wish: &Wish) -> Option<Url> {
        let by_links = match &home.name {
            Some(name) => self.door_by_links(name, &home.host, wish).await,
            None => None,
        };
        if by_links.is_some() {
            return by_links;
        }
        self.resolver().spend_on(&self.root_of(&home.host)).ok()?;
        let server = ask_software(self, &home.host).await?;
        self.safe(&wish.by_software(&self.root_of(&home.host), &server.software))
    }

    async fn door_by_links(&self, name: &str, host: &str, wish: &Wish) -> Option<Url> {
        let answer = Box::pin(self.resolver().finger(name, host)).await.ok()?;
        let links = answer.links.into_iter();
        let links: Vec<_> = links
            .filter_map(|link| Some((link.rel, link.template?)))
            .collect();
        self.safe(&wish.by_links(&links)?)
    }

    /// The root of a server, without a slash.
    pub(super) fn root_of(&self, host: &str) -> String {
        let development = self.settings().federation.development;
        let scheme = if development { "http" } else { "https" };
        format!("{scheme}://{host}")
    }

    /// An address to which a browser may be led.
    fn safe(&self, address: &str) -> Option<Url> {
        let development = self.settings().federation.development;
        let url = Url::parse(address).ok()?;
        check_url(&url, development).ok().map(|()| url)
    }
}
