//! What goes into the process that decodes a picture, and what comes out of it.

use serde::{Deserialize, Serialize};

use crate::domain::likeness::Likeness;
use crate::domain::media::PictureKind;
use crate::settings;

/// How much of a picture is taken, and what is made of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bounds {
    /// The most pixels, across times down.
    pub(crate) pixels: u64,
    /// Wider or higher pictures are made smaller.
    pub(crate) side: u32,
    /// The smaller widths that are made besides.
    pub(crate) widths: Vec<u32>,
    /// Bytes of memory.
    pub(crate) memory: u64,
    /// Seconds.
    pub(crate) seconds: u64,
}

impl Bounds {
    /// The bounds of the settings, with these smaller widths.
    pub(crate) fn new(settings: &settings::Media, widths: &[u32]) -> Self {
        Self {
            pixels: u64::from(settings.pixel_limit),
            side: settings.longest_side,
            widths: widths.to_vec(),
            memory: settings.decoder_memory.bytes(),
            seconds: settings.decoder_timeout.duration().as_secs().max(1),
        }
    }
}

/// A file that was made of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Pixels across.
    pub(crate) width: u32,
    /// Pixels down.
    pub(crate) height: u32,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

/// What was made of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// The form of all files.
    pub(crate) kind: PictureKind,
    /// A blurred preview in a few letters.
    pub(crate) blurhash: String,
    /// By what it is known again.
    pub(crate) likeness: Likeness,
    /// The full size.
    pub(crate) full: Picture,
    /// The smaller sizes that were asked for, where the picture is wider.
    pub(crate) smaller: Vec<Picture>,
}

/// Why nothing was made of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Rejected {
    /// It is no picture, or none of a kind that is taken.
    #[error("This is no JPEG, PNG, GIF, WebP or AVIF picture. Please send one of these.")]
    Kind,
    /// It has too many pixels, or needs too much memory.
    #[error("This picture is too large. Please make it smaller and try again.")]
    Large,
    /// It cannot be decoded.
    #[error("This picture is damaged and cannot be read. Please save it anew and try again.")]
    Broken,
    /// It took too long.
    #[error("This picture takes too long to read. Please save it anew, smaller, and try again.")]
    Slow,
    /// Too many others wait.
    #[error("Too many pictures arrive at this moment. Please try again in a minute.")]
    Busy,
}

/// The first line of what the process writes; the files follow, one after the other.
#[derive(Serialize, Deserialize)]
struct Head {
    kind: PictureKind,
    blurhash: String,
    likeness: Likeness,
    files: Vec<(u32, u32, usize)>,
}

/// The most bytes of that line.
const LONGEST_HEAD: usize = 4_096;

/// Writes an outcome for the other process.
pub(super) fn write(outcome: &Result<Made, Rejected>) -> Vec<u8> {
    let head = outcome.as_ref().map(|made| Head {
        kind: made.kind,
        blurhash: made.blurhash.clone(),
        likeness: made.likeness.clone(),
        files: files(made)
            .map(|file| (file.width, file.height, file.bytes.len()))
            .collect(),
    });
    let mut out = serde_json::to_vec(&head).expect("a head is plain data");
    out.push(b'\n');
    if let Ok(made) = outcome {
        files(made).for_each(|file| out.extend_from_slice(&file.bytes));
    }
    out
}

fn files(made: &Made) -> impl Iterator<Item = &Picture> {
    std::iter::once(&made.full).chain(&made.smaller)
}

/// Reads what the other process wrote; `None` if that is no whole outcome.
pub(super) fn read(out: &[u8]) -> Option<Result<Made, Rejected>> {
    let end = out.iter().take(LONGEST_HEAD).position(|b| *b == b'\n')?;
    let (head, rest) = out.split_at_checked(end)?;
    let head: Result<Head, Rejected> = serde_json::from_slice(head).ok()?;
    let head = match head {
        Ok(head) => head,
        Err(rejected) => return Some(Err(rejected)),
    };
    let mut rest = rest.get(1..)?;
    let mut files = Vec::with_capacity(head.files.len());
    for (width, height, length) in head.files {
        let (bytes, after) = rest.split_at_checked(length)?;
        rest = after;
        files.push(Picture {
            width,
            height,
            bytes: bytes.to_vec(),
        });
    }
    let mut files = files.into_iter();
    Some(Ok(Made {
        kind: head.kind,
        blurhash: head.blurhash,
        likeness: head.likeness,
        full: files.next()?,
        smaller: files.collect(),
    }))
}
