//! What was written becomes a post: at once, or when its time comes.

use super::{no_group, own, post_of};
use crate::domain::caller::Caller;
use crate::domain::draft::Content;
use crate::domain::ids::{ActorId, DraftId, PostId};
use crate::domain::membership::Standing;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::{accounts, drafts, media};

/// Somebody posts what they wrote; the draft in which they kept it is no more.
#[derive(Clone, Debug)]
pub(crate) struct PostDraft {
    /// The draft.
    pub(crate) draft: Option<DraftId>,
    /// Where.
    pub(crate) group: Option<ActorId>,
    /// What is written, as it is now.
    pub(crate) content: Content,
}

impl Operation for PostDraft {
    type Output = PostId;
    const NAME: &'static str = "post_draft";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<PostId, Refusal> {
        let group = self.group.ok_or_else(no_group)?;
        let create = post_of(&self.content, group, desk.now)?;
        let Some(draft) = self.draft else {
            return create.perform(desk);
        };
        match own(desk, draft) {
            Ok(draft) => {
                media::release_attached(desk.db, draft.id.0, desk.now)?;
                drafts::delete(desk.db, draft.id)?;
            }
            // It may have been posted or thrown away elsewhere in the meantime.
            Err(refusal) if refusal.kind == Kind::NotFound => {}
            Err(refusal) => return Err(refusal),
        }
        create.perform(desk)
    }
}

/// A draft is posted whose time has come, as if its author did it now. The draft goes in the same
/// transaction, so that it is posted once, whatever breaks down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublishDraft {
    /// Which.
    pub(crate) draft: DraftId,
}

impl Operation for PublishDraft {
    type Output = Option<PostId>;
    const NAME: &'static str = "publish_draft";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Option<PostId>, Refusal> {
        let due = drafts::find(desk.db, self.draft)?
            .filter(|draft| draft.publish_at.is_some_and(|at| at <= desk.now));
        let Some(draft) = due else { return Ok(None) };
        let account = accounts::find(desk.db, draft.author)?
            .filter(|account| account.standing == Standing::Active)
            .ok_or_else(|| Refusal::forbidden("account.inactive", "Its author is not here."))?;
        media::release_attached(desk.db, draft.id.0, desk.now)?;
        drafts::delete(desk.db, draft.id)?;
        desk.caller = Caller::Member {
            actor: draft.author,
            role: account.role,
        };
        let group = draft.group.ok_or_else(no_group)?;
        let create = post_of(&draft.content, group, desk.now)?;
        create.perform(desk).map(Some)
    }
}

/// A draft that could not be posted when its time came waits for its author, who is told why.
#[derive(Clone, Debug)]
pub(crate) struct ShelveDraft {
    /// Which.
    pub(crate) draft: DraftId,
    /// The code of the refusal.
    pub(crate) why: String,
}

impl Operation for ShelveDraft {
    type Output = ();
    const NAME: &'static str = "shelve_draft";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Some(mut draft) = drafts::find(desk.db, self.draft)? else {
            return Ok(());
        };
        draft.publish_at = None;
        draft.refusal = Some(self.why.clone());
        Ok(drafts::upsert(desk.db, &draft)?)
    }
}
