//! Members choose how they hear of what happens.

use crate::domain::news::{Topic, Wish};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::settings::DigestRhythm;
use crate::store::wishes::{self, Digest};

/// Sets how the caller hears of these topics, and how often they get a digest.
pub(crate) struct SetWishes {
    /// What is not named stays as it is.
    pub(crate) wishes: Vec<(Topic, Wish)>,
    /// `None`: stays as it is.
    pub(crate) rhythm: Option<DigestRhythm>,
}

impl Operation for SetWishes {
    type Output = ();
    const NAME: &'static str = "set_wishes";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        for (topic, wish) in &self.wishes {
            wishes::set(desk.db, actor, *topic, *wish)?;
        }
        let Some(rhythm) = self.rhythm else {
            return Ok(());
        };
        let before = wishes::find_digest(desk.db, actor)?;
        if before.and_then(|digest| digest.rhythm) == Some(rhythm) {
            return Ok(());
        }
        let digest = Digest {
            actor,
            rhythm: Some(rhythm),
            since: before.map_or(desk.now, |digest| digest.since),
            due_at: super::digest::after(desk.now, rhythm),
        };
        Ok(wishes::set_digest(desk.db, digest)?)
    }
}
