//! What admins tell everybody.

use crate::domain::announcement::Announcement;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, AnnouncementId};
use crate::store::{Db, Res, announcements};

/// The most that are shown or wait for their time: all that there may be.
const MOST: u32 = 10;
/// The most that are listed for admins.
const MOST_LISTED: u32 = 50;

/// Those that are not over at a moment, the newest first. One query.
pub(crate) fn current(db: &mut Db, now: Ts) -> Res<Vec<Announcement>> {
    announcements::list_current(db, now, MOST)
}

/// The last ones, those that are over too, the newest first. One query.
pub(crate) fn all(db: &mut Db) -> Res<Vec<Announcement>> {
    announcements::list(db, MOST_LISTED)
}

/// What a member has read of these. One query.
pub(crate) fn read(
    db: &mut Db,
    member: ActorId,
    of: &[AnnouncementId],
) -> Res<Vec<AnnouncementId>> {
    announcements::list_dismissed(db, member, of)
}
