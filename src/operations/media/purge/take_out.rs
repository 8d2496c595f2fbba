//! Takes pictures out of whatever shows them: posts, comments, drafts, people, groups.

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::comment::Comment;
use crate::domain::draft::Draft;
use crate::domain::ids::{ActorId, CommentId, DraftId, ObjectId, PostId};
use crate::domain::post::{Attachment, Extra, HeldPost, Post};
use crate::domain::refusal::Refusal;
use crate::operations::comment::UpdateComment;
use crate::operations::markup::{Edit, Markup};
use crate::operations::media::SetPictures;
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::{Desk, Operation};
use crate::store::{actors, comments, drafts, held, posts};

/// What showed a picture.
pub(super) struct Shown {
    /// The post or comment; `None`: something that nobody else reads.
    pub(super) object: Option<ObjectId>,
    /// The group in which it stands.
    pub(super) group: Option<ActorId>,
    /// Whose it is.
    pub(super) author: ActorId,
}

/// Takes the pictures at these addresses out of what has this number; `None` if nothing has it. What
/// was written here is changed as if its author did it, so that others hear of it.
pub(super) fn take_out(
    desk: &mut Desk<'_>,
    place: i64,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Option<Shown>, Refusal> {
    if let Some(post) = posts::find(desk.db, PostId(place))? {
        return of_post(desk, post, goes).map(Some);
    }
    if let Some(comment) = comments::find(desk.db, CommentId(place))? {
        return of_comment(desk, comment, goes).map(Some);
    }
    if let Some(waiting) = held::find(desk.db, PostId(place))? {
        return of_held(desk, waiting, goes).map(Some);
    }
    if let Some(draft) = drafts::find(desk.db, DraftId(place))? {
        return of_draft(desk, draft, goes).map(Some);
    }
    match actors::find(desk.db, ActorId(place))? {
        Some(actor) => of_actor(desk, &actor, goes).map(Some),
        None => Ok(None),
    }
}

/// What is left of these.
fn left(attachments: &[Attachment], goes: &dyn Fn(&str) -> bool) -> Vec<Attachment> {
    let stays = attachments.iter().filter(|one| !goes(&one.url));
    stays.cloned().collect()
}

/// Does it as the hub itself, whoever is behind the call.
fn as_the_hub(desk: &mut Desk<'_>, operation: &impl Operation<Output = ()>) -> Result<(), Refusal> {
    let caller = std::mem::replace(&mut desk.caller, Caller::System);
    let done = operation.perform(desk);
    desk.caller = caller;
    done
}

fn of_post(
    desk: &mut Desk<'_>,
    mut post: Post,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Shown, Refusal> {
    let shown = Shown {
        object: Some(ObjectId::Post(post.id)),
        group: Some(post.group),
        author: post.author,
    };
    let left = left(&post.attachments, goes);
    if left.len() == post.attachments.len() {
        return Ok(shown);
    }
    if !post.local || post.hidden() {
        post.attachments = left;
        posts::set_content(desk.db, &post)?;
        return Ok(shown);
    }
    let update = UpdatePost {
        post: post.id,
        title: None,
        body: None,
        link_url: None,
        language: None,
        sensitive: None,
        warning: None,
        attachments: Some(left),
        extra: Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    };
    as_the_hub(desk, &update)?;
    Ok(shown)
}

fn of_comment(
    desk: &mut Desk<'_>,
    mut comment: Comment,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Shown, Refusal> {
    let group = posts::find(desk.db, comment.post)?.map(|post| post.group);
    let shown = Shown {
        object: Some(ObjectId::Comment(comment.id)),
        group,
        author: comment.author,
    };
    let left = left(&comment.attachments, goes);
    if left.len() == comment.attachments.len() {
        return Ok(shown);
    }
    let Some(source) = comment
        .source
        .clone()
        .filter(|_| comment.local && !comment.hidden())
    else {
        comment.attachments = left;
        comments::set_content(desk.db, &comment)?;
        return Ok(shown);
    };
    let update = UpdateComment {
        comment: comment.id,
        body: Markup::Markdown(source),
        language: None,
        sensitive: None,
        warning: None,
        attachments: Some(left),
        edit: Edit::Local,
    };
    as_the_hub(desk, &update)?;
    Ok(shown)
}

/// A post that waits is posted later as it was written: without these pictures, too.
fn of_held(
    desk: &mut Desk<'_>,
    mut waiting: HeldPost,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Shown, Refusal> {
    let mut create: CreatePost = serde_json::from_str(&waiting.draft).map_err(Refusal::fault)?;
    create.attachments = left(&create.attachments, goes);
    waiting.draft = serde_json::to_string(&create).map_err(Refusal::fault)?;
    waiting.attachments = left(&waiting.attachments, goes);
    held::upsert(desk.db, &waiting)?;
    Ok(Shown {
        object: None,
        group: Some(waiting.group),
        author: waiting.author,
    })
}

fn of_draft(
    desk: &mut Desk<'_>,
    mut draft: Draft,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Shown, Refusal> {
    draft.content.attachments = left(&draft.content.attachments, goes);
    drafts::upsert(desk.db, &draft)?;
    Ok(Shown {
        object: None,
        group: None,
        author: draft.author,
    })
}

fn of_actor(
    desk: &mut Desk<'_>,
    actor: &Actor,
    goes: &dyn Fn(&str) -> bool,
) -> Result<Shown, Refusal> {
    let taken = |url: &Option<String>| url.as_deref().is_some_and(goes).then_some(None);
    let set = SetPictures {
        actor: actor.id,
        icon: taken(&actor.icon_url),
        image: taken(&actor.image_url),
    };
    if actor.local && actor.deleted_at.is_none() {
        as_the_hub(desk, &set)?;
    }
    Ok(Shown {
        object: None,
        group: None,
        author: actor.id,
    })
}
