//! Posts and comments: what is known of one by its id, and its document from its origin.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::names::{Local, Names};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{Db, Res, actors, comments, posts};

use super::super::wire;
use super::Resolver;

/// What matters of a stored post or comment when something is said about it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::federation) struct Known {
    /// The row.
    pub(in crate::federation) id: ObjectId,
    /// The thread.
    pub(in crate::federation) post: PostId,
    /// Who wrote it.
    pub(in crate::federation) author: ActorId,
    /// The group of its thread.
    pub(in crate::federation) group: ActorId,
    /// When it was last changed by its author's word.
    pub(in crate::federation) changed_at: Ts,
    /// Deleted by its author.
    pub(in crate::federation) deleted: bool,
}

/// The post or comment with this id, local or remote, if it is stored.
pub(in crate::federation) fn find_object(
    db: &mut Db,
    names: &Names,
    uri: &str,
) -> Res<Option<Known>> {
    match names.parse(uri) {
        Some(Local::Post(id)) => Ok(posts::find(db, id)?.map(|post| known_post(&post))),
        Some(Local::Comment(id)) => match comments::find(db, id)? {
            Some(comment) => known_comment(db, &comment),
            None => Ok(None),
        },
        _ => match posts::find_by_uri(db, uri)? {
            Some(post) => Ok(Some(known_post(&post))),
            None => match comments::find_by_uri(db, uri)? {
                Some(comment) => known_comment(db, &comment),
                None => Ok(None),
            },
        },
    }
}

/// The same, with the group of its thread.
pub(in crate::federation) fn find_placed(
    db: &mut Db,
    names: &Names,
    uri: &str,
) -> Res<Option<(Known, Actor)>> {
    let Some(known) = find_object(db, names, uri)? else {
        return Ok(None);
    };
    Ok(actors::find(db, known.group)?.map(|group| (known, group)))
}

fn known_post(post: &crate::domain::post::Post) -> Known {
    Known {
        id: ObjectId::Post(post.id),
        post: post.id,
        author: post.author,
        group: post.group,
        changed_at: post.edited_at.unwrap_or(post.published_at),
        deleted: post.deleted_at.is_some(),
    }
}

fn known_comment(db: &mut Db, comment: &crate::domain::comment::Comment) -> Res<Option<Known>> {
    let post = posts::find(db, comment.post)?;
    Ok(post.map(|post| Known {
        id: ObjectId::Comment(comment.id),
        post: post.id,
        author: comment.author,
        group: post.group,
        changed_at: comment.edited_at.unwrap_or(comment.published_at),
        deleted: comment.deleted_at.is_some(),
    }))
}

impl Resolver<'_> {
    /// The post or comment with this id, if it is stored.
    pub(in crate::federation) async fn known_object(
        &self,
        uri: &str,
    ) -> Result<Option<Known>, Refusal> {
        let (uri, names) = (uri.to_owned(), self.federation.operations.names.clone());
        let store = &self.federation.operations.store;
        let found = store.look_up(move |db| find_object(db, &names, &uri)).await;
        found.map_err(Refusal::from)
    }

    /// The object with this id as its origin serves it now; its author lives on its host.
    pub(in crate::federation) async fn object(&self, uri: &str) -> Result<wire::Object, Refusal> {
        let document = self.document(uri).await?;
        read_object(&document)
    }

    /// The same, for what an answer names.
    pub(super) async fn named_object(&self, uri: &str) -> Result<wire::Object, Refusal> {
        read_object(&self.named_document(uri).await?)
    }

    /// The document with this id as its origin serves it now: an object or an activity.
    pub(in crate::federation) async fn thing(
        &self,
        uri: &str,
    ) -> Result<serde_json::Value, Refusal> {
        self.document(uri).await
    }
}

/// Reads an object from a document.
pub(in crate::federation) fn read_object(
    document: &serde_json::Value,
) -> Result<wire::Object, Refusal> {
    let unreadable = |why: String| {
        let sentence = format!("The object is no use: {why}.");
        Refusal::new(Kind::Invalid, "object.unreadable", sentence)
    };
    let object = wire::Object::from_value(document).map_err(|no| unreadable(no.to_string()))?;
    if ActorKind::parse(&object.kind).is_some() {
        return Err(unreadable(format!("it is a {}", object.kind)));
    }
    Ok(object)
}
