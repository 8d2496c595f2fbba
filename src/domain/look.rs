//! How somebody wants pages to look: light or dark, airy or dense.

use serde::Serialize;

/// What somebody chose, or what their device and the hub suggest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Look {
    theme: Theme,
    density: Density,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    /// As the device says.
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Density {
    #[default]
    Comfortable,
    Compact,
}

impl Look {
    /// Reads the stable name; what it does not say is left to the device.
    pub(crate) fn parse(text: &str) -> Self {
        text.split('-').fold(Self::default(), Self::with)
    }

    /// With one choice changed; what is none changes nothing.
    pub(crate) fn with(mut self, word: &str) -> Self {
        match word {
            "auto" => self.theme = Theme::Auto,
            "light" => self.theme = Theme::Light,
            "dark" => self.theme = Theme::Dark,
            "comfortable" => self.density = Density::Comfortable,
            "compact" => self.density = Density::Compact,
            _ => {}
        }
        self
    }

    /// The stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match (self.theme, self.density) {
            (Theme::Auto, Density::Comfortable) => "auto-comfortable",
            (Theme::Auto, Density::Compact) => "auto-compact",
            (Theme::Light, Density::Comfortable) => "light-comfortable",
            (Theme::Light, Density::Compact) => "light-compact",
            (Theme::Dark, Density::Comfortable) => "dark-comfortable",
            (Theme::Dark, Density::Compact) => "dark-compact",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_read_as_it_was_written_and_garbage_changes_nothing() {
        for name in ["auto-compact", "light-comfortable", "dark-compact"] {
            assert_eq!(Look::parse(name).as_str(), name);
        }
        assert_eq!(Look::parse("pink-<b>"), Look::default());
        assert_eq!(Look::parse("dark").with("compact").as_str(), "dark-compact");
    }
}
