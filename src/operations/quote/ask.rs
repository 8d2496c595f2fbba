//! A post quotes something: what its author must be asked for, and what they answer.

use super::{allows, local_author, not_allowed};
use crate::domain::activity::{Activity, Entry};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::quote::Quoted;
use crate::domain::refusal::Refusal;
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
        let found = match &self.quote {
            Some(uri) => find(desk, uri)?,
            None => None,
        };
        if local && self.quote.is_some() {
            Self::check(desk, found)?;
        }
        let id = self.post.perform(desk)?;
        let Some(uri) = &self.quote else {
            return Ok(id);
        };
        let author = found.map(|(_, author)| author);
        let quoted = Quoted {
            post: id,
            uri: uri.clone(),
            author,
            stamp: self.stamp.clone(),
        };
        quotes::insert_quoted(desk.db, &quoted)?;
        if let (true, Some(asked), Some(by)) = (local, author, desk.caller.actor()) {
            let elsewhere = actors::find(desk.db, asked)?.is_some_and(|actor| !actor.local);
            if elsewhere {
                let ask = Activity::QuoteAsked { post: id };
                desk.record(Entry::new(by, None, ask, id.0).to([asked]));
            }
        }
        Ok(id)
    }
}

impl QuotePost {
    /// A member quotes what they can read, and its author allows if they live here.
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
        let quoter = crate::domain::policy::require_actor(desk.caller)?;
        let ours = local_author(desk, &subject)?.is_some();
        let private = subject.group.is_private_group();
        if private || (ours && !allows(desk, &subject, quoter)?) {
            return Err(not_allowed());
        }
        Ok(())
    }
}

/// The stored post or comment of this id, and who wrote it.
fn find(desk: &mut Desk<'_>, uri: &str) -> Result<Option<(ObjectId, ActorId)>, Refusal> {
    if let Some(post) = posts::find_by_uri(desk.db, uri)? {
        return Ok(Some((ObjectId::Post(post.id), post.author)));
    }
    let comment = comments::find_by_uri(desk.db, uri)?;
    Ok(comment.map(|comment| (ObjectId::Comment(comment.id), comment.author)))
}

/// The caller, who wrote what a local post quotes, allows it or does not.
#[derive(Clone, Debug)]
pub(crate) struct ReceiveQuoteAnswer {
    /// The post that quotes.
    pub(crate) post: PostId,
    /// The stamp; `None`: they do not allow it.
    pub(crate) stamp: Option<String>,
}

impl Operation for ReceiveQuoteAnswer {
    type Output = ();
    const NAME: &'static str = "receive_quote_answer";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let quoted = quotes::find_quoted(desk.db, self.post)?;
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
        quotes::set_stamp(desk.db, self.post, self.stamp.as_deref())?;
        renew(desk, self.post)
    }
}

/// Those who know a post learn by which stamp it quotes now.
pub(super) fn renew(desk: &mut Desk<'_>, id: PostId) -> Result<(), Refusal> {
    let Some(mut post) = posts::find(desk.db, id)?.filter(|post| post.local && !post.hidden())
    else {
        return Ok(());
    };
    // Peers take no Update that is not newer than what they know (federation.md 4.4).
    post.edited_at = Some(
        desk.now
            .max(post.edited_at.unwrap_or(post.published_at).plus_seconds(1)),
    );
    posts::set_content(desk.db, &post)?;
    let group = desk.group(post.group)?;
    let object = ObjectId::Post(id);
    desk.record(Desk::entry_in(
        &group,
        post.author,
        Activity::Updated { object },
        id.0,
    ));
    Ok(())
}
