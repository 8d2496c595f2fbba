//! A post or comment quotes something: what its author must be asked for, and what they answer.

use super::{allows, local_author, not_allowed};
use crate::domain::activity::{Activity, Entry};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::policy;
use crate::domain::post::Post;
use crate::domain::quote::Quoted;
use crate::domain::refusal::Refusal;
use crate::operations::comment::CreateComment;
use crate::operations::post::CreatePost;
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, posts, quotes};

/// A post comes into being that quotes something, if it quotes anything; the caller is its author.
///
/// What was written here is quoted as its author allows; the author of what was written elsewhere
/// is asked.
#[derive(Clone, Debug)]
pub(crate) struct QuotePost {
    /// The post.
    pub(crate) post: CreatePost,
    /// The id of what it quotes.
    pub(crate) quote: Option<String>,
    /// The stamp that a foreign post bears.
    pub(crate) stamp: Option<String>,
}

impl Operation for QuotePost {
    type Output = PostId;
    const NAME: &'static str = "quote_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<PostId, Refusal> {
        let local = self.post.origin.is_local();
        let quoting = Quoting::begin(desk, self.quote.as_deref(), local)?;
        let id = self.post.perform(desk)?;
        if let Some(quoting) = quoting {
            quoting.finish(desk, ObjectId::Post(id), self.stamp.clone())?;
        }
        Ok(id)
    }
}

/// The same for a comment.
#[derive(Clone, Debug)]
pub(crate) struct QuoteComment {
    /// The comment.
    pub(crate) comment: CreateComment,
    /// The id of what it quotes.
    pub(crate) quote: Option<String>,
    /// The stamp that a foreign comment bears.
    pub(crate) stamp: Option<String>,
}

impl Operation for QuoteComment {
    type Output = CommentId;
    const NAME: &'static str = "quote_comment";

    fn of_a_crowd(&self) -> Option<ObjectId> {
        let alone = self.quote.is_none();
        alone.then(|| self.comment.of_a_crowd()).flatten()
    }

    fn perform(&self, desk: &mut Desk<'_>) -> Result<CommentId, Refusal> {
        let local = self.comment.origin.is_local();
        let quoting = Quoting::begin(desk, self.quote.as_deref(), local)?;
        let id = self.comment.perform(desk)?;
        if let Some(quoting) = quoting {
            quoting.finish(desk, ObjectId::Comment(id), self.stamp.clone())?;
        }
        Ok(id)
    }
}

/// What a text quotes that is about to be.
struct Quoting<'a> {
    uri: &'a str,
    /// Who wrote that, where known.
    author: Option<ActorId>,
    /// Whether the text that quotes is of this hub.
    local: bool,
}

impl<'a> Quoting<'a> {
    /// Looks up what is quoted; a member quotes what they can read, and its author allows if they
    /// live here.
    fn begin(
        desk: &mut Desk<'_>,
        uri: Option<&'a str>,
        local: bool,
    ) -> Result<Option<Self>, Refusal> {
        let Some(uri) = uri else {
            return Ok(None);
        };
        let found = find(desk, uri)?;
        if local {
            check(desk, found)?;
        }
        let author = found.map(|(_, author)| author);
        Ok(Some(Self { uri, author, local }))
    }

    /// Notes what is quoted, and asks its author if they live elsewhere.
    ///
    /// They are shown the text that quotes, so nobody is asked out of a private group.
    fn finish(
        self,
        desk: &mut Desk<'_>,
        object: ObjectId,
        stamp: Option<String>,
    ) -> Result<(), Refusal> {
        let quoted = Quoted {
            object: object.number(),
            uri: self.uri.to_owned(),
            author: self.author,
            stamp,
        };
        quotes::insert_quoted(desk.db, &quoted)?;
        let (true, Some(asked), Some(by)) = (self.local, self.author, desk.caller.actor()) else {
            return Ok(());
        };
        let elsewhere = actors::find(desk.db, asked)?.is_some_and(|actor| !actor.local);
        let subject = desk.subject(object)?;
        if elsewhere && !subject.group.is_private_group() {
            let post = subject.post.id;
            let comment = subject.comment.map(|comment| comment.id);
            let ask = Activity::QuoteAsked { post, comment };
            desk.record(Entry::new(by, None, ask, post.0).to([asked]));
        }
        Ok(())
    }
}

