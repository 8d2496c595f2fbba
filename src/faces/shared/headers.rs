//! The headers of every page (security.md 5.1).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const COMMON: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Puts the headers of a page on an answer; plain HTTP is for development only.
pub(crate) fn protect(headers: &mut HeaderMap, development: bool) {
    for (name, value) in COMMON {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy(development)),
    );
    if !development {
        let age = HeaderValue::from_static("max-age=63072000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, age);
    }
}

/// Nothing but the hub's own files; pictures of other servers come by way of the hub, too.
fn policy(development: bool) -> &'static str {
    if development {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; upgrade-insecure-requests"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_policy_lets_inline_code_in() {
        for development in [true, false] {
            let mut headers = HeaderMap::new();
            protect(&mut headers, development);
            let policy = headers
                .get(header::CONTENT_SECURITY_POLICY)
                .unwrap()
                .to_str()
                .unwrap();
            assert!(!policy.contains("unsafe"));
            assert!(policy.contains("img-src 'self';"));
            assert!(policy.contains("default-src 'none'"));
        }
    }
}
