//! The pages that admins wrote about the hub.

use crate::domain::clock::Ts;
use crate::domain::hub_page::HubPage;
use crate::store::{Db, Res, hub_pages};

/// The most pages in all languages together: all that may be written.
const MOST: u32 = 200;
/// Earlier versions that are listed.
const MOST_VERSIONS: u32 = 50;

/// All of them, by name: one query.
pub(crate) fn all(db: &mut Db) -> Res<Vec<HubPage>> {
    hub_pages::list(db, MOST)
}

/// What a page said before in a language, the last first: when it was written, and in which words.
pub(crate) fn versions(db: &mut Db, name: &str, language: &str) -> Res<Vec<(Ts, String)>> {
    hub_pages::list_versions(db, name, language, MOST_VERSIONS)
}
