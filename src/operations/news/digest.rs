//! Digests: a letter a day or a week with what members may have missed.

use super::{name, require_system, section, unsubscribe};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::domain::news::{Ended, News};
use crate::domain::refusal::Refusal;
use crate::mail::{Draft, Occasion};
use crate::operations::letter::post;
use crate::operations::{Desk, Operation};
use crate::settings::DigestRhythm;
use crate::store::accounts;
use crate::store::wishes::{self, Digest};

/// Members that are thought of in one transaction.
const BATCH: u32 = 500;

/// Thinks of the digests of members of whom nobody thought yet; how many.
pub(crate) struct EnrolDigests;

impl Operation for EnrolDigests {
    type Output = usize;
    const NAME: &'static str = "enrol_digests";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        require_system(desk.caller)?;
        let members = wishes::list_without_digest(desk.db, BATCH)?;
        for actor in &members {
            let next = Digest {
                actor: *actor,
                rhythm: None,
                since: desk.now,
                due_at: after(desk.now, desk.settings.mail.digest),
            };
            wishes::set_digest(desk.db, next)?;
        }
        Ok(members.len())
    }
}

/// When a digest is due after this moment.
pub(super) fn after(moment: Ts, rhythm: DigestRhythm) -> Ts {
    moment.plus_seconds(rhythm.seconds())
}

/// Sends a member's digest, if there is anything in it, and notes when the next is due.
pub(crate) struct SendDigest {
    /// The digest that was due when this was put together.
    pub(crate) due: Digest,
    /// Up to when it tells.
    pub(crate) until: Ts,
    /// The best threads of their groups.
    pub(crate) threads: Vec<News>,
    /// What they have not seen.
    pub(crate) waiting: Vec<News>,
}

impl Operation for SendDigest {
    type Output = bool;
    const NAME: &'static str = "send_digest";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<bool, Refusal> {
        require_system(desk.caller)?;
        let actor = self.due.actor;
        if wishes::find_digest(desk.db, actor)? != Some(self.due) {
            // It was sent meanwhile, or the member chose anew.
            return Ok(false);
        }
        let rhythm = self.due.rhythm.unwrap_or(desk.settings.mail.digest);
        let next = Digest {
            since: self.until,
            due_at: after(desk.now, rhythm),
            ..self.due
        };
        wishes::set_digest(desk.db, next)?;
        let empty = self.threads.is_empty() && self.waiting.is_empty();
        if empty || rhythm == DigestRhythm::Off {
            return Ok(false);
        }
        self.send(desk, actor)
    }
}

impl SendDigest {
    fn send(&self, desk: &mut Desk<'_>, actor: ActorId) -> Result<bool, Refusal> {
        let found = accounts::find(desk.db, actor)?;
        let Some(account) = found.filter(|account| account.standing == Standing::Active) else {
            return Ok(false);
        };
        let parts = [
            ("digest-waiting", &self.waiting),
            ("digest-threads", &self.threads),
        ];
        let parts = parts.into_iter().filter(|(_, news)| !news.is_empty());
        let draft = Draft {
            sections: parts
                .map(|(heading, news)| section(desk, Some(heading), news.iter()))
                .collect(),
            unsubscribe: Some(unsubscribe::link(desk, actor, Ended::Digest)?),
            ..Draft::new(Occasion::Digest, &name(desk, &account)?)
        };
        let draft = draft.link(format!("{}/", desk.names.base()));
        // The next one tells more than this, when it comes.
        let useful = self
            .due
            .rhythm
            .unwrap_or(desk.settings.mail.digest)
            .seconds();
        post(desk, (&account).into(), &draft, Some(useful))?;
        Ok(true)
    }
}
