//! Posts that wait for a moderator's word: held back, let in, turned down.

use super::CreatePost;
use crate::domain::activity::Origin;
use crate::domain::actor::{Actor, Approval};
use crate::domain::ids::{ActorId, LOCAL_INSTANCE, ObjectId, PostId};
use crate::domain::policy::{self, Relation};
use crate::domain::post::HeldPost;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Birth;
use crate::operations::markup::storable;
use crate::operations::moderation::checked_reason;
use crate::operations::{Desk, Operation};
use crate::store::{actors, held, media, moderation, posts};

/// A moderator lets a post in that waited; from then on it is as if its author had just sent it.
#[derive(Clone, Debug)]
pub(crate) struct ApprovePost {
    /// Which.
    pub(crate) post: PostId,
}

/// A moderator turns a post down that waited; nothing remains of it but a line in the log.
#[derive(Clone, Debug)]
pub(crate) struct RejectPost {
    /// Which.
    pub(crate) post: PostId,
    /// Why, for the log.
    pub(crate) reason: String,
}

impl Operation for ApprovePost {
    type Output = ();
    const NAME: &'static str = "approve_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (held, group) = waiting_in(desk, self.post)?;
        let there = actors::find(desk.db, held.author)?.filter(|a| a.deleted_at.is_none());
        let banned = moderation::find_ban(desk.db, Some(group.id), held.author, desk.now)?;
        if there.is_none() || banned.is_some() {
            return Err(Refusal::new(
                Kind::Conflict,
                "held.author",
                "Its author is banned or gone, so it cannot be let in. Please turn it down.",
            ));
        }
        let draft: CreatePost = serde_json::from_str(&held.draft).map_err(Refusal::fault)?;
        held::delete(desk.db, held.id)?;
        draft.publish(desk, held.author, &group, held.id)?;
        let object = Some(ObjectId::Post(held.id));
        desk.log(Some(group.id), "approve", object, Some(held.author), "")
    }
}

impl Operation for RejectPost {
    type Output = ();
    const NAME: &'static str = "reject_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let (held, group) = waiting_in(desk, self.post)?;
        let reason = checked_reason(desk, &self.reason)?;
        held::delete(desk.db, held.id)?;
        media::doom_attached(desk.db, held.id.0, desk.now)?;
        let author = Some(held.author);
        desk.log(Some(group.id), "reject", None, author, &reason)
    }
}

/// A post that waits in a group that the caller moderates.
fn waiting_in(desk: &mut Desk<'_>, id: PostId) -> Result<(HeldPost, Actor), Refusal> {
    let held = held::find(desk.db, id)?
        .ok_or_else(|| Refusal::not_found("held.not_found", "No such post waits here."))?;
    let group = desk.group(held.group)?;
    let relation = desk.relation(&group)?;
    policy::require_moderator(desk.caller, &relation, group.local)?;
    Ok((held, group))
}

/// The number of this foreign post, if it waits already: what comes now is a newer version of it.
pub(super) fn waiting(
    desk: &mut Desk<'_>,
    origin: &Origin,
    author: ActorId,
) -> Result<Option<PostId>, Refusal> {
    let Origin::Remote { uri, .. } = origin else {
        return Ok(None);
    };
    match held::find_by_uri(desk.db, uri.as_str())? {
        Some(held) if held.author != author => Err(Refusal::forbidden(
            "author.required",
            "Only the author can change this.",
        )),
        held => Ok(held.map(|held| held.id)),
    }
}

/// Whether a post of this author waits, by the setting of its group.
pub(super) fn must_wait(
    desk: &mut Desk<'_>,
    group: &Actor,
    relation: &Relation,
    author: ActorId,
) -> Result<bool, Refusal> {
    if !group.local || policy::moderates(desk.caller, relation, true) {
        return Ok(false);
    }
    Ok(match group.approval {
        Approval::Nobody => false,
        Approval::Everybody => true,
        // A hub under development knows no newcomers.
        Approval::Newcomers => {
            !desk.settings.federation.development && !posts::stands_of(desk.db, author, group.id)?
        }
    })
}

/// Puts a post into the queue of its group, where it is seen by moderators and its author only.
/// No server can fill the queue alone.
pub(super) fn hold(
    desk: &mut Desk<'_>,
    draft: &CreatePost,
    author: ActorId,
    id: PostId,
    new: bool,
) -> Result<(), Refusal> {
    let instance = actors::find(desk.db, author)?.map_or(LOCAL_INSTANCE, |actor| actor.instance);
    let most = i64::from(desk.settings.groups.held_per_server);
    if new
        && instance != LOCAL_INSTANCE
        && held::count_of_instance(desk.db, draft.group, instance)? >= most
    {
        return Err(Refusal::forbidden(
            "held.full",
            "Too many posts from this server wait for a moderator already.",
        ));
    }
    let title = super::checked_title(desk, &draft.title, !draft.origin.is_local())?;
    let limit = desk.settings.posts.mention_limit;
    let text = draft.body.render(desk.db, desk.names, limit)?;
    let Birth { uri, .. } = desk.birth(&draft.origin, || desk.names.post(id))?;
    let attachments = draft.attached(desk, author, id)?;
    let held = HeldPost {
        id,
        uri,
        group: draft.group,
        author,
        instance,
        title,
        html: text.html,
        link_url: draft.link_url.clone(),
        warning: draft.warning.as_deref().map(storable),
        attachments,
        draft: serde_json::to_string(draft).map_err(Refusal::fault)?,
        held_at: desk.now,
    };
    Ok(held::upsert(desk.db, &held)?)
}
