//! What a person shows of themselves, and how the hub shows itself to them.

use super::{account, require_self_or_admin};
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::ActorKind;
use crate::domain::ids::ActorId;
use crate::domain::look::Look;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::actor::is_imitation;
use crate::operations::{Desk, Operation};
use crate::store::{accounts, actors, follows};
use crate::text::markdown::{self, Links};
use crate::text::{language, title};

/// The most groups whose servers are told of a changed profile.
const MOST_GROUPS: u32 = 500;
/// The most servers of followers, and followers on servers without a common inbox, of each.
const MOST_FOLLOWERS: u32 = 1_000;

/// Changes a person's profile; what is `None` stays.
#[derive(Clone, Debug)]
pub(crate) struct UpdateProfile {
    /// Whose.
    pub(crate) actor: ActorId,
    /// The name for display; an empty one gives way to the name of the account.
    pub(crate) title: Option<String>,
    /// The text about themselves, in Markdown.
    pub(crate) bio: Option<String>,
    /// Whether they agree to be listed.
    pub(crate) discoverable: Option<bool>,
    /// Whether they agree to be searched.
    pub(crate) indexable: Option<bool>,
    /// Whether a program speaks here, and not a person.
    pub(crate) automatic: Option<bool>,
}

impl Operation for UpdateProfile {
    type Output = ();
    const NAME: &'static str = "update_profile";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        let found = actors::find(desk.db, self.actor)?;
        let person = |kind| matches!(kind, ActorKind::Person | ActorKind::Service);
        let mut actor = found
            .filter(|actor| actor.local && person(actor.kind) && actor.deleted_at.is_none())
            .ok_or_else(|| {
                Refusal::not_found("account.unknown", "There is no such person here.")
            })?;
        let before = actor.clone();
        let limits = &desk.settings.accounts;
        if let Some(title) = &self.title {
            let shown = one_line("title", title, limits.name_limit)?;
            if is_imitation(desk, &shown, Some(actor.id))? {
                return Err(imitation());
            }
            actor.title = if shown.is_empty() {
                actor.name.clone()
            } else {
                shown
            };
        }
        if let Some(bio) = &self.bio {
            let bio = limited("bio", bio, limits.bio_limit)?;
            actor.summary_html = markdown::render(&bio, &Links::NONE);
            actor.summary_source = (!bio.is_empty()).then_some(bio);
        }
        actor.discoverable = self.discoverable.unwrap_or(actor.discoverable);
        actor.indexable = self.indexable.unwrap_or(actor.indexable);
        actor.kind = match self.automatic {
            Some(true) => ActorKind::Service,
            Some(false) => ActorKind::Person,
            None => actor.kind,
        };
        if actor == before {
            return Ok(());
        }
        actor.updated_at = desk.now;
        actors::set_profile(desk.db, &actor)?;
        tell(desk, actor.id, Activity::ProfileUpdated { actor: actor.id })
    }
}

fn imitation() -> Refusal {
    Refusal::invalid(
        "title",
        "name.imitation",
        "This name looks like another name with letters of another script. Please write it in one.",
    )
}

/// Records what happened to a person for all the groups they are in, and for who follows them.
pub(in crate::operations) fn tell(
    desk: &mut Desk<'_>,
    actor: ActorId,
    what: Activity,
) -> Result<(), Refusal> {
    let groups = follows::list_groups_of(desk.db, actor, MOST_GROUPS)?;
    let remote = groups
        .iter()
        .filter(|group| !group.local)
        .map(|group| group.id);
    let followers = follows::list_reaching(desk.db, actor, MOST_FOLLOWERS)?;
    desk.record(Entry::new(actor, None, what, actor.0).to(remote.chain(followers)));
    Ok(())
}

/// One line for display, or why it is none.
pub(in crate::operations) fn one_line(
    field: &'static str,
    text: &str,
    most: u32,
) -> Result<String, Refusal> {
    Ok(title::one_line(&limited(field, text, most)?))
}

/// A text that is not too long, without the one character that PostgreSQL cannot store.
pub(in crate::operations) fn limited(
    field: &'static str,
    text: &str,
    most: u32,
) -> Result<String, Refusal> {
    let text = text.trim();
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    if text.chars().count() <= limit && text.len() <= markdown::LONGEST {
        return Ok(text.replace('\0', ""));
    }
    Err(Refusal::invalid(
        field,
        "text.long",
        format!("This text is too long. Please use at most {most} letters."),
    ))
}

/// Sets how the hub's pages look to a person, wherever they sign in.
pub(crate) struct SetLook {
    /// Light or dark, airy or dense.
    pub(crate) look: Look,
}

impl Operation for SetLook {
    type Output = ();
    const NAME: &'static str = "set_look";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        account(desk, actor)?;
        Ok(accounts::set_look(desk.db, actor, self.look)?)
    }
}

/// Sets the language in which a person wants the hub's pages.
pub(crate) struct SetLanguage {
    /// One of `instance.languages`; `None`: what their browser asks for.
    pub(crate) language: Option<String>,
}

impl Operation for SetLanguage {
    type Output = ();
    const NAME: &'static str = "set_language";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        account(desk, actor)?;
        let tag = match &self.language {
            None => None,
            Some(text) => Some(language::tag(text).ok_or_else(|| {
                Refusal::invalid(
                    "language",
                    "language.unknown",
                    "This is no language tag. Please write one such as \"en\" or \"pt-BR\".",
                )
            })?),
        };
        Ok(accounts::set_language(desk.db, actor, tag.as_deref())?)
    }
}
