//! Colours: OKLCH, contrast (WCAG 2.2), and the palette that pages get from the colour of a brand.

use std::fmt;

/// A colour that a screen can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// A colour as people see it: how light, how colourful, of which hue in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Oklch {
    /// 0 is black, 1 is white.
    pub(crate) lightness: f64,
    /// 0 is grey.
    pub(crate) chroma: f64,
    /// From 0 to 360.
    pub(crate) hue: f64,
}

/// What text and the signs of controls need (WCAG 2.2, 1.4.3).
pub(crate) const READABLE: f64 = 4.5;

/// The lightness of pages behind text, as `tokens.css` has it: the darkest light one, the lightest
/// dark one.
const LIGHT_GROUND: f64 = 0.956;
const DARK_GROUND: f64 = 0.245;
/// More colour than this hurts the eye on large surfaces.
const MOST_CHROMA: f64 = 0.17;
/// Lightness is changed in such steps until text can be read.
const STEP: f64 = 0.005;

impl Colour {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| six)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// How much lighter one of two colours is than the other, from 1 to 21.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The colour as people see it (after Björn Ottosson's Oklab).
    pub(crate) fn oklch(self) -> Oklch {
        let [red, green, blue] = self.0.map(linear);
        let long =
            (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let middle =
            (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short =
            (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        let a = 1.977_998_495_1 * long - 2.428_592_205 * middle + 0.450_593_709_9 * short;
        let b = 0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766 * short;
        Oklch {
            lightness: 0.210_454_255_3 * long + 0.793_617_785 * middle - 0.004_072_046_8 * short,
            chroma: a.hypot(b),
            hue: b.atan2(a).to_degrees().rem_euclid(360.0),
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Oklch {
    /// The nearest colour of this lightness and hue that a screen can show.
    pub(crate) fn colour(self) -> Colour {
        let mut chroma = self.chroma;
        loop {
            let channels = Self { chroma, ..self }.channels();
            let shown = channels
                .iter()
                .all(|value| (-0.0005..=1.0005).contains(value));
            if shown || chroma <= 0.0 {
                return Colour(channels.map(encoded));
            }
            chroma -= 0.002;
        }
    }

    fn channels(self) -> [f64; 3] {
        let (sin, cos) = self.hue.to_radians().sin_cos();
        let (a, b) = (self.chroma * cos, self.chroma * sin);
        let long = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let middle = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
        ]
    }
}

/// A channel as light.
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// Light as a channel.
fn encoded(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let value = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value lies between 0 and 255"
    )]
    let channel = (value * 255.0).round() as u8;
    channel
}

/// The colours of a brand on light or dark pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shade {
    /// Buttons, links, and what is chosen.
    pub(crate) accent: Colour,
    /// Text on the accent.
    pub(crate) ink: Colour,
    /// Behind what is chosen or said.
    pub(crate) soft: Colour,
    /// What the page is like behind text.
    pub(crate) ground: Colour,
}

/// The colours of a hub.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Palette {
    /// Tints all greys a little.
    pub(crate) hue: f64,
    /// On light pages.
    pub(crate) light: Shade,
    /// On dark pages.
    pub(crate) dark: Shade,
}

/// What somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brand {
    /// The colour that all others are made from.
    pub(crate) colour: Colour,
    /// The accent of light pages exactly as it is, rather than one made readable.
    pub(crate) light: Option<Colour>,
    /// The accent of dark pages exactly as it is.
    pub(crate) dark: Option<Colour>,
}

/// A colour of which text could not be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unreadable {
    /// Whether on light pages.
    pub(crate) on_light: bool,
    /// The colour.
    pub(crate) colour: Colour,
    /// Its contrast with the page; [`READABLE`] is needed.
    pub(crate) contrast: f64,
}

impl Palette {
    /// The palette of a brand.
    ///
    /// # Errors
    /// If an exact accent could not be read. A colour that others are made from never is one.
    pub(crate) fn new(brand: Brand) -> Result<Self, Unreadable> {
        let seed = brand.colour.oklch();
        let light = Shade::new(seed, brand.light, true)?;
        let dark = Shade::new(seed, brand.dark, false)?;
        Ok(Self {
            hue: seed.hue,
            light,
            dark,
        })
    }
}

impl From<Colour> for Palette {
    /// The palette that is made from a colour alone.
    fn from(colour: Colour) -> Self {
        let brand = Brand {
            colour,
            light: None,
            dark: None,
        };
        Self::new(brand).expect("what is made from a colour can be read")
    }
}

