//! What admins write for everybody about the hub: the legal notice, rules and the like.

use super::clock::Ts;
use super::ids::ActorId;

/// A page of the hub in one language.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HubPage {
    /// The last part of its address.
    pub(crate) name: String,
    /// In which language it is, as a tag.
    pub(crate) language: String,
    /// Its title.
    pub(crate) title: String,
    /// What was written, in Markdown.
    pub(crate) source: String,
    /// The same, safe to be shown.
    pub(crate) html: String,
    /// When.
    pub(crate) written_at: Ts,
    /// By whom.
    pub(crate) author: ActorId,
}

/// The page of a name in a language, or in the first of the others that there is.
pub(crate) fn in_language<'a>(
    pages: &'a [HubPage],
    name: &str,
    language: &str,
) -> Option<&'a HubPage> {
    let mut of_name = pages.iter().filter(|page| page.name == name);
    let first = of_name.next()?;
    if first.language == language {
        return Some(first);
    }
    Some(
        of_name
            .find(|page| page.language == language)
            .unwrap_or(first),
    )
}

/// Whether a page may be called so: small letters, digits and hyphens.
pub(crate) fn is_name(name: &str) -> bool {
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(sound)
}
