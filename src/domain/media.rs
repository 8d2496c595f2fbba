//! Pictures that people upload, as the hub keeps them.

use super::clock::Ts;
use super::ids::{ActorId, MediaId};

/// The widths, in pixels, in which every picture is kept besides its full size, if it is wider.
pub(crate) const WIDTHS: [u32; 3] = [160, 640, 1280];

/// The most letters of a description (security.md H232).
pub(crate) const LONGEST_ALT: usize = 1_500;

/// In which form a picture is kept; whatever it was before, it is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PictureKind {
    /// Photographs.
    Jpeg,
    /// Drawings, and what one can see through.
    Png,
}

impl PictureKind {
    /// The end of the file's name.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// The media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Reads the end of a file's name.
    pub(crate) fn parse(extension: &str) -> Option<Self> {
        match extension {
            "jpg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }
}

/// The name of a picture's file: its key, a width where it is a smaller one, and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileName {
    /// 64 hexadecimal digits.
    pub(crate) key: String,
    /// One of [`WIDTHS`]; `None`: the full size.
    pub(crate) width: Option<u32>,
    /// The form.
    pub(crate) kind: PictureKind,
}

impl FileName {
    /// The full size of a picture of which only the key is known; operations go by that alone.
    pub(crate) fn full(key: String) -> Self {
        Self {
            key,
            width: None,
            kind: PictureKind::Jpeg,
        }
    }

    /// Reads a name; `None` for everything that no picture is called.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (stem, extension) = name.split_once('.')?;
        let (key, width) = match stem.split_once('-') {
            None => (stem, None),
            Some((key, width)) => (key, Some(width.parse().ok()?)),
        };
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let known = width.is_none_or(|width| WIDTHS.contains(&width));
        (known && key.len() == 64 && key.bytes().all(hexadecimal)).then_some(())?;
        Some(Self {
            key: key.to_owned(),
            width,
            kind: PictureKind::parse(extension)?,
        })
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)?;
        if let Some(width) = self.width {
            write!(f, "-{width}")?;
        }
        write!(f, ".{}", self.kind.extension())
    }
}

/// What becomes of an uploaded picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaState {
    /// Its files are being written.
    Arriving,
    /// Its files are there, and nothing shows it yet.
    Unused,
    /// A post, comment, draft, person or group shows it.
    Shown,
    /// What showed it was deleted or removed, and may be taken back.
    Hidden,
    /// Its files are to be deleted.
    Doomed,
}

impl MediaState {
    /// The stable name in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Arriving => "arriving",
            Self::Unused => "unused",
            Self::Shown => "shown",
            Self::Hidden => "hidden",
            Self::Doomed => "doomed",
        }
    }

    /// Reads the stored name; an unknown one is nothing to show.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "arriving" => Self::Arriving,
            "unused" => Self::Unused,
            "shown" => Self::Shown,
            "hidden" => Self::Hidden,
            _ => Self::Doomed,
        }
    }
}

/// An uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    /// The row.
    pub(crate) id: MediaId,
    /// Who uploaded it.
    pub(crate) owner: ActorId,
    /// Under which name its files lie: 64 hexadecimal digits that cannot be guessed.
    pub(crate) key: String,
    /// In which form.
    pub(crate) kind: PictureKind,
    /// What all its files take up.
    pub(crate) bytes: i64,
    /// Pixels across.
    pub(crate) width: i32,
    /// Pixels down.
    pub(crate) height: i32,
    /// A blurred preview in a few letters.
    pub(crate) blurhash: String,
    /// The description for those who cannot see it.
    pub(crate) alt: Option<String>,
    /// What becomes of it.
    pub(crate) state: MediaState,
    /// The number of the post, comment or actor that shows it.
    pub(crate) attached_to: Option<i64>,
    /// When it came.
    pub(crate) created_at: Ts,
    /// When its state last changed.
    pub(crate) changed_at: Ts,
}

impl Media {
    /// The names of all its files.
    pub(crate) fn files(&self) -> impl Iterator<Item = FileName> {
        let smaller = WIDTHS.into_iter().filter(|width| self.is_wider(*width));
        std::iter::once(None)
            .chain(smaller.map(Some))
            .map(|width| self.file(width))
    }

    /// The file that is shown where this width is asked for.
    pub(crate) fn file_of_width(&self, width: Option<u32>) -> FileName {
        self.file(width.filter(|width| self.is_wider(*width)))
    }

    fn file(&self, width: Option<u32>) -> FileName {
        FileName {
            key: self.key.clone(),
            width,
            kind: self.kind,
        }
    }

    fn is_wider(&self, width: u32) -> bool {
        i64::from(self.width) > i64::from(width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h223_only_names_that_the_hub_gave_are_read() {
        let key = "ab".repeat(32);
        for good in [format!("{key}.jpg"), format!("{key}-640.png")] {
            assert_eq!(FileName::parse(&good).unwrap().to_string(), good, "H223");
        }
        for bad in [
            format!("{key}.svg"),
            format!("{key}.jpg.png"),
            format!("{key}-641.jpg"),
            format!("{}.jpg", key.to_uppercase()),
            format!("{}.jpg", key.replace('a', "/")),
            "../../etc/passwd.png".to_owned(),
            "\0.jpg".to_owned(),
            String::new(),
        ] {
            assert_eq!(FileName::parse(&bad), None, "H223 {bad}");
        }
    }
}
