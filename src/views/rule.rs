//! The rules of the hub and of its groups.

use crate::domain::ids::ActorId;
use crate::domain::rule::Rule;
use crate::store::{Db, Res, rules};

/// The rules of a group, or of the hub, by number. One query.
pub(crate) fn of(db: &mut Db, group: Option<ActorId>) -> Res<Vec<Rule>> {
    rules::list(db, group)
}

/// The rules that may be cited in a group: its own, and the hub's. Two queries.
pub(crate) fn citable(db: &mut Db, group: Option<ActorId>) -> Res<Vec<Rule>> {
    let mut found = match group {
        Some(group) => of(db, Some(group))?,
        None => Vec::new(),
    };
    found.extend(of(db, None)?);
    Ok(found)
}
