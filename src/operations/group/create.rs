//! A group is founded.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::{FollowState, Role};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::{limited, one_line};
use crate::operations::actor::{Birth, Keys, bear};
use crate::operations::membership::enter;
use crate::operations::{Desk, Operation};
use crate::settings::Founders;
use crate::store::{actors, moderators};
use crate::text::markdown::{self, Links};

/// Founds a group; the owner is its first member and moderator.
pub(crate) struct CreateGroup {
    /// The name in handle and address.
    pub(crate) name: String,
    /// For display.
    pub(crate) title: String,
    /// What it is about, in Markdown; may be empty.
    pub(crate) summary: String,
    /// Whose it is; `None`: the caller's, if one is a member. Only admins found groups for others.
    pub(crate) owner: Option<ActorId>,
    /// Whether only moderators post into it.
    pub(crate) posting_restricted: bool,
    /// Whether only members whom its moderators let in read and write in it. It stays so: what was
    /// said in confidence is not opened later.
    pub(crate) private: bool,
    /// Its key pair, made before.
    pub(crate) keys: Keys,
}

impl Operation for CreateGroup {
    type Output = ActorId;
    const NAME: &'static str = "create_group";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<ActorId, Refusal> {
        require_founder(desk.caller, desk.settings.groups.founders)?;
        let owner = self.owner(desk)?;
        let limits = &desk.settings.groups;
        let title = title(&self.title, limits.title_limit)?;
        let summary = limited("summary", &self.summary, limits.summary_limit)?;
        let birth = Birth {
            kind: ActorKind::Group,
            name: &self.name,
            title,
            summary_html: markdown::render(&summary, &Links::NONE),
            summary_source: (!summary.is_empty()).then_some(summary),
            keys: &self.keys,
        };
        let mut group = bear(desk, birth)?;
        if self.posting_restricted || self.private {
            group.posting_restricted = self.posting_restricted;
            group.manually_approves = self.private;
            actors::set_profile(desk.db, &group)?;
        }
        if let Some(owner) = owner {
            moderators::insert(desk.db, group.id, owner.id, desk.now)?;
            // Whoever founds a group joins it; an owner named by others decides for themselves.
            if desk.caller.actor() == Some(owner.id) {
                let uuid = crate::crypto::token::uuid();
                enter(desk, &group, owner.id, FollowState::Accepted, &uuid)?;
            }
        }
        Ok(group.id)
    }
}

impl CreateGroup {
    fn owner(&self, desk: &mut Desk<'_>) -> Result<Option<Actor>, Refusal> {
        let Some(id) = self.owner.or(desk.caller.actor()) else {
            return Ok(None);
        };
        if desk.caller.actor() != Some(id) && !desk.caller.is_admin() {
            return Err(Refusal::forbidden(
                "group.owner",
                "Only admins can found a group for somebody else.",
            ));
        }
        let found = actors::find(desk.db, id)?;
        let person = |actor: &Actor| {
            actor.local && actor.kind == ActorKind::Person && actor.deleted_at.is_none()
        };
        match found.filter(person) {
            Some(owner) => Ok(Some(owner)),
            None => Err(Refusal::invalid(
                "owner",
                "group.owner_unknown",
                "The owner of a group must be a person of this hub.",
            )),
        }
    }
}

/// A title for display.
pub(super) fn title(text: &str, most: u32) -> Result<String, Refusal> {
    let title = one_line("title", text, most)?;
    if title.is_empty() {
        return Err(Refusal::invalid(
            "title",
            "group.untitled",
            "A group needs a title. Please write one.",
        ));
    }
    Ok(title)
}

fn require_founder(caller: Caller, founders: Founders) -> Result<(), Refusal> {
    let least = match founders {
        Founders::Admins => Role::Admin,
        Founders::Moderators => Role::Moderator,
        Founders::Members => Role::Member,
    };
    match caller {
        Caller::System => Ok(()),
        Caller::Member { role, .. } if role >= least => Ok(()),
        Caller::Member { .. } | Caller::Remote { .. } => Err(Refusal::forbidden(
            "group.founders",
            "You may not found groups on this hub. Please ask its moderators to do it for you.",
        )),
        Caller::Visitor => policy::require_actor(caller).map(drop),
    }
}
