//! Somebody of this hub, or a group, moves to an account elsewhere.

use super::{carry, check, mover, renew};
use crate::domain::activity::{Activity, Entry, Origin};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::ActorId;
use crate::domain::post::{Extra, PostKind};
use crate::domain::refusal::Refusal;
use crate::operations::markup::Markup;
use crate::operations::moderation::FeaturePost;
use crate::operations::post::CreatePost;
use crate::operations::{Desk, Operation};
use crate::store::actors;

/// The caller, or a group of theirs, moves to another account, whose document names the old one as
/// its own: that was looked up just before. The old account stays, and says where they went.
#[derive(Clone, Debug)]
pub(crate) struct MoveAway {
    /// The group; `None`: the caller.
    pub(crate) group: Option<ActorId>,
    /// The new account.
    pub(crate) target: ActorId,
    /// The title of a post that stays pinned in the group, for the members whose servers do not
    /// understand a move; empty for none.
    pub(crate) notice: String,
}

impl Operation for MoveAway {
    type Output = ();
    const NAME: &'static str = "move_away";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut old = mover(desk, self.group)?;
        let new = actors::find(desk.db, self.target)?.ok_or_else(|| {
            Refusal::not_found("actor.not_found", "There is no such person or group.")
        })?;
        check(desk, &old, &new)?;
        if old.kind == ActorKind::Group {
            self.pin(desk, &old, &new)?;
            old.posting_restricted = true;
        }
        // Their followers' servers hear of it before their follows end.
        let moved = Activity::Moved { target: new.id };
        desk.record(Entry::new(old.id, Some(old.id), moved, old.id.0));
        carry(desk, &old, &new)?;
        renew(desk, &mut old)
    }
}

impl MoveAway {
    /// Forums ignore the move of a group, so a post says it to their members.
    fn pin(&self, desk: &mut Desk<'_>, old: &Actor, new: &Actor) -> Result<(), Refusal> {
        if self.notice.trim().is_empty() || desk.caller.actor().is_none() {
            return Ok(());
        }
        let post = CreatePost {
            group: old.id,
            kind: PostKind::Article,
            title: self.notice.clone(),
            body: Markup::Markdown(format!("<{}>", new.url)),
            link_url: None,
            language: None,
            sensitive: false,
            warning: None,
            attachments: Vec::new(),
            extra: Extra::Nothing,
            thumbnail: None,
            origin: Origin::Local,
        };
        let post = post.perform(desk)?;
        let pin = FeaturePost {
            post,
            featured: true,
            relay: None,
        };
        pin.perform(desk)
    }
}
