//! `[theme]`: the colours, pictures and font of the brand.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The colours, pictures and font of the brand. Admins may choose other colours on the page
/// `/admin/appearance`; those are kept in the database and win.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// The colour of the brand, as `#rrggbb`. The colours of buttons, links and backgrounds are made
    /// from it, made lighter or darker until text can be read on them.
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub brand: String,
    /// The colour of buttons and links on light pages exactly as it is, rather than one made from
    /// the brand's. One that cannot be read is not used.
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub light: Option<String>,
    /// The same on dark pages.
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub dark: Option<String>,
    /// The logo beside the hub's name: an SVG, PNG or WebP file in `server.data_dir`, up to 512 KiB.
    pub logo: Option<PathBuf>,
    /// The sign in the browser's tab: an SVG or PNG file in `server.data_dir`.
    pub favicon: Option<PathBuf>,
    /// The font of all pages: a WOFF2 file in `server.data_dir`.
    pub font: Option<PathBuf>,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            brand: "#0f6b66".to_owned(),
            light: None,
            dark: None,
            logo: None,
            favicon: None,
            font: None,
        }
    }
}
