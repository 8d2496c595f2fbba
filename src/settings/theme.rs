//! `[theme]`: the colours, pictures and font of the brand.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Colour;

/// The colours, pictures and font of the brand. Admins may choose others on the page
/// `/admin/appearance`; those win. Colours are kept in the database, files in `brand` of the data
/// directory.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// The colour of the brand. The colours of buttons, links and backgrounds are made from it, made
    /// lighter or darker until text can be read on them.
    pub brand: Colour,
    /// The colour of buttons and links on light pages exactly as it is, rather than one made from
    /// the brand's. One that cannot be read is not used.
    pub light: Colour,
    /// The same on dark pages.
    pub dark: Colour,
    /// The logo beside the hub's name: an SVG, PNG or WebP file in `server.data_dir`, up to 512 KiB.
    pub logo: PathBuf,
    /// The sign in the browser's tab: an SVG or PNG file in `server.data_dir`.
    pub favicon: PathBuf,
    /// The font of all pages: a WOFF2 file in `server.data_dir`.
    pub font: PathBuf,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            brand: "#0f6b66"
                .parse()
                .expect("the default colour is well formed"),
            light: Colour::default(),
            dark: Colour::default(),
            logo: PathBuf::new(),
            favicon: PathBuf::new(),
            font: PathBuf::new(),
        }
    }
}
