//! The hub's own look: the colours of its brand, its logo, sign and font. What an admin chose wins over
//! the settings; files come from the data directory.

use std::fmt::Write as _;
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;

use crate::crypto::digest;
use crate::domain::brand::{Chosen, Family, Font, path_of};
use crate::domain::colour::{Brand, Colour, Palette, Shade};
use crate::media::Shelf;
use crate::operations::hub::brand_of;
use crate::settings::Settings;
use crate::views::instance;

use super::State;

/// Larger files are not shown.
const MOST_BYTES: u64 = 512 * 1024;

/// A file whose address changes with its content.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: String,
    /// What it is.
    pub(crate) media_type: &'static str,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

/// How the hub looks.
#[derive(Clone, Debug)]
pub(crate) struct Theme {
    /// The colours that all others are made from.
    pub(crate) brand: Brand,
    /// What admins chose; all else is of the settings.
    pub(crate) chosen: Chosen,
    /// The colours.
    pub(crate) palette: Palette,
    /// The style sheet that sets them.
    pub(crate) sheet: File,
    /// Beside the hub's name.
    pub(crate) logo: Option<File>,
    /// In the browser's tab.
    pub(crate) favicon: Option<File>,
    font: Option<File>,
}

/// The theme as it was made last. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Themes(Arc<Mutex<Option<Known>>>);

#[derive(Clone, Debug)]
struct Known {
    settings: Arc<Settings>,
    changes: u64,
    theme: Arc<Theme>,
}

impl Themes {
    /// The theme in force. It is made anew when settings change or an admin chooses; where the
    /// database does not answer, the one before stays.
    pub(crate) async fn of(&self, state: &State) -> Arc<Theme> {
        let (settings, changes) = (state.settings(), state.operations().changes());
        let known = self.known();
        let known = known.filter(|known| Arc::ptr_eq(&known.settings, &settings));
        if let Some(known) = known.as_ref().filter(|known| known.changes == changes) {
            return Arc::clone(&known.theme);
        }
        let chosen = match state.read(instance::chosen).await {
            Ok(chosen) => chosen,
            Err(refusal) => {
                tracing::warn!(why = %refusal, "the hub's look cannot be read");
                let before = known.as_ref().map(|known| known.theme.chosen.clone());
                before.unwrap_or_default()
            }
        };
        let same = known.filter(|known| known.theme.chosen == chosen);
        let theme = if let Some(known) = same {
            known.theme
        } else {
            let shelf = &state.operations().media.shelf;
            Arc::new(Theme::load(&settings, shelf, chosen).await)
        };
        self.keep(Known {
            settings,
            changes,
            theme: Arc::clone(&theme),
        });
        theme
    }

    fn known(&self) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    fn keep(&self, known: Known) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}

impl Theme {
    async fn load(settings: &Settings, shelf: &Shelf, chosen: Chosen) -> Self {
        let theme = &settings.theme;
        let brand = chosen.colours.unwrap_or_else(|| brand_of(theme));
        let palette = match Palette::new(brand) {
            Ok(palette) => palette,
            Err(unreadable) => {
                tracing::warn!(
                    ?unreadable,
                    "a colour of the theme cannot be read; it is not used"
                );
                Palette::from(brand.colour)
            }
        };
        let folder = &settings.server.data_dir;
        let sign = async |chosen: Option<&str>, file: &Path| match picked(shelf, chosen).await {
            Some(file) => Some(file),
            None => read(folder, file).await,
        };
        let (font, letters) = match &chosen.font {
            Some(Font::Device(family)) => (None, Some(*family)),
            Some(Font::File(name)) => (sign(Some(name), &theme.font).await, None),
            None => (read(folder, &theme.font).await, None),
        };
        let style = style(&palette, font.as_ref(), letters);
        Self {
            brand,
            palette,
            sheet: File::new("theme.css", "text/css; charset=utf-8", style.into()),
            logo: sign(chosen.logo.as_deref(), &theme.logo).await,
            favicon: sign(chosen.favicon.as_deref(), &theme.favicon).await,
            font,
            chosen,
        }
    }

    /// The file at an address.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        let files = [
            Some(&self.sheet),
            self.logo.as_ref(),
            self.favicon.as_ref(),
            self.font.as_ref(),
        ];
        files.into_iter().flatten().find(|file| file.path == path)
    }
}

impl File {
    fn new(name: &str, media_type: &'static str, bytes: Bytes) -> Self {
        let mut hash = digest::hex(&digest::sha256(&bytes));
        hash.truncate(12);
        Self {
            path: format!("/theme/{hash}/{name}"),
            media_type,
            bytes,
        }
    }
}

