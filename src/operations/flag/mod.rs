//! Reports: raised by anybody, resolved by moderators.

mod message;
mod resolve;

pub(crate) use message::ReportMessage;
pub(crate) use resolve::ResolveFlag;
pub(super) use resolve::close_over;

use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Actor;
use crate::domain::flag::Flag;
use crate::domain::ids::{ActorId, FlagId, ObjectId, Uri};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::markup::storable;
use crate::operations::{Desk, Operation, object};
use crate::settings::ReportedBy;
use crate::store::{actors, flags, moderators};

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 5_000;

/// Somebody asks moderators to look at a person, or at what they wrote.
///
/// What the same reporter says again of the same person, while moderators are not done with it,
/// becomes part of the first report.
#[derive(Clone, Debug)]
pub(crate) struct RaiseFlag {
    /// The group whose moderators are asked; `None`: the hub's own.
    pub(crate) group: Option<ActorId>,
    /// The posts and comments; none: the person alone.
    pub(crate) objects: Vec<ObjectId>,
    /// The person, or who wrote the objects.
    pub(crate) subject: ActorId,
    /// Why.
    pub(crate) reason: String,
    /// The id of the Flag that came from elsewhere.
    pub(crate) uri: Option<Uri>,
}

impl Operation for RaiseFlag {
    type Output = FlagId;
    const NAME: &'static str = "raise_flag";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FlagId, Refusal> {
        let reporter = policy::require_actor(desk.caller)?;
        let group = match self.group {
            Some(group) => Some(desk.group(group)?),
            None => None,
        };
        let subject = actors::find(desk.db, self.subject)?
            .ok_or_else(|| Refusal::not_found("actor.not_found", "There is no such person."))?;
        for object in &self.objects {
            // Nobody reports what they cannot read (security.md R-26).
            desk.subject(*object)?;
        }
        let local = object::is_local(desk, reporter)?;
        file(
            desk,
            File {
                uri: self.uri.clone(),
                group: group.as_ref(),
                objects: self.objects.iter().map(|object| object.number()).collect(),
                subject: &subject,
                reason: worded(&self.reason, local)?,
                forward: true,
            },
        )
    }
}

/// A report to be filed.
struct File<'a> {
    /// The id of the Flag that came from elsewhere.
    uri: Option<Uri>,
    group: Option<&'a Actor>,
    objects: Vec<i64>,
    subject: &'a Actor,
    reason: String,
    /// Whether the server of who is reported may be told.
    forward: bool,
}

/// Files a report of the caller, or adds it to the one that is open.
fn file(desk: &mut Desk<'_>, file: File<'_>) -> Result<FlagId, Refusal> {
    let reporter = policy::require_actor(desk.caller)?;
    let minted = || desk.names.activity("flag", &crate::crypto::token::uuid());
    let flag = Flag {
        id: FlagId(desk.next_id()),
        uri: file.uri.unwrap_or_else(minted),
        group: file.group.map(|group| group.id),
        reporter,
        objects: file.objects,
        subject: file.subject.id,
        reason: file.reason,
        created_at: desk.now,
        resolved_at: None,
        resolved_by: None,
    };
    if let Some(open) = flags::find_open(desk.db, &flag)? {
        return join(desk, &open, &flag);
    }
    if flags::insert(desk.db, &flag)? && object::is_local(desk, reporter)? {
        let home = Some(file.subject).filter(|_| file.forward);
        forward(desk, &flag, file.group, home)?;
    }
    Ok(flag.id)
}

/// The words of a report as they are kept; people of this hub have to say some.
fn worded(reason: &str, local: bool) -> Result<String, Refusal> {
    let reason = storable(reason.trim());
    if local && reason.is_empty() {
        return Err(Refusal::invalid(
            "reason",
            "flag.reason",
            "Please say in a few words what is wrong.",
        ));
    }
    Ok(reason.chars().take(LONGEST_REASON).collect())
}

/// Adds a repeated report to the one that is open.
fn join(desk: &mut Desk<'_>, open: &Flag, again: &Flag) -> Result<FlagId, Refusal> {
    flags::add_objects(desk.db, open.id, &again.objects)?;
    if !open.reason.contains(&again.reason) {
        let both = format!("{}\n{}", open.reason, again.reason);
        let kept: String = both.trim().chars().take(LONGEST_REASON).collect();
        flags::set_reason(desk.db, open.id, &kept)?;
    }
    Ok(open.id)
}

/// Tells those elsewhere who can act on a report from here: a remote group, the moderators of a
/// local one who live elsewhere, and by setting the server of who is reported.
fn forward(
    desk: &mut Desk<'_>,
    flag: &Flag,
    group: Option<&Actor>,
    subject: Option<&Actor>,
) -> Result<(), Refusal> {
    let mut to = listeners(desk, group)?;
    if desk.settings.moderation.forward_reports {
        let elsewhere = subject.filter(|subject| !subject.local);
        to.extend(elsewhere.map(|subject| subject.id));
    }
    if to.is_empty() {
        return Ok(());
    }
    let by = match desk.settings.moderation.reports_by {
        ReportedBy::Member => flag.reporter,
        ReportedBy::Hub => desk.instance()?.map_or(flag.reporter, |hub| hub.id),
    };
    let activity = Activity::Flagged { flag: flag.id };
    desk.record(Entry::new(by, flag.group, activity, flag.id.0).to(to));
    Ok(())
}

/// Who elsewhere looks after a group: the group itself, or its moderators on other servers.
fn listeners(desk: &mut Desk<'_>, group: Option<&Actor>) -> Result<Vec<ActorId>, Refusal> {
    Ok(match group {
        None => Vec::new(),
        Some(group) if !group.local => vec![group.id],
        Some(group) => moderators::list(desk.db, group.id)?
            .into_iter()
            .filter(|moderator| !moderator.local)
            .map(|moderator| moderator.id)
            .collect(),
    })
}

#[cfg(test)]
mod tests;