fn check(desk: &mut Desk<'_>, found: Option<(ObjectId, ActorId)>) -> Result<(), Refusal> {
    let unknown = || {
        Refusal::invalid(
            "quote",
            "quote.unknown",
            "There is nothing to quote at this address.",
        )
    };
    let (object, _) = found.ok_or_else(unknown)?;
    let subject = desk.subject(object)?;
    let quoter = policy::require_actor(desk.caller)?;
    let ours = local_author(desk, &subject)?.is_some();
    let private = subject.group.is_private_group();
    if private || (ours && !allows(desk, &subject, quoter)?) {
        return Err(not_allowed());
    }
    Ok(())
}

/// The stored post or comment of this id, and who wrote it.
fn find(desk: &mut Desk<'_>, uri: &str) -> Result<Option<(ObjectId, ActorId)>, Refusal> {
    if let Some(post) = posts::find_by_uri(desk.db, uri)? {
        return Ok(Some((ObjectId::Post(post.id), post.author)));
    }
    let comment = comments::find_by_uri(desk.db, uri)?;
    Ok(comment.map(|comment| (ObjectId::Comment(comment.id), comment.author)))
}

/// The caller, who wrote what a local text quotes, allows it or does not.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveQuoteAnswer {
    /// The post or comment that quotes.
    pub(crate) object: ObjectId,
    /// The stamp; `None`: they do not allow it.
    pub(crate) stamp: Option<String>,
}

impl Operation for ReceiveQuoteAnswer {
    type Output = ();
    const NAME: &'static str = "receive_quote_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let quoted = quotes::find_quoted(desk.db, self.object.number())?;
        let asked = quoted.filter(|quoted| quoted.author == desk.caller.actor());
        let (Some(quoted), Caller::Remote { .. }) = (asked, desk.caller) else {
            return Err(Refusal::not_found(
                "quote.unknown",
                "Nobody here asked for that.",
            ));
        };
        if quoted.stamp == self.stamp {
            return Ok(());
        }
        let number = self.object.number();
        quotes::set_stamp(desk.db, number, self.stamp.as_deref())?;
        renew(desk, number)
    }
}

/// Those who know a text of this hub learn by which stamp it quotes now.
pub(super) fn renew(desk: &mut Desk<'_>, number: i64) -> Result<(), Refusal> {
    if let Some(mut post) = posts::find(desk.db, PostId(number))? {
        if post.local && !post.hidden() {
            post.edited_at = Some(later(desk.now, post.edited_at, post.published_at));
            posts::set_content(desk.db, &post)?;
            tell(desk, ObjectId::Post(post.id), &post, post.author)?;
        }
    } else if let Some(mut comment) = comments::find(desk.db, CommentId(number))?
        && comment.local
        && !comment.hidden()
        && let Some(thread) = posts::find(desk.db, comment.post)?
    {
        comment.edited_at = Some(later(desk.now, comment.edited_at, comment.published_at));
        comments::set_content(desk.db, &comment)?;
        tell(desk, ObjectId::Comment(comment.id), &thread, comment.author)?;
    }
    Ok(())
}

/// Peers take no Update that is not newer than what they know (federation.md 4.4).
fn later(now: Ts, edited: Option<Ts>, published: Ts) -> Ts {
    now.max(edited.unwrap_or(published).plus_seconds(1))
}

fn tell(
    desk: &mut Desk<'_>,
    object: ObjectId,
    thread: &Post,
    author: ActorId,
) -> Result<(), Refusal> {
    let group = desk.group(thread.group)?;
    let updated = Activity::Updated { object };
    desk.record(Desk::entry_in(&group, author, updated, thread.id.0));
    Ok(())
}
