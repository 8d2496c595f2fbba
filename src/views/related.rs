//! What is to be read after a thread: others that are about the same.

use std::cmp::Reverse;

use crate::domain::ids::ActorId;
use crate::domain::post::Post;
use crate::domain::search::Related;
use crate::store::{Db, Res, search};

use super::draft::words;
use super::filter::Sieve;

/// Posts that are looked at.
const CANDIDATES: u32 = 50;
/// Posts that are shown.
const MOST: usize = 5;

/// Posts that share the most words of their title with a post, those of its own group before others:
/// one query, and one more for the filters of who is signed in.
pub(crate) fn of(db: &mut Db, viewer: Option<ActorId>, post: &Post) -> Res<Vec<Related>> {
    let sought = words(&post.title);
    let mut found = search::related(db, viewer.into(), &sought, post.id, CANDIDATES)?;
    if found.is_empty() {
        return Ok(found);
    }
    let sieve = Sieve::of(db, viewer)?;
    found.retain(|one| !sieve.meets(&one.title));
    found.sort_by_cached_key(|one| {
        let own = words(&one.title);
        let shared = sought.iter().filter(|word| own.contains(word)).count();
        Reverse((shared, one.group == post.group, one.id.0))
    });
    found.truncate(MOST);
    Ok(found)
}
