//! What admins tell everybody at the top of pages, until they end it or its time is over.

use super::account::limited;
use super::{Desk, Operation};
use crate::domain::announcement::{Announcement, Audience};
use crate::domain::clock::Ts;
use crate::domain::ids::AnnouncementId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::announcements;
use crate::text::markdown::{self, Links};

/// The most that are shown or wait for their time.
const MOST: u32 = 10;
/// The longest text, in letters.
const TEXT: u32 = 2_000;

/// An admin tells everybody something, or changes what it says; then those who have read it are
/// shown it again.
#[derive(Clone, Debug)]
pub(crate) struct Announce {
    /// Which one is changed; `None`: it is new.
    pub(crate) announcement: Option<AnnouncementId>,
    /// What it says, in Markdown.
    pub(crate) body: String,
    /// For whom.
    pub(crate) audience: Audience,
    /// From when it is shown; `None`: at once.
    pub(crate) starts_at: Option<Ts>,
    /// Until when; `None`: until an admin ends it.
    pub(crate) ends_at: Option<Ts>,
}

impl Operation for Announce {
    type Output = AnnouncementId;
    const NAME: &'static str = "announce";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<AnnouncementId, Refusal> {
        policy::require_admin(desk.caller)?;
        let before = match self.announcement {
            Some(id) => Some(announcements::find(desk.db, id)?.ok_or_else(missing)?),
            None => None,
        };
        let new = self.checked(desk, before.as_ref())?;
        match before {
            Some(before) => {
                announcements::update(desk.db, &new)?;
                if before.source != new.source {
                    announcements::show_again(desk.db, new.id)?;
                }
            }
            None => announcements::insert(desk.db, &new)?,
        }
        Ok(new.id)
    }
}

impl Announce {
    fn checked(
        &self,
        desk: &mut Desk<'_>,
        before: Option<&Announcement>,
    ) -> Result<Announcement, Refusal> {
        let source = limited("body", &self.body, TEXT)?;
        if source.is_empty() {
            let sentence = "Please write something.";
            return Err(Refusal::invalid("body", "announcement.empty", sentence));
        }
        let starts_at = self
            .starts_at
            .or(before.map(|before| before.starts_at))
            .unwrap_or(desk.now);
        if self
            .ends_at
            .is_some_and(|end| end <= starts_at || end <= desk.now)
        {
            let sentence = "Please choose an end that is still to come, and after the beginning.";
            return Err(Refusal::invalid("ends_at", "announcement.end", sentence));
        }
        let known = announcements::list_current(desk.db, desk.now, MOST)?;
        if before.is_none() && known.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) {
            let sentence = format!("There are at most {MOST} at once. Please end one first.");
            return Err(Refusal::new(
                Kind::Conflict,
                "announcement.too_many",
                sentence,
            ));
        }
        Ok(Announcement {
            id: before.map_or_else(|| AnnouncementId(desk.next_id()), |before| before.id),
            html: markdown::render(&source, &Links::NONE),
            source,
            audience: self.audience,
            starts_at,
            ends_at: self.ends_at,
            author: policy::require_actor(desk.caller)?,
        })
    }
}

/// An admin ends an announcement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndAnnouncement {
    /// Which.
    pub(crate) announcement: AnnouncementId,
}

impl Operation for EndAnnouncement {
    type Output = ();
    const NAME: &'static str = "end_announcement";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let known = announcements::find(desk.db, self.announcement)?.ok_or_else(missing)?;
        if known.is_over(desk.now) {
            return Ok(());
        }
        let over = Announcement {
            ends_at: Some(desk.now),
            ..known
        };
        Ok(announcements::update(desk.db, &over)?)
    }
}

/// A member has read an announcement, and is not shown it any more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DismissAnnouncement {
    /// Which.
    pub(crate) announcement: AnnouncementId,
}

impl Operation for DismissAnnouncement {
    type Output = ();
    const NAME: &'static str = "dismiss_announcement";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        announcements::find(desk.db, self.announcement)?.ok_or_else(missing)?;
        Ok(announcements::dismiss(desk.db, self.announcement, member)?)
    }
}

fn missing() -> Refusal {
    Refusal::not_found("announcement.not_found", "There is no such announcement.")
}

#[cfg(test)]
mod tests;
