//! Which other addresses somebody here says are theirs, or are those of a group here.

use super::{mover, renew};
use crate::domain::ids::{ActorId, Uri};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::moves;

/// Addresses of one person or group.
const MOST: usize = 10;

/// The caller says which other accounts are theirs, or which groups elsewhere are one of this hub,
/// so that those can move here (`alsoKnownAs`).
#[derive(Clone, Debug)]
pub(crate) struct SetAliases {
    /// The group; `None`: the caller.
    pub(crate) group: Option<ActorId>,
    /// The ActivityPub ids.
    pub(crate) uris: Vec<String>,
}

impl Operation for SetAliases {
    type Output = ();
    const NAME: &'static str = "set_aliases";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut actor = mover(desk, self.group)?;
        let wrong = || {
            Refusal::invalid(
                "aliases",
                "aliases.malformed",
                "Please write one whole address of an account of yours per line, at most ten.",
            )
        };
        let foreign = |uri: &String| Uri::parse(uri).is_some() && !desk.names.is_local(uri);
        if self.uris.len() > MOST || !self.uris.iter().all(foreign) {
            return Err(wrong());
        }
        if moves::list_aliases(desk.db, actor.id)? == self.uris {
            return Ok(());
        }
        moves::set_aliases(desk.db, actor.id, &self.uris)?;
        renew(desk, &mut actor)
    }
}
