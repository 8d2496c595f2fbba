//! Which other addresses somebody here says are theirs.

use crate::domain::activity::Activity;
use crate::domain::ids::Uri;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::tell;
use crate::operations::{Desk, Operation};
use crate::store::{actors, moves};

/// Addresses of one person.
const MOST: usize = 10;

/// The caller says which other accounts are theirs, so that those can move here (`alsoKnownAs`).
#[derive(Clone, Debug)]
pub(crate) struct SetAliases {
    /// The ActivityPub ids.
    pub(crate) uris: Vec<String>,
}

impl Operation for SetAliases {
    type Output = ();
    const NAME: &'static str = "set_aliases";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
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
        if moves::list_aliases(desk.db, actor)? == self.uris {
            return Ok(());
        }
        moves::set_aliases(desk.db, actor, &self.uris)?;
        if let Some(mut profile) = actors::find(desk.db, actor)? {
            profile.updated_at = desk.now;
            actors::set_profile(desk.db, &profile)?;
        }
        tell(desk, actor, Activity::ProfileUpdated { actor })
    }
}
