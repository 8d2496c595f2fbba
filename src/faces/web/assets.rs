//! The files that pages need: styles, scripts, icons. They are built in, each in an address that
//! changes with its content, so that browsers keep them for a year.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;

/// A file in the forms in which it is sent.
struct Asset {
    path: &'static str,
    name: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// Made by the build script.
const ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Where the file of a name is; libraries may not have been there when the hub was built.
pub(super) fn path(name: &str) -> Option<&'static str> {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map(|asset| asset.path)
}

/// `/assets/{hash}/{file}`; no visit is read, since everybody gets the same.
pub(super) async fn show(uri: Uri, headers: HeaderMap) -> Response {
    let found = ASSETS.iter().find(|asset| asset.path == uri.path());
    let Some(asset) = found else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let (encoding, bytes) = asset.form(&headers);
    let mut response = Response::new(Body::from(bytes));
    let all = response.headers_mut();
    if let Some(encoding) = encoding {
        let encoding = HeaderValue::from_static(encoding);
        all.insert(header::CONTENT_ENCODING, encoding);
    }
    for (name, value) in kept_for_ever(asset.media_type()) {
        all.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The headers of a file whose address changes with its content.
pub(super) fn kept_for_ever(media_type: &'static str) -> [(HeaderName, &'static str); 5] {
    [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "Accept-Encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ]
}

impl Asset {
    /// The smallest form that the browser takes.
    fn form(&self, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        if accepts(headers, "br") {
            (Some("br"), self.brotli)
        } else if accepts(headers, "gzip") {
            (Some("gzip"), self.gzip)
        } else {
            (None, self.plain)
        }
    }

    fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }
    }
}

/// Whether `Accept-Encoding` names an encoding without refusing it.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    let words = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    let mut named = words.map(|word| word.split_once(';').unwrap_or((word, "")));
    named.any(|(name, weight)| {
        let refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0_f32);
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, accept: &'static str) -> Option<&'static str> {
        let asset = ASSETS.iter().find(|asset| asset.name == name).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
        asset.form(&headers).0
    }

    #[test]
    fn a_browser_gets_the_smallest_form_it_takes() {
        assert_eq!(form("style.css", "gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(form("style.css", "gzip;q=0.5, br;q=0"), Some("gzip"));
        assert_eq!(form("style.css", "identity"), None);
    }

    #[test]
    fn the_files_of_reading_pages_stay_within_their_budget() {
        let size = |name: &str| {
            let found = ASSETS.iter().find(|asset| asset.name == name);
            found.map_or(0, |asset| asset.brotli.len())
        };
        assert!(size("style.css") <= 14 * 1024, "{}", size("style.css"));
        let scripts = size("hub.js") + size("htmx.js");
        assert!(scripts <= 26 * 1024, "{scripts}");
        assert!(size("icons.svg") <= 4 * 1024, "{}", size("icons.svg"));
    }
}
