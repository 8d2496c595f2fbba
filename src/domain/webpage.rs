//! The address of a page elsewhere, without what an address may carry besides.

use url::Url;

use super::ids::{MAX_URI, host_of};

/// Parameters that say who sent a reader, and nothing about the page; those that begin with `utm_`
/// are of the same kind.
const CAMPAIGNS: [&str; 6] = ["fbclid", "gclid", "mc_cid", "mc_eid", "msclkid", "yclid"];

/// A page on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Webpage(Url);

impl Webpage {
    /// The page at an address: without the place on it, and without what campaigns append.
    pub(crate) fn parse(address: &str) -> Option<Self> {
        let address = address.trim();
        let mut url = Url::parse(address)
            .ok()
            .filter(|_| address.len() <= MAX_URI)?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let named = !url.username().is_empty() || url.password().is_some();
        if !web || named {
            return None;
        }
        url.set_fragment(None);
        let said: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !(name.starts_with("utm_") || CAMPAIGNS.contains(&name.as_ref())))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if said.len() < url.query_pairs().count() {
            url.query_pairs_mut().clear().extend_pairs(&said);
        }
        if said.is_empty() {
            url.set_query(None);
        }
        Some(Self(url))
    }

    /// The website: host and, if there is one, `:port`.
    pub(crate) fn host(&self) -> String {
        host_of(&self.0)
    }

    /// How links to this page are written: with and without a slash at the end, over both schemes.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let mut all = Vec::with_capacity(4);
        for scheme in ["https", "http"] {
            let address = self.0.as_str();
            let rest = address.split_once(':').map_or(address, |(_, rest)| rest);
            let (path, query) = rest
                .split_once('?')
                .map_or((rest, None), |(path, query)| (path, Some(query)));
            let path = path.trim_end_matches('/');
            let query = query.map_or(String::new(), |query| format!("?{query}"));
            all.extend(["", "/"].map(|end| format!("{scheme}:{path}{end}{query}")));
        }
        all
    }
}

impl std::fmt::Display for Webpage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_campaigns_append_is_no_part_of_a_page() {
        for (address, page) in [
            (
                "https://Brand.example/tea#reviews",
                "https://brand.example/tea",
            ),
            (
                "https://brand.example/tea?utm_source=mail&id=7&fbclid=x",
                "https://brand.example/tea?id=7",
            ),
            (
                "https://brand.example/tea?utm_source=mail",
                "https://brand.example/tea",
            ),
            ("https://brand.example:443", "https://brand.example/"),
            (
                "http://brand.example:8080/?a=b%20c",
                "http://brand.example:8080/?a=b%20c",
            ),
        ] {
            let read = Webpage::parse(address).unwrap();
            assert_eq!(read.to_string(), page);
        }
        let long = format!("https://brand.example/{}", "x".repeat(4_000));
        for bad in [
            "",
            "/tea",
            "javascript:alert(1)",
            "ftp://brand.example/",
            "https://ann@brand.example/",
            "mailto:ann@brand.example",
            &long,
        ] {
            assert_eq!(Webpage::parse(bad), None, "{bad}");
        }
        let port = Webpage::parse("http://brand.example:8080/").unwrap();
        assert_eq!(port.host(), "brand.example:8080");
    }

    #[test]
    fn a_page_is_found_however_its_link_is_written() {
        let page = Webpage::parse("https://brand.example/tea/?id=7").unwrap();
        assert_eq!(
            page.spellings(),
            [
                "https://brand.example/tea?id=7",
                "https://brand.example/tea/?id=7",
                "http://brand.example/tea?id=7",
                "http://brand.example/tea/?id=7",
            ]
        );
        let home = Webpage::parse("http://brand.example").unwrap().spellings();
        assert_eq!(home[0], "https://brand.example");
        assert_eq!(home[1], "https://brand.example/");
    }
}
