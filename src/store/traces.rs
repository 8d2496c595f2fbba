//! What matters of a stored post or comment when something is said about it, found by its id.

use diesel::prelude::*;

use super::dialect::on_db;
use super::schema::{comments, posts};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};

/// A stored post or comment, hidden ones too.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trace {
    /// The row.
    pub(crate) id: ObjectId,
    /// Its `ActivityPub` id.
    pub(crate) uri: String,
    /// The thread.
    pub(crate) post: PostId,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// The group of its thread.
    pub(crate) group: ActorId,
    /// When it was last changed by its author's word.
    pub(crate) changed_at: Ts,
    /// Deleted by its author.
    pub(crate) deleted: bool,
}

/// Row, id, thread, author, group, published, edited, deleted.
type Row = (i64, String, i64, i64, i64, i64, Option<i64>, Option<i64>);

fn trace(id: ObjectId, row: Row) -> Trace {
    let (_, uri, post, author, group, published_at, edited_at, deleted_at) = row;
    Trace {
        id,
        uri,
        post: PostId(post),
        author: ActorId(author),
        group: ActorId(group),
        changed_at: Ts(edited_at.unwrap_or(published_at)),
        deleted: deleted_at.is_some(),
    }
}

macro_rules! load_posts {
    ($db:expr, $filter:expr) => {{
        let rows: Vec<Row> = on_db!($db, |c| posts::table
            .filter($filter)
            .select((
                posts::id,
                posts::uri,
                posts::id,
                posts::author_id,
                posts::group_id,
                posts::published_at,
                posts::edited_at,
                posts::deleted_at,
            ))
            .load(c))?;
        rows.into_iter()
            .map(|row| trace(ObjectId::Post(PostId(row.0)), row))
    }};
}

macro_rules! load_comments {
    ($db:expr, $filter:expr) => {{
        let rows: Vec<Row> = on_db!($db, |c| comments::table
            .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
            .filter($filter)
            .select((
                comments::id,
                comments::uri,
                comments::post_id,
                comments::author_id,
                posts::group_id,
                comments::published_at,
                comments::edited_at,
                comments::deleted_at,
            ))
            .load(c))?;
        rows.into_iter()
            .map(|row| trace(ObjectId::Comment(CommentId(row.0)), row))
    }};
}

/// Those of these posts and comments that are stored, by their rows and by their `ActivityPub` ids.
pub(crate) fn list(db: &mut Db, ids: &[ObjectId], uris: &[&str]) -> Res<Vec<Trace>> {
    let (mut of_posts, mut of_comments) = (Vec::new(), Vec::new());
    for id in ids {
        match id {
            ObjectId::Post(id) => of_posts.push(id.0),
            ObjectId::Comment(id) => of_comments.push(id.0),
        }
    }
    let mut found = Vec::with_capacity(ids.len() + uris.len());
    if !of_posts.is_empty() {
        found.extend(load_posts!(db, posts::id.eq_any(&of_posts)));
    }
    if !of_comments.is_empty() {
        found.extend(load_comments!(db, comments::id.eq_any(&of_comments)));
    }
    let mut uris = uris.to_vec();
    if !uris.is_empty() {
        let posts = load_posts!(db, posts::uri.eq_any(&uris));
        let posts: Vec<Trace> = posts.collect();
        uris.retain(|uri| !posts.iter().any(|post| post.uri == *uri));
        found.extend(posts);
    }
    if !uris.is_empty() {
        found.extend(load_comments!(db, comments::uri.eq_any(&uris)));
    }
    Ok(found)
}
