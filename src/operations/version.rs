//! Versions of texts: a change is made of the newest, and what texts said before is kept for a while.

use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::post::Post;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::versions::{self, Version};

use super::{Desk, Operation};

/// The most earlier versions of one text.
const MOST: u32 = 50;

/// An author changes the version that they read, and no later one (security.md H188).
#[derive(Clone, Debug)]
pub(crate) struct ChangeVersion<O> {
    /// What is changed.
    pub(crate) object: ObjectId,
    /// The version, by [`name`]; `None`: whichever is there.
    pub(crate) version: Option<String>,
    /// The change.
    pub(crate) change: O,
}

impl<O: Operation> Operation for ChangeVersion<O> {
    type Output = O::Output;
    const NAME: &'static str = O::NAME;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<O::Output, Refusal> {
        if let Some(version) = &self.version {
            let subject = desk.subject(self.object)?;
            policy::require_author(desk.caller, subject.author)?;
            let (edited_at, published_at) = match &subject.comment {
                Some(comment) => (comment.edited_at, comment.published_at),
                None => (subject.post.edited_at, subject.post.published_at),
            };
            if *version != name(edited_at, published_at) {
                return Err(Refusal::new(
                    Kind::Conflict,
                    "edit.conflict",
                    "This was changed meanwhile, in another window or by a program. Nothing of \
                     yours is lost: please look at both and save again.",
                ));
            }
        }
        self.change.perform(desk)
    }
}

/// The name of the version of a text that was changed and published then. No two changes of one
/// text are made in the same second.
pub(crate) fn name(edited_at: Option<Ts>, published_at: Ts) -> String {
    edited_at.unwrap_or(published_at).rfc3339()
}

/// Keeps what a post said, if the change changes that.
pub(super) fn keep_post(desk: &mut Desk<'_>, before: &Post, after: &Post) -> Result<(), Refusal> {
    if before.title == after.title && before.html == after.html {
        return Ok(());
    }
    let version = Version {
        written_at: before.edited_at.unwrap_or(before.published_at),
        title: before.title.clone(),
        source: before.source.clone(),
        html: before.html.clone(),
    };
    keep(desk, ObjectId::Post(before.id), &version)
}

/// Keeps what a comment said, if the change changes that.
pub(super) fn keep_comment(
    desk: &mut Desk<'_>,
    before: &Comment,
    after: &Comment,
) -> Result<(), Refusal> {
    if before.html == after.html {
        return Ok(());
    }
    let version = Version {
        written_at: before.edited_at.unwrap_or(before.published_at),
        title: String::new(),
        source: before.source.clone(),
        html: before.html.clone(),
    };
    keep(desk, ObjectId::Comment(before.id), &version)
}

fn keep(desk: &mut Desk<'_>, object: ObjectId, version: &Version) -> Result<(), Refusal> {
    versions::insert(desk.db, object, version, desk.now)?;
    Ok(versions::keep_newest(desk.db, object, MOST)?)
}
