//! How a picture looks, in a few bytes: enough to know it again when it comes once more, larger,
//! smaller or saved anew.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The side of the small picture that is compared, in dots.
pub(crate) const SIDE: u32 = 16;
/// The colours of all its dots.
const COLOURS: usize = 3 * (SIDE * SIDE) as usize;
/// By how much the colours of two pictures that are one may differ on average, of 255.
const ON_AVERAGE: u32 = 3;
/// By how much one of them may.
const AT_MOST: u8 = 32;

/// How a picture looks: its shape, and the picture itself in 16 by 16 dots.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Likeness {
    /// Its width for a height of 1000.
    shape: u32,
    /// Red, green and blue of each dot, row by row.
    colours: Vec<u8>,
}

impl Likeness {
    /// The likeness of a picture of this width and height, by the colours of its small picture;
    /// `None` if those are not as many as there should be.
    pub(crate) fn new((width, height): (u32, u32), colours: Vec<u8>) -> Option<Self> {
        let shape = width.saturating_mul(1_000) / height.max(1);
        (colours.len() == COLOURS).then_some(Self { shape, colours })
    }

    /// Whether these are the same picture to somebody who looks at both.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let unlike = self.shape.abs_diff(other.shape);
        // Rounding to whole pixels changes the shape of small pictures the most.
        if unlike > self.shape.max(other.shape) / 25 {
            return false;
        }
        let pairs = self.colours.iter().zip(&other.colours);
        let mut sum = 0;
        for (mine, theirs) in pairs {
            let apart = mine.abs_diff(*theirs);
            if apart > AT_MOST {
                return false;
            }
            sum += u32::from(apart);
        }
        sum <= ON_AVERAGE * 3 * SIDE * SIDE
    }

    /// Reads what was written out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(text).ok()?;
        let (shape, colours) = bytes.split_first_chunk::<4>()?;
        (colours.len() == COLOURS).then(|| Self {
            shape: u32::from_be_bytes(*shape),
            colours: colours.to_vec(),
        })
    }
}

impl std::fmt::Display for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [self.shape.to_be_bytes().as_slice(), &self.colours].concat();
        f.write_str(&STANDARD_NO_PAD.encode(bytes))
    }
}

impl From<Likeness> for String {
    fn from(likeness: Likeness) -> Self {
        likeness.to_string()
    }
}

impl TryFrom<String> for Likeness {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no likeness")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(at: usize) -> u8 {
        u8::try_from(at % 200).unwrap()
    }

    fn of(size: (u32, u32), colour: impl Fn(usize) -> u8) -> Likeness {
        Likeness::new(size, (0..COLOURS).map(colour).collect()).unwrap()
    }

    #[test]
    fn a_picture_is_known_again_and_no_other_is_taken_for_it() {
        let picture = of((4_000, 3_000), wave);
        for (like, other) in [
            (true, of((1_280, 960), |at| wave(at) + 2)),
            (true, of((641, 480), wave)),
            (false, of((3_000, 4_000), wave)),
            (false, of((4_000, 3_000), |at| wave(at) + 9)),
            (
                false,
                of((4_000, 3_000), |at| if at == 70 { 255 } else { wave(at) }),
            ),
        ] {
            assert_eq!(picture.is_like(&other), like, "{:?}", other.shape);
            assert_eq!(other.is_like(&picture), like, "both ways");
        }
        assert_eq!(Likeness::parse(&picture.to_string()), Some(picture));
        for bad in ["", "AAAA", "no likeness"] {
            assert_eq!(Likeness::parse(bad), None);
        }
        assert_eq!(Likeness::new((1, 1), vec![0; 3]), None);
    }
}
