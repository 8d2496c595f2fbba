//! What admins choose for the hub in the place of its settings: what it is called, and how it looks.

use super::colour::Brand;

/// The choices of admins; what is `None` is as the settings say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The colours.
    pub(crate) colours: Option<Brand>,
    /// What the hub is called.
    pub(crate) name: Option<String>,
    /// What it is about.
    pub(crate) description: Option<String>,
    /// The file beside its name.
    pub(crate) logo: Option<String>,
    /// The file in the browser's tab.
    pub(crate) favicon: Option<String>,
    /// The letters of all pages.
    pub(crate) font: Option<Font>,
}

/// Where a file is that an admin chose; its name was no other file's before.
pub(crate) fn path_of(name: &str) -> String {
    format!("/theme/chosen/{name}")
}

/// A picture of the brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Beside the hub's name.
    Logo,
    /// In the browser's tab.
    Favicon,
}

impl Sign {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Logo, Self::Favicon];

    /// The name in forms and in those of files.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Favicon => "favicon",
        }
    }
}

/// The letters of all pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Font {
    /// Those that the reader's device has.
    Device(Family),
    /// Those of a WOFF2 file of this name.
    File(String),
}

impl Font {
    /// The text that the store keeps.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Device(family) => family.as_str(),
            Self::File(name) => name,
        }
    }

    /// Reads the text of the store.
    pub(crate) fn parse(text: &str) -> Self {
        Family::parse(text).map_or_else(|| Self::File(text.to_owned()), Self::Device)
    }
}

/// A sort of letters that every device has in some form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// What the device writes its own words with.
    System,
    /// Without serifs, drawn like handwriting.
    Humanist,
    /// With round ends.
    Rounded,
    /// With serifs, as in books.
    Book,
}

impl Family {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 4] = [Self::System, Self::Humanist, Self::Rounded, Self::Book];

    /// The stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Humanist => "humanist",
            Self::Rounded => "rounded",
            Self::Book => "book",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.as_str() == text)
    }

    /// The fonts in which it is found, the best first, as style sheets name them.
    pub(crate) fn fonts(self) -> &'static str {
        match self {
            Self::System => "system-ui,sans-serif",
            Self::Humanist => {
                "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"DejaVu Sans\",sans-serif"
            }
            Self::Rounded => {
                "ui-rounded,\"Hiragino Maru Gothic ProN\",Quicksand,Comfortaa,Nunito,\
                 \"Arial Rounded MT Bold\",Calibri,sans-serif"
            }
            Self::Book => {
                "Charter,\"Bitstream Charter\",\"Sitka Text\",Cambria,\"Noto Serif\",serif"
            }
        }
    }
}

/// The most bytes of a font: a whole alphabet of text fits well, and pages stay quick.
pub(crate) const LARGEST_FONT: usize = 512 * 1024;

/// Whether a file is a WOFF2 font as far as its head says (W3C, WOFF 2.0, section 4.1): the
/// signature, letters of one font, the length that it has, and at least one table.
pub(crate) fn is_font(bytes: &[u8]) -> bool {
    let field = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(four)
    };
    let flavour = field(4);
    let known = [*b"\0\x01\0\0", *b"OTTO", *b"true"];
    let length = field(8).map(u32::from_be_bytes);
    let tables = bytes.get(12..14);
    field(0) == Some(*b"wOF2")
        && flavour.is_some_and(|flavour| known.contains(&flavour))
        && length.is_some_and(|length| usize::try_from(length) == Ok(bytes.len()))
        && tables.is_some_and(|tables| tables != [0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_read_as_it_was_written() {
        for family in Family::ALL {
            let font = Font::Device(family);
            assert_eq!(Font::parse(font.as_str()), font);
        }
        let file = Font::File("font-1.woff2".to_owned());
        assert_eq!(Font::parse(file.as_str()), file);
    }

    #[test]
    fn a_font_says_in_its_first_bytes_that_it_is_one() {
        let sound = b"wOF2\0\x01\0\0\0\0\0\x10\0\x01xx";
        assert!(is_font(sound));
        for (why, at, byte) in [
            ("another signature", 3, b'F'),
            ("another flavour", 4, b't'),
            ("another length", 11, 0x11),
            ("no table", 13, 0),
        ] {
            let mut other = *sound;
            other[at] = byte;
            assert!(!is_font(&other), "{why}");
        }
        assert!(!is_font(b"wOF2") && !is_font(b"") && !is_font(b"<svg/>"));
    }
}
