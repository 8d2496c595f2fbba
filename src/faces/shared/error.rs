//! The one table from a refusal's kind to a status (ARCHITECTURE.md 7); each face renders its own
//! body. A fault is logged here, once, with its whole chain of causes, and shown to nobody.

use std::error::Error as _;

use axum::http::StatusCode;

use crate::domain::refusal::{Kind, Refusal};

/// The status of an answer that refuses.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden | Kind::Banned => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Gone => StatusCode::GONE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Seconds after which trying again may help, for the `Retry-After` header.
pub(crate) fn retry_after(kind: Kind) -> Option<u32> {
    match kind {
        Kind::Limited { retry_after } => Some(retry_after),
        Kind::Unavailable => Some(5),
        _ => None,
    }
}

/// Logs a fault where it is answered; anything else is no news.
pub(crate) fn log(refusal: &Refusal) {
    if refusal.kind != Kind::Fault {
        return;
    }
    let mut causes = String::new();
    let mut cause = refusal.source();
    while let Some(error) = cause {
        causes.push_str(if causes.is_empty() { "" } else { ": " });
        causes.push_str(&error.to_string());
        cause = error.source();
    }
    tracing::error!(code = %refusal.code, causes, "a request failed");
}
