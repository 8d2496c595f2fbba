//! Forms with files in them (RFC 7578), read whole and within bounds.

use std::time::Duration;

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Multipart, SizeLimit};

use crate::domain::refusal::{Kind, Refusal};
use crate::settings::Settings;

/// The most parts of a form.
const MOST_PARTS: usize = 128;

/// What such a form holds.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// The fields, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// The files that were chosen, each with the name of its field. What they were called and what
    /// they are said to be is of no interest.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Whether a request carries such a form.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    boundary(headers).is_some()
}

/// Reads a form with at most so many files.
///
/// # Errors
/// If it is none, too large, or comes too slowly.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    settings: &Settings,
    files: u32,
) -> Result<Parts, Refusal> {
    let boundary = boundary(headers).ok_or_else(unreadable)?;
    let (one, text) = (
        settings.media.picture_limit.bytes(),
        settings.server.body_limit.bytes(),
    );
    let limits = SizeLimit::new()
        .per_field(one)
        .whole_stream(one.saturating_mul(u64::from(files)).saturating_add(text));
    let constraints = Constraints::new().size_limit(limits);
    let stream = body.into_data_stream();
    let form = Multipart::with_constraints(stream, boundary, constraints);
    let patience: Duration = settings.server.request_timeout.duration();
    let reading = Box::pin(gather(form));
    let read = tokio::time::timeout(patience, reading)
        .await
        .map_err(|_elapsed| unreadable())?;
    read.map_err(|error| refused(&error, settings))
}

async fn gather(mut form: Multipart<'_>) -> Result<Parts, multer::Error> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if parts.fields.len() + parts.files.len() >= MOST_PARTS {
            return Err(multer::Error::IncompleteStream);
        }
        if field.file_name().is_none() {
            parts.fields.push((name, field.text().await?));
            continue;
        }
        let bytes = field.bytes().await?;
        // Where nothing was chosen, browsers send a file without a name and without a byte.
        if !bytes.is_empty() {
            parts.files.push((name, bytes.into()));
        }
    }
    Ok(parts)
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(kind).ok()
}

fn unreadable() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "form.unreadable",
        "This form could not be read. Please load the page again and repeat what you did.",
    )
}

fn refused(error: &multer::Error, settings: &Settings) -> Refusal {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            let most = settings.media.picture_limit;
            let sentence = format!("A picture has at most {most}. Please make it smaller.");
            Refusal::new(Kind::TooLarge, "media.too_large", sentence)
        }
        _ => unreadable(),
    }
}
