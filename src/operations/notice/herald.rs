//! Members who want to hear of every thread of a group are told of a new one: after it was written, and
//! some of them at a time, since they may be very many.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::post::Post;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::notices::NewNotice;
use crate::store::{follows, notices, posts, thread_news};

/// Members who are told at once.
const TOGETHER: u32 = 200;
/// How old a thread is at most that is news, in seconds: what is fetched later is none.
const NEWS: i64 = 24 * 3_600;

/// Notes that members are to be told of a post that was just published in a group.
pub(in crate::operations) fn note(
    desk: &mut Desk<'_>,
    post: &Post,
    group: &Actor,
) -> Result<(), Refusal> {
    if post.published_at < desk.now.plus_seconds(-NEWS) {
        return Ok(());
    }
    Ok(thread_news::insert(desk.db, post.id, group.id)?)
}

/// Tells some of those who are still to be told of a new thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TellOfThread {
    /// Of which.
    pub(crate) post: PostId,
}

impl Operation for TellOfThread {
    /// Whether all of them were told.
    type Output = bool;
    const NAME: &'static str = "tell_of_thread";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<bool, Refusal> {
        let Some(after) = thread_news::find(desk.db, self.post)? else {
            return Ok(true);
        };
        let post = posts::find(desk.db, self.post)?.filter(|post| !post.hidden());
        let Some(post) = post else {
            thread_news::set(desk.db, self.post, None)?;
            return Ok(true);
        };
        let members = follows::list_hearing_all(desk.db, post.group, after, TOGETHER)?;
        let full = u32::try_from(members.len()).is_ok_and(|some| some == TOGETHER);
        let last = members.last().copied().filter(|_| full);
        tell(desk, &post, members)?;
        thread_news::set(desk.db, self.post, last)?;
        Ok(last.is_none())
    }
}

/// Whoever is named in it hears of that already.
fn tell(desk: &mut Desk<'_>, post: &Post, mut members: Vec<ActorId>) -> Result<(), Refusal> {
    let object = crate::domain::ids::ObjectId::Post(post.id);
    let named = notices::list_mentions(desk.db, object)?;
    members.retain(|member| *member != post.author && !named.contains(member));
    let notice = |to: ActorId| NewNotice {
        id: desk.next_id(),
        to,
        kind: NoticeKind::NewThread,
        by: post.author,
        object: post.id.0,
        thread: Some(post.id),
        at: desk.now,
    };
    let new: Vec<NewNotice> = members.into_iter().map(notice).collect();
    Ok(notices::insert_all(desk.db, &new)?)
}
