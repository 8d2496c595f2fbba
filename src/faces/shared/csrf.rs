//! Only the hub's own pages send its forms: by the browser's word (`Sec-Fetch-Site`, `Origin`) and
//! by a token that other sites cannot read (security.md 5.1, H171).

use axum::http::{HeaderMap, header};

use crate::crypto::{digest, token};
use crate::domain::refusal::Refusal;

/// The token of forms that belong to this session (or, before there is one, to this seed).
pub(crate) fn form_token(secret: &str) -> String {
    let mut token = token::hash_hex(&format!("form:{secret}"));
    token.truncate(32);
    token
}

/// Refuses what a browser says comes from elsewhere. `base` is the hub's own address.
///
/// # Errors
/// If the form was sent by another site.
pub(crate) fn check_origin(headers: &HeaderMap, base: &str) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return Err(foreign());
    }
    let Some(origin) = text("origin") else {
        return Ok(());
    };
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let of_host = origin
        .split_once("://")
        .is_some_and(|(_, rest)| rest == host);
    if origin == base || of_host {
        return Ok(());
    }
    Err(foreign())
}

/// Refuses a form without the right token.
///
/// # Errors
/// If the token is missing or belongs to somebody else.
pub(crate) fn check_token(given: Option<&str>, secret: Option<&str>) -> Result<(), Refusal> {
    let right = secret.map(form_token);
    match (given, right) {
        (Some(given), Some(right)) if digest::same(given.as_bytes(), right.as_bytes()) => Ok(()),
        _ => Err(Refusal::forbidden(
            "form.expired",
            "This form is no longer valid. Please go back, load the page again and repeat what you did.",
        )),
    }
}

fn foreign() -> Refusal {
    Refusal::forbidden(
        "form.foreign",
        "This form was not sent from a page of this hub, so nothing was done.",
    )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        pairs.collect()
    }

    #[test]
    fn other_sites_cannot_send_forms() {
        let base = "https://hub.example";
        let check = |pairs: &[(&'static str, &str)]| check_origin(&headers(pairs), base).is_ok();
        assert!(check(&[]));
        assert!(check(&[
            ("origin", "https://hub.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(check(&[
            ("origin", "http://127.0.0.1:8080"),
            ("host", "127.0.0.1:8080")
        ]));
        assert!(!check(&[
            ("origin", "https://evil.example"),
            ("host", "hub.example")
        ]));
        assert!(!check(&[("origin", "null"), ("host", "hub.example")]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn a_token_fits_one_session_only() {
        let token = form_token("mine");
        assert!(check_token(Some(&token), Some("mine")).is_ok());
        assert!(check_token(Some(&token), Some("yours")).is_err());
        assert!(check_token(None, Some("mine")).is_err());
        assert!(check_token(Some(&token), None).is_err());
    }
}
