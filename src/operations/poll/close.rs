//! Polls that changed or ended: whoever took part is told.

use crate::domain::activity::Activity;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, notice};
use crate::store::{actors, polls, posts};

/// Counts of one poll are told at most so often, in seconds (federation.md 4.15).
const EVERY: i64 = 300;
/// Polls of one transaction.
const BATCH: u32 = 50;
/// Members who are told that a poll ended.
const MOST_VOTERS: u32 = 5_000;

/// Tells voters here of polls that ended, and other servers of polls made here whose counts
/// changed or that ended; gives back how many polls it told of. More may be left.
#[derive(Clone, Debug)]
pub(crate) struct TellPolls;

impl Operation for TellPolls {
    type Output = usize;
    const NAME: &'static str = "tell_polls";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        let ended = polls::list_ended(desk.db, desk.now, BATCH)?;
        for post in &ended {
            polls::set_closed(desk.db, *post, desk.now)?;
            tell_members(desk, *post)?;
            tell_servers(desk, *post)?;
        }
        let before = desk.now.plus_seconds(-EVERY);
        let changed = polls::list_untold(desk.db, before, BATCH)?;
        for post in &changed {
            tell_servers(desk, *post)?;
        }
        Ok(ended.len() + changed.len())
    }
}

fn tell_members(desk: &mut Desk<'_>, id: PostId) -> Result<(), Refusal> {
    let Some(post) = posts::find(desk.db, id)?.filter(|post| !post.hidden()) else {
        return Ok(());
    };
    let mut people = polls::list_local_voters(desk.db, id, MOST_VOTERS)?;
    if !people.contains(&post.author) {
        people.push(post.author);
    }
    let object = ObjectId::Post(id);
    // The group says it, so that the author learns of it, too.
    notice::tell(
        desk,
        NoticeKind::PollEnded,
        &people,
        post.group,
        object.number(),
    )
}

/// The counts of a poll made here, for the group's followers and wherever somebody voted.
fn tell_servers(desk: &mut Desk<'_>, id: PostId) -> Result<(), Refusal> {
    polls::set_told(desk.db, id, desk.now)?;
    let post = posts::find(desk.db, id)?.filter(|post| post.local && !post.hidden());
    let Some(post) = post else { return Ok(()) };
    let Some(group) = actors::find(desk.db, post.group)? else {
        return Ok(());
    };
    let voters = polls::list_remote_voters(desk.db, id)?;
    let activity = Activity::Tallied { post: id };
    let entry = Desk::entry_in(&group, post.author, activity, id.0).to(voters);
    desk.record(entry);
    Ok(())
}