impl Shade {
    fn new(seed: Oklch, exact: Option<Colour>, on_light: bool) -> Result<Self, Unreadable> {
        let chroma = seed.chroma.min(MOST_CHROMA);
        let with = |lightness: f64, chroma: f64| Oklch {
            lightness,
            chroma,
            hue: seed.hue,
        };
        let (ground, soft) = if on_light {
            (
                with(LIGHT_GROUND, 0.006).colour(),
                with(0.955, chroma * 0.2),
            )
        } else {
            (with(DARK_GROUND, 0.016).colour(), with(0.28, chroma * 0.4))
        };
        // What is chosen stands in the accent on its soft twin.
        let behind = [ground, soft.colour()];
        let accent = exact.unwrap_or_else(|| readable(seed, chroma, behind, on_light));
        let contrast = least(accent, behind);
        if contrast < READABLE {
            return Err(Unreadable {
                on_light,
                colour: accent,
                contrast,
            });
        }
        Ok(Self {
            accent,
            ink: ink(accent, seed.hue),
            soft: soft.colour(),
            ground,
        })
    }
}

/// The accent nearest to the seed that can be read.
fn readable(seed: Oklch, chroma: f64, behind: [Colour; 2], on_light: bool) -> Colour {
    let mut lightness: f64 = if on_light {
        seed.lightness.clamp(0.3, 0.55)
    } else {
        seed.lightness.clamp(0.7, 0.85)
    };
    let chroma = if on_light { chroma } else { chroma * 0.8 };
    loop {
        let colour = Oklch {
            lightness,
            chroma,
            hue: seed.hue,
        }
        .colour();
        let found = least(colour, behind) >= READABLE + 0.1;
        if found || !(0.05..=0.95).contains(&lightness) {
            return colour;
        }
        lightness += if on_light { -STEP } else { STEP };
    }
}

fn least(colour: Colour, behind: [Colour; 2]) -> f64 {
    behind
        .into_iter()
        .map(|ground| ground.contrast(colour))
        .fold(f64::INFINITY, f64::min)
}

/// White or nearly black, whichever can be read better.
fn ink(on: Colour, hue: f64) -> Colour {
    let white = Colour([255; 3]);
    let black = Oklch {
        lightness: 0.18,
        chroma: 0.03,
        hue,
    }
    .colour();
    if on.contrast(white) >= on.contrast(black) {
        white
    } else {
        black
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    fn made_from(text: &str) -> Brand {
        Brand {
            colour: colour(text),
            light: None,
            dark: None,
        }
    }

    #[test]
    fn a_colour_is_six_digits_after_a_hash() {
        assert_eq!(colour("#0F6b66").to_string(), "#0f6b66");
        for text in ["0f6b66", "#fff", "#+12345", "#0f6b6g", "", "#0f6b66;}"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_as_wcag_counts_it() {
        assert!((colour("#000000").contrast(colour("#ffffff")) - 21.0).abs() < 0.001);
        assert!((colour("#777777").contrast(colour("#ffffff")) - 4.478).abs() < 0.001);
    }

    #[test]
    fn oklch_goes_there_and_back() {
        for text in ["#0f6b66", "#ff0000", "#ffee00", "#123456", "#808080"] {
            assert_eq!(colour(text).oklch().colour(), colour(text), "{text}");
        }
        let red = colour("#ff0000").oklch();
        assert!((red.lightness - 0.628).abs() < 0.001 && (red.hue - 29.23).abs() < 0.05);
    }

    #[test]
    fn every_brand_gets_colours_that_can_be_read() {
        let step = |number: u32| number % 6 * 51;
        for number in 0..216 {
            let (red, green, blue) = (step(number), step(number / 6), step(number / 36));
            let brand = made_from(&format!("#{red:02x}{green:02x}{blue:02x}"));
            let palette = Palette::new(brand).unwrap();
            for shade in [palette.light, palette.dark] {
                let on_accent = shade.ink.contrast(shade.accent);
                assert!(on_accent >= READABLE, "{brand:?}: {on_accent}");
                assert!(shade.accent.contrast(shade.soft) >= READABLE);
            }
        }
    }

    #[test]
    fn an_exact_accent_that_cannot_be_read_is_refused() {
        let brand = Brand {
            light: Some(colour("#ffee00")),
            ..made_from("#ffee00")
        };
        let refused = Palette::new(brand).unwrap_err();
        assert!(refused.on_light && refused.contrast < 1.5);
        let brand = Brand {
            dark: Some(colour("#102030")),
            ..made_from("#102030")
        };
        assert!(!Palette::new(brand).unwrap_err().on_light);
        let brand = Brand {
            light: Some(colour("#102030")),
            ..made_from("#102030")
        };
        assert_eq!(Palette::new(brand).unwrap().light.accent, colour("#102030"));
    }
}
