//! A post as it is shown: with its author, its group and the viewer's own vote.

use crate::domain::actor::Actor;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::page::Page;
use crate::domain::post::Post;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{Db, Res, actors, comments, posts, votes};

/// A post with what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PostCard {
    /// The post.
    pub(crate) post: Post,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// Where.
    pub(crate) group: Actor,
    /// The viewer's vote: 1, 0 or -1.
    pub(crate) my_vote: i16,
}

/// A comment with what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CommentCard {
    /// The comment.
    pub(crate) comment: Comment,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// The viewer's vote: 1, 0 or -1.
    pub(crate) my_vote: i16,
}

/// One post, hidden ones too; the faces decide what of those they show.
///
/// # Errors
/// If there is none.
pub(crate) fn card(db: &mut Db, viewer: Option<ActorId>, id: PostId) -> Result<PostCard, Refusal> {
    let post = posts::find(db, id)?
        .ok_or_else(|| Refusal::not_found("post.not_found", "There is no such post."))?;
    let page = Page {
        items: vec![post],
        next: None,
    };
    let mut cards = cards(db, viewer, page)?.items;
    cards
        .pop()
        .ok_or_else(|| Refusal::not_found("post.not_found", "There is no such post."))
}

/// The same, but a post that was deleted or removed is [`Kind::Gone`].
///
/// # Errors
/// If there is none, or it is no longer there.
pub(crate) fn visible_card(
    db: &mut Db,
    viewer: Option<ActorId>,
    id: PostId,
) -> Result<PostCard, Refusal> {
    let card = card(db, viewer, id)?;
    if card.post.hidden() {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    Ok(card)
}

/// One comment, hidden ones too.
///
/// # Errors
/// If there is none.
pub(crate) fn comment(
    db: &mut Db,
    viewer: Option<ActorId>,
    id: CommentId,
) -> Result<CommentCard, Refusal> {
    let missing = || Refusal::not_found("comment.not_found", "There is no such comment.");
    let comment = comments::find(db, id)?.ok_or_else(missing)?;
    comment_cards(db, viewer, vec![comment])?
        .pop()
        .ok_or_else(missing)
}

/// The post or comment with this ActivityPub id, if it can be seen.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<ObjectId>> {
    if let Some(post) = posts::find_by_uri(db, uri)? {
        return Ok((!post.hidden()).then_some(ObjectId::Post(post.id)));
    }
    let comment = comments::find_by_uri(db, uri)?;
    Ok(comment
        .filter(|comment| !comment.hidden())
        .map(|comment| ObjectId::Comment(comment.id)))
}

/// Posts with their authors, groups and the viewer's votes: three queries, however many.
pub(crate) fn cards(db: &mut Db, viewer: Option<ActorId>, page: Page<Post>) -> Res<Page<PostCard>> {
    let mut ids: Vec<ActorId> = page
        .items
        .iter()
        .flat_map(|post| [post.author, post.group])
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let people = Lookup::of(actors::list_by_ids(db, &ids)?);
    let numbers: Vec<i64> = page.items.iter().map(|post| post.id.0).collect();
    let mine = my_votes(db, viewer, &numbers)?;
    let next = page.next;
    let items = page
        .items
        .into_iter()
        .filter_map(|post| {
            Some(PostCard {
                author: people.find(post.author)?,
                group: people.find(post.group)?,
                my_vote: vote_on(&mine, post.id.0),
                post,
            })
        })
        .collect();
    Ok(Page { items, next })
}

/// Comments with their authors and the viewer's votes: two queries, however many.
pub(super) fn comment_cards(
    db: &mut Db,
    viewer: Option<ActorId>,
    comments: Vec<Comment>,
) -> Res<Vec<CommentCard>> {
    let mut ids: Vec<ActorId> = comments.iter().map(|comment| comment.author).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = Lookup::of(actors::list_by_ids(db, &ids)?);
    let numbers: Vec<i64> = comments.iter().map(|comment| comment.id.0).collect();
    let mine = my_votes(db, viewer, &numbers)?;
    let card = |comment: Comment| {
        Some(CommentCard {
            author: people.find(comment.author)?,
            my_vote: vote_on(&mine, comment.id.0),
            comment,
        })
    };
    Ok(comments.into_iter().filter_map(card).collect())
}

struct Lookup(std::collections::HashMap<ActorId, Actor>);

impl Lookup {
    fn of(actors: Vec<Actor>) -> Self {
        Self(actors.into_iter().map(|actor| (actor.id, actor)).collect())
    }

    fn find(&self, id: ActorId) -> Option<Actor> {
        self.0.get(&id).cloned()
    }
}

fn my_votes(
    db: &mut Db,
    viewer: Option<ActorId>,
    objects: &[i64],
) -> Res<std::collections::HashMap<i64, i16>> {
    match viewer {
        Some(viewer) => Ok(votes::list_of(db, viewer, objects)?.into_iter().collect()),
        None => Ok(std::collections::HashMap::new()),
    }
}

fn vote_on(mine: &std::collections::HashMap<i64, i16>, object: i64) -> i16 {
    mine.get(&object).copied().unwrap_or(0)
}
