//! `[instance]`: what this hub is called, by machines and by people.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Host;

/// What this hub is called, by machines and by people.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// The hub's own host, as it appears in every id and handle. It must be set, and it can never
    /// change once other servers know the hub.
    #[schemars(extend("x-reload" = "restart", "x-required" = true))]
    pub domain: Host,
    /// The hub's name, shown on every page and to other servers. One that an admin chose on the page
    /// `/admin/appearance` wins.
    #[schemars(length(min = 1, max = 120))]
    pub name: String,
    /// What the hub is about, in a sentence or two. Shown on the home page and to other servers. What
    /// an admin wrote on the page `/admin/appearance` wins.
    #[schemars(length(max = 5000))]
    pub description: String,
    /// The languages of the pages, as short codes. The first is used when a visitor's browser asks
    /// for none of them.
    #[schemars(length(min = 1, max = 50))]
    pub languages: Vec<String>,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            domain: "hub.example"
                .parse()
                .expect("the default domain is well formed"),
            name: "Guildhall".to_owned(),
            description: String::new(),
            languages: vec!["en".to_owned(), "de".to_owned()],
        }
    }
}
