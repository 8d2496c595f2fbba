//! How somebody wants pages to look: light or dark, airy or dense. A cookie keeps it, and the server
//! writes it into the page, so that nothing flashes.

use serde::Serialize;

use crate::domain::refusal::Refusal;
use crate::faces::shared::cookie::Cookie;

use super::answer::{Answer, Led, next};
use super::form::Submission;

const YEAR: u64 = 365 * 24 * 3600;

/// What somebody chose, or what their device and the hub suggest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Look {
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
    /// Reads the cookie; what it does not say is left to the device.
    pub(super) fn parse(cookie: &str) -> Self {
        cookie.split('-').fold(Self::default(), Self::with)
    }

    /// With one choice changed; what is none changes nothing.
    fn with(mut self, word: &str) -> Self {
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

    fn cookie(self) -> &'static str {
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

/// `/look`: how pages look in this browser from now on.
pub(super) async fn set(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let look = visit
        .look
        .with(fields.text("theme"))
        .with(fields.text("density"));
    let cookie = Cookie::Look.set(look.cookie(), Some(YEAR), visit.secure());
    Ok(Led::to(next(fields, "/")).cookie(cookie).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_read_as_it_was_written_and_garbage_changes_nothing() {
        for cookie in ["auto-compact", "light-comfortable", "dark-compact"] {
            assert_eq!(Look::parse(cookie).cookie(), cookie);
        }
        assert_eq!(Look::parse("pink-<b>"), Look::default());
        assert_eq!(Look::parse("dark").with("compact").cookie(), "dark-compact");
    }
}
