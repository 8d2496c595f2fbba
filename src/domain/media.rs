//! Pictures that people upload, as the hub keeps them.

use super::clock::Ts;
use super::ids::{ActorId, MediaId};
use super::likeness::Likeness;

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

/// What of a picture stays in view where it is cropped, in hundredths of the way from its middle to
/// its edges: to the right and upwards, as ActivityPub's `focalPoint` has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Focus {
    x: i32,
    y: i32,
}

impl Focus {
    /// The middle, which is what stays in view if nobody says otherwise.
    pub(crate) const MIDDLE: Self = Self { x: 0, y: 0 };

    /// A point; `None` where it is not within the picture, which reaches from -1 to 1 both ways.
    pub(crate) fn new(x: f64, y: f64) -> Option<Self> {
        Some(Self {
            x: hundredths(x)?,
            y: hundredths(y)?,
        })
    }

    /// The point in hundredths, as the store keeps it; what lies outside is drawn to the edge.
    pub(crate) fn of_hundredths(x: i32, y: i32) -> Self {
        let within = |way: i32| way.clamp(-100, 100);
        Self {
            x: within(x),
            y: within(y),
        }
    }

    /// The point in hundredths.
    pub(crate) fn hundredths(self) -> (i32, i32) {
        (self.x, self.y)
    }

    /// The point from -1 to 1.
    pub(crate) fn point(self) -> [f64; 2] {
        [self.x, self.y].map(|way| f64::from(way) / 100.0)
    }

    /// Reads a point as it is written out: two numbers with a comma between them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (x, y) = text.split_once(',')?;
        Self::new(x.trim().parse().ok()?, y.trim().parse().ok()?)
    }

    /// The nearest of the steps that pages know, from 0 to 4: from left to right and from top to
    /// bottom.
    pub(crate) fn steps(self) -> (i32, i32) {
        // Half a step is 25 hundredths.
        let step = |way: i32| (way + 125) / 50;
        (step(self.x), step(-self.y))
    }
}

impl std::fmt::Display for Focus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [x, y] = self.point();
        write!(f, "{x},{y}")
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a number from -100 to 100")]
fn hundredths(way: f64) -> Option<i32> {
    (way.is_finite() && way.abs() <= 1.0).then(|| (way * 100.0).round() as i32)
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
    /// What stays in view where it is cropped.
    pub(crate) focus: Focus,
    /// What becomes of it.
    pub(crate) state: MediaState,
    /// The number of the post, comment or actor that shows it.
    pub(crate) attached_to: Option<i64>,
    /// When it came.
    pub(crate) created_at: Ts,
    /// When its state last changed.
    pub(crate) changed_at: Ts,
}

/// A picture that is not taken any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PictureBlock {
    /// The row.
    pub(crate) id: i64,
    /// Its address, if it lies elsewhere.
    pub(crate) url: Option<String>,
    /// How it looks, where that is known: nothing like it is taken either.
    pub(crate) likeness: Option<Likeness>,
    /// Why, for everybody.
    pub(crate) reason: String,
    /// Who blocked it; `None`: the operator, at the command line.
    pub(crate) by: Option<ActorId>,
    /// When.
    pub(crate) at: Ts,
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
    fn a_focus_lies_within_its_picture_and_is_written_as_it_is_read() {
        for (text, steps) in [
            ("0,0", (2, 2)),
            ("-1,1", (0, 0)),
            ("1,-1", (4, 4)),
            ("0.3,-0.7", (3, 3)),
            ("-0.76,0.24", (0, 2)),
        ] {
            let focus = Focus::parse(text).unwrap();
            assert_eq!((focus.to_string().as_str(), focus.steps()), (text, steps));
            let [x, y] = focus.point();
            assert_eq!(Focus::new(x, y), Some(focus), "{text}");
        }
        for bad in [
            "", "1", "1.01,0", "0,-2", "NaN,0", "inf,0", "a,b", "0,0,0", "1e300,0",
        ] {
            assert_eq!(Focus::parse(bad), None, "{bad}");
        }
        assert_eq!(
            Focus::of_hundredths(900, -900),
            Focus::new(1.0, -1.0).unwrap()
        );
    }

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
