//! Forms with files in them (RFC 7578), read whole and within bounds.

use std::time::Duration;

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Field, Multipart, SizeLimit};

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
    /// they are said to be is of no interest. Of one that is too large, no more is kept than shows
    /// that: who takes it refuses it, and the form around it is still there.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Whether a request carries such a form.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    boundary(headers).is_some()
}

/// Reads a form with at most so many files.
///
/// # Errors
/// If it is none, far too large, or comes too slowly.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    settings: &Settings,
    files: u32,
) -> Result<Parts, Refusal> {
    let boundary = boundary(headers).ok_or_else(unreadable)?;
    let room = Room::new(settings, files);
    // As much again is read and thrown away, so that the sender hears the answer.
    let most = u64::try_from(room.left).unwrap_or(u64::MAX);
    let limits = SizeLimit::new().whole_stream(most.saturating_mul(2));
    let constraints = Constraints::new().size_limit(limits);
    let stream = body.into_data_stream();
    let form = Multipart::with_constraints(stream, boundary, constraints);
    let patience: Duration = settings.server.request_timeout.duration();
    let reading = Box::pin(gather(form, room));
    let read = tokio::time::timeout(patience, reading)
        .await
        .map_err(|_elapsed| unreadable())?;
    read.map_err(|fault| fault.refusal(settings))
}

/// How much is kept of a form.
#[derive(Clone, Copy)]
struct Room {
    /// Of one file: a byte more than it may have.
    file: usize,
    /// Of one field.
    field: usize,
    /// Of all that is still to come.
    left: usize,
}

impl Room {
    fn new(settings: &Settings, files: u32) -> Self {
        let file = settings.media.picture_limit.length().saturating_add(1);
        let field = settings.server.body_limit.length();
        let files = usize::try_from(files).unwrap_or(usize::MAX);
        Self {
            file,
            field,
            left: file.saturating_mul(files).saturating_add(field),
        }
    }

    /// Takes room for something.
    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let left = self.left.checked_sub(bytes.len());
        self.left = left.ok_or(Fault::Large)?;
        Ok(())
    }
}

/// What is wrong with a form.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// It is none, or breaks off.
    Broken,
    /// More comes than files of the largest size make.
    Large,
    /// So does text.
    Long,
}

impl From<multer::Error> for Fault {
    fn from(error: multer::Error) -> Self {
        match error {
            multer::Error::StreamSizeExceeded { .. } => Self::Large,
            _ => Self::Broken,
        }
    }
}

impl Fault {
    fn refusal(self, settings: &Settings) -> Refusal {
        match self {
            Self::Broken => unreadable(),
            Self::Large => {
                let most = settings.media.picture_limit;
                let sentence = format!("A picture has at most {most}. Please make it smaller.");
                Refusal::new(Kind::TooLarge, "media.too_large", sentence)
            }
            Self::Long => Refusal::new(
                Kind::TooLarge,
                "form.too_large",
                "This is more than the hub takes at once. Please go back and shorten it.",
            ),
        }
    }
}

async fn gather(mut form: Multipart<'_>, mut room: Room) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if parts.fields.len() + parts.files.len() >= MOST_PARTS {
            return Err(Fault::Broken);
        }
        if field.file_name().is_none() {
            let text = beginning(field, room.field.saturating_add(1)).await?;
            if text.len() > room.field {
                return Err(Fault::Long);
            }
            room.take(&text)?;
            let text = String::from_utf8(text).map_err(|_no_text| Fault::Broken)?;
            parts.fields.push((name, text));
            continue;
        }
        let bytes = beginning(field, room.file).await?;
        room.take(&bytes)?;
        // Where nothing was chosen, browsers send a file without a name and without a byte.
        if !bytes.is_empty() {
            parts.files.push((name, bytes));
        }
    }
    Ok(parts)
}

/// So many bytes of a part at most; the others are read and thrown away.
async fn beginning(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Fault> {
    let mut kept = Vec::new();
    while let Some(piece) = field.chunk().await? {
        let room = most.saturating_sub(kept.len()).min(piece.len());
        kept.extend_from_slice(&piece.slice(..room));
    }
    Ok(kept)
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
