//! A group presents itself anew.

use super::create::title;
use super::rename::remote;
use crate::domain::activity::{Activity, Entry};
use crate::domain::actor::Approval;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::limited;
use crate::operations::{Desk, Operation};
use crate::store::actors;
use crate::text::markdown::{self, Links};

/// Changes a local group; what is `None` stays. Its moderators may.
#[derive(Clone, Debug)]
pub(crate) struct UpdateGroup {
    /// Which.
    pub(crate) group: ActorId,
    /// For display.
    pub(crate) title: Option<String>,
    /// What it is about, in Markdown.
    pub(crate) summary: Option<String>,
    /// Whether only moderators post into it.
    pub(crate) posting_restricted: Option<bool>,
    /// Whether it is listed.
    pub(crate) discoverable: Option<bool>,
    /// Whose posts wait for a moderator's word.
    pub(crate) approval: Option<Approval>,
}

impl Operation for UpdateGroup {
    type Output = ();
    const NAME: &'static str = "update_group";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut group = desk.group(self.group)?;
        if !group.local {
            return Err(remote());
        }
        let relation = desk.relation(&group)?;
        policy::require_moderator(desk.caller, &relation, true)?;
        let before = group.clone();
        let limits = &desk.settings.groups;
        if let Some(text) = &self.title {
            group.title = title(text, limits.title_limit)?;
        }
        if let Some(text) = &self.summary {
            let summary = limited("summary", text, limits.summary_limit)?;
            group.summary_html = markdown::render(&summary, &Links::NONE);
            group.summary_source = (!summary.is_empty()).then_some(summary);
        }
        group.posting_restricted = self.posting_restricted.unwrap_or(group.posting_restricted);
        group.discoverable = self.discoverable.unwrap_or(group.discoverable);
        group.approval = self.approval.unwrap_or(group.approval);
        if group == before {
            return Ok(());
        }
        group.updated_at = desk.now;
        actors::set_profile(desk.db, &group)?;
        let updated = Activity::ProfileUpdated { actor: group.id };
        desk.record(Entry::new(group.id, Some(group.id), updated, group.id.0));
        Ok(())
    }
}