/// The style sheet of the colours and letters.
fn style(palette: &Palette, font: Option<&File>, letters: Option<Family>) -> String {
    let mut style = format!(":root{{{}}}", properties(palette));
    if let Some(font) = font {
        let _infallible = write!(
            style,
            "@font-face{{font-family:Brand;src:url({}) format(\"woff2\");font-display:optional}}\
             :root{{--font:Brand,system-ui,sans-serif}}",
            font.path
        );
    }
    if let Some(family) = letters {
        let _infallible = write!(style, ":root{{--font:{}}}", family.fonts());
    }
    style
}

/// The colours for the root of every page.
fn properties(palette: &Palette) -> String {
    let shade = |name: &str, shade: Shade| {
        let Shade {
            accent, ink, soft, ..
        } = shade;
        format!("--brand-{name}:{accent};--brand-{name}-ink:{ink};--brand-{name}-soft:{soft}")
    };
    let (light, dark) = (shade("light", palette.light), shade("dark", palette.dark));
    format!("--hue:{:.1};{light};{dark}", palette.hue)
}

/// The colours for a part of a page that shows what could be chosen.
pub(crate) fn sample(palette: &Palette) -> String {
    let pair = |name: &str, of: fn(&Shade) -> Colour| {
        let (light, dark) = (of(&palette.light), of(&palette.dark));
        format!("--{name}:light-dark({light},{dark})")
    };
    let accent = pair("accent", |shade| shade.accent);
    let ink = pair("accent-ink", |shade| shade.ink);
    let soft = pair("accent-soft", |shade| shade.soft);
    let ground = pair("ground", |shade| shade.ground);
    format!(".sample{{{accent};{ink};{soft};{ground}}}")
}

/// A file that an admin uploaded, if there is one.
async fn picked(shelf: &Shelf, name: Option<&str>) -> Option<File> {
    let name = name?;
    let (_, ending) = name.rsplit_once('.')?;
    let media_type = media_type(ending)?;
    match shelf.get(name).await {
        Ok(Some(bytes)) => Some(File {
            path: path_of(name),
            media_type,
            bytes: bytes.into(),
        }),
        Ok(None) => {
            tracing::warn!(
                file = name,
                "this file of the brand is missing; that of the settings is shown"
            );
            None
        }
        Err(error) => {
            tracing::warn!(file = name, %error, "this file of the brand cannot be read");
            None
        }
    }
}

/// A file of the data directory, if it is there and of a kind that is shown.
async fn read(folder: &Path, name: &Path) -> Option<File> {
    if name.as_os_str().is_empty() {
        return None;
    }
    let inside = name
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let ending = name.extension().and_then(|ending| ending.to_str());
    let Some(media_type) = ending.and_then(media_type).filter(|_| inside) else {
        tracing::warn!(file = %name.display(), "this file of the theme cannot be shown");
        return None;
    };
    let path = folder.join(name);
    let small = tokio::fs::metadata(&path).await;
    let small = small.is_ok_and(|found| found.is_file() && found.len() <= MOST_BYTES);
    match tokio::fs::read(&path).await {
        Ok(bytes) if small => {
            let short = format!("file.{}", ending.unwrap_or_default());
            Some(File::new(&short, media_type, bytes.into()))
        }
        _ => {
            tracing::warn!(file = %path.display(), "this file of the theme is missing or too large");
            None
        }
    }
}

fn media_type(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_come_from_the_data_directory_alone() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("logo.svg"), "<svg/>").unwrap();
        std::fs::write(dir.path().join("secret.txt"), "x").unwrap();
        let found = async |name: &str| read(dir.path(), Path::new(name)).await;
        let logo = found("logo.svg").await.unwrap();
        assert_eq!(logo.media_type, "image/svg+xml");
        assert!(logo.path.starts_with("/theme/") && logo.path.ends_with("/file.svg"));
        for name in ["secret.txt", "../logo.svg", "/etc/logo.svg", "none.svg"] {
            assert!(found(name).await.is_none(), "{name}");
        }
    }

    #[tokio::test]
    async fn a_colour_of_the_settings_that_cannot_be_read_is_not_used() {
        let mut settings = Settings::default();
        settings.theme.brand = "#7a1fa2".parse().unwrap();
        settings.theme.light = "#ffee00".parse().unwrap();
        let media = crate::media::Media::new(&settings.media, Path::new("data"));
        let theme = Theme::load(&settings, &media.shelf, Chosen::default()).await;
        assert_eq!(
            theme.palette,
            Palette::from(Colour::parse("#7a1fa2").unwrap())
        );
        let sheet = String::from_utf8_lossy(&theme.sheet.bytes).into_owned();
        assert!(
            sheet.contains("--brand-light:#") && !sheet.contains("ffee00"),
            "{sheet}"
        );
    }
}
