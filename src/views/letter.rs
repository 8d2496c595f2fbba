//! How the hub's letters fare, for its admins.

use crate::domain::letter::DeadLetter;
use crate::store::letters;
use crate::store::{Db, Res};

/// The most letters that are listed.
const MOST: u32 = 20;

/// Letters that wait, and those that were given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    /// How many wait to be sent.
    pub(crate) waiting: i64,
    /// Those that were given up of late, newest first.
    pub(crate) dead: Vec<DeadLetter>,
}

/// How the hub's letters fare. Two queries.
pub(crate) fn post(db: &mut Db) -> Res<Post> {
    Ok(Post {
        waiting: letters::count_waiting(db)?,
        dead: letters::list_dead(db, MOST)?,
    })
}

/// What the newest letter to an address says.
#[cfg(test)]
pub(crate) fn last_to(db: &mut Db, recipient: &str) -> Res<Option<String>> {
    letters::last_to(db, recipient)
}
