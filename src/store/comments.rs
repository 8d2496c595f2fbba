//! Comments: rows, threads in reading order, counters.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::dialect::{ROWS, Steady, on_db, rounded};
use super::posts::{attachments_json, attachments_of};
use super::schema::{comments, posts};
use super::{Db, Res, blocks, late, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::comment::{Comment, PATH_STEP};
use crate::domain::ids::{ActorId, CommentId, PostId, Uri};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = comments, treat_none_as_default_value = false)]
pub(super) struct CommentRow {
    id: i64,
    uri: String,
    url: String,
    post_id: i64,
    parent_id: Option<i64>,
    author_id: i64,
    depth: i32,
    path: String,
    source: Option<String>,
    html: String,
    language: Option<String>,
    published_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
    removed_at: Option<i64>,
    removal_reason: Option<String>,
    upvotes: i64,
    downvotes: i64,
    distinguished: bool,
    local: bool,
    locked: bool,
    sensitive: bool,
    warning: Option<String>,
    attachments: String,
}

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        Self {
            id: CommentId(row.id),
            uri: Uri::trusted(row.uri),
            url: row.url,
            post: PostId(row.post_id),
            parent: row.parent_id.map(CommentId),
            author: ActorId(row.author_id),
            depth: row.depth,
            path: row.path,
            source: row.source,
            html: row.html,
            language: row.language,
            published_at: Ts(row.published_at),
            edited_at: row.edited_at.map(Ts),
            deleted_at: row.deleted_at.map(Ts),
            removed_at: row.removed_at.map(Ts),
            removal_reason: row.removal_reason,
            upvotes: row.upvotes,
            downvotes: row.downvotes,
            distinguished: row.distinguished,
            locked: row.locked,
            local: row.local,
            sensitive: row.sensitive,
            warning: row.warning,
            attachments: attachments_of(&row.attachments),
        }
    }
}

impl From<&Comment> for CommentRow {
    fn from(comment: &Comment) -> Self {
        let comment = comment.clone();
        Self {
            id: comment.id.0,
            uri: comment.uri.as_str().to_owned(),
            url: comment.url,
            post_id: comment.post.0,
            parent_id: comment.parent.map(|id| id.0),
            author_id: comment.author.0,
            depth: comment.depth,
            path: comment.path,
            source: comment.source,
            html: comment.html,
            language: comment.language,
            published_at: comment.published_at.0,
            edited_at: comment.edited_at.map(|at| at.0),
            deleted_at: comment.deleted_at.map(|at| at.0),
            removed_at: comment.removed_at.map(|at| at.0),
            removal_reason: comment.removal_reason,
            upvotes: comment.upvotes,
            downvotes: comment.downvotes,
            distinguished: comment.distinguished,
            locked: comment.locked,
            local: comment.local,
            sensitive: comment.sensitive,
            warning: comment.warning,
            attachments: attachments_json(&comment.attachments),
        }
    }
}

/// The comment of a row, hidden ones too.
pub(crate) fn find(db: &mut Db, id: CommentId) -> Res<Option<Comment>> {
    if late::holds(|late| late.comments.iter().any(|row| row.id == id.0)) {
        late::settle(db)?;
    }
    let row: Option<CommentRow> = on_db!(db, |c| comments::table.find(id.0).first(c)).optional()?;
    Ok(row.map(Comment::from))
}

/// The comment with this ActivityPub id, hidden ones too.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Comment>> {
    if late::holds(|late| late.comments.iter().any(|row| row.uri == uri)) {
        late::settle(db)?;
    }
    let row: Option<CommentRow> = on_db!(db, |c| comments::table
        .filter(comments::uri.eq(uri))
        .first(c))
    .optional()?;
    Ok(row.map(Comment::from))
}

/// The comment of a row, hidden ones too, if a viewer may look into the group of its thread.
pub(crate) fn find_for(db: &mut Db, viewer: Viewer, id: CommentId) -> Res<Option<Comment>> {
    let row: Option<CommentRow> = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(comments::id.eq(id.0))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .select(CommentRow::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(Comment::from))
}

/// All of these comments that a viewer may look into and wants to see, in no order.
pub(crate) fn list_for(db: &mut Db, viewer: Viewer, ids: &[CommentId]) -> Res<Vec<Comment>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<CommentRow> = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(comments::id.eq_any(ids))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(comments::author_id, viewer))
        .select(CommentRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// The comments of these ids that are there, in threads that are there, and that a viewer may and
/// wants to see.
pub(crate) fn list_by_uris_for(db: &mut Db, viewer: Viewer, uris: &[&str]) -> Res<Vec<Comment>> {
    let rows: Vec<CommentRow> = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(comments::uri.eq_any(uris))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null())
        .filter(posts::deleted_at.is_null())
        .filter(posts::removed_at.is_null())
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(comments::author_id, viewer))
        .select(CommentRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// All of these comments, in no order.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[CommentId]) -> Res<Vec<Comment>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let some = rounded(some.iter().map(|id| id.0));
        let rows: Vec<CommentRow> =
            Steady(comments::table.filter(comments::id.eq_any(some))).load(db)?;
        found.extend(rows.into_iter().map(Comment::from));
    }
    Ok(found)
}

/// The comments of a thread in reading order, hidden ones too, after a place in it.
pub(crate) fn list_thread(
    db: &mut Db,
    post: PostId,
    after: Option<&str>,
    limit: u32,
) -> Res<Vec<Comment>> {
    let mut query = comments::table
        .filter(comments::post_id.eq(post.0))
        .order(comments::path)
        .limit(i64::from(limit))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(comments::path.gt(after.to_owned()));
    }
    let rows: Vec<CommentRow> = query.load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// The visible comments of a thread in the order in which they were written, after a place in it.
pub(crate) fn list_chronological(
    db: &mut Db,
    post: PostId,
    after: Option<(Ts, CommentId)>,
    limit: u32,
) -> Res<Vec<Comment>> {
    let mut query = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null())
        .order((comments::published_at, comments::id))
        .limit(i64::from(limit))
        .into_boxed();
    if let Some((at, id)) = after {
        let same = comments::published_at.eq(at.0).and(comments::id.gt(id.0));
        query = query.filter(comments::published_at.gt(at.0).or(same));
    }
    let rows: Vec<CommentRow> = query.load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// The newest visible comments of a thread, the newest first.
pub(crate) fn list_newest(db: &mut Db, post: PostId, limit: u32) -> Res<Vec<Comment>> {
    let rows: Vec<CommentRow> = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null())
        .order((comments::published_at.desc(), comments::id.desc()))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// How many visible direct answers a post or comment has.
pub(crate) fn count_answers(db: &mut Db, post: PostId, parent: Option<CommentId>) -> Res<i64> {
    let visible = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null());
    Ok(match parent {
        Some(parent) => visible
            .filter(comments::parent_id.eq(parent.0))
            .count()
            .get_result(db)?,
        None => visible
            .filter(comments::parent_id.is_null())
            .count()
            .get_result(db)?,
    })
}

/// The visible direct answers to a post or a comment after a place in the thread, oldest first.
pub(crate) fn list_answers(
    db: &mut Db,
    post: PostId,
    parent: Option<CommentId>,
    after: Option<&str>,
    limit: u32,
) -> Res<Vec<Comment>> {
    let mut query = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(
            comments::deleted_at
                .is_null()
                .and(comments::removed_at.is_null()),
        )
        .order(comments::path)
        .limit(i64::from(limit))
        .into_boxed();
    query = match parent {
        Some(parent) => query.filter(comments::parent_id.eq(parent.0)),
        None => query.filter(comments::parent_id.is_null()),
    };
    if let Some(after) = after {
        query = query.filter(comments::path.gt(after.to_owned()));
    }
    let rows: Vec<CommentRow> = query.load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// The visible comments of an author in groups that the viewer may look into, newest first,
/// before an id; none of somebody whom the viewer does not want to see.
pub(crate) fn list_of_author(
    db: &mut Db,
    viewer: Viewer,
    author: ActorId,
    before: Option<i64>,
    limit: u32,
) -> Res<Vec<Comment>> {
    let rows: Vec<CommentRow> = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(
            comments::author_id
                .eq(author.0)
                .and(comments::id.lt(before.unwrap_or(i64::MAX))),
        )
        .filter(
            comments::deleted_at
                .is_null()
                .and(comments::removed_at.is_null()),
        )
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(comments::author_id, viewer))
        .order(comments::id.desc())
        .limit(i64::from(limit))
        .select(CommentRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Comment::from).collect())
}

/// Stores a new comment; `false` if there is one with its ActivityPub id.
pub(crate) fn insert(db: &mut Db, comment: &Comment) -> Res<bool> {
    let row = CommentRow::from(comment);
    if late::holds(|late| late.comments.iter().any(|left| left.uri == row.uri)) {
        late::settle(db)?;
    }
    match late::leave(row, |late, row| late.comments.push(row)) {
        Some(row) => Ok(insert_one(db, &row)? > 0),
        None => Ok(true),
    }
}

/// Stores new comments; how many there were not before.
pub(super) fn insert_all(db: &mut Db, rows: &[CommentRow]) -> Res<usize> {
    if let Db::Pg(c) = db
        && rows.len() > 1
    {
        let insert = |part| {
            let insert = diesel::insert_into(comments::table).values(part);
            Steady(insert.on_conflict(comments::uri).do_nothing()).execute(c)
        };
        return Ok(rows.chunks(ROWS).map(insert).sum::<Result<_, _>>()?);
    }
    rows.iter().map(|row| insert_one(db, row)).sum()
}

fn insert_one(db: &mut Db, row: &CommentRow) -> Res<usize> {
    let insert = diesel::insert_into(comments::table)
        .values(row)
        .on_conflict(comments::uri)
        .do_nothing();
    Ok(on_db!(db, |c| insert.execute(c))?)
}

/// Replaces what an author can change.
pub(crate) fn set_content(db: &mut Db, comment: &Comment) -> Res<()> {
    let row = CommentRow::from(comment);
    diesel::update(comments::table.find(row.id))
        .set((
            comments::source.eq(row.source),
            comments::html.eq(row.html),
            comments::language.eq(row.language),
            comments::edited_at.eq(row.edited_at),
            comments::sensitive.eq(row.sensitive),
            comments::warning.eq(row.warning),
            comments::attachments.eq(row.attachments),
        ))
        .execute(db)?;
    Ok(())
}

/// Marks a comment deleted by its author, or takes that back.
pub(crate) fn set_deleted(db: &mut Db, id: CommentId, at: Option<Ts>) -> Res<()> {
    diesel::update(comments::table.find(id.0))
        .set(comments::deleted_at.eq(at.map(|at| at.0)))
        .execute(db)?;
    Ok(())
}

/// Marks everything that somebody answered deleted; gives back how many of them could be read in
/// each thread.
pub(crate) fn set_all_deleted(db: &mut Db, author: ActorId, now: Ts) -> Res<Vec<(PostId, i64)>> {
    let there = || {
        comments::table
            .filter(comments::author_id.eq(author.0))
            .filter(comments::deleted_at.is_null())
    };
    let counted: Vec<(i64, i64)> = there()
        .filter(comments::removed_at.is_null())
        .group_by(comments::post_id)
        .select((comments::post_id, diesel::dsl::count_star()))
        .load(db)?;
    diesel::update(there())
        .set(comments::deleted_at.eq(Some(now.0)))
        .execute(db)?;
    let counted = counted.into_iter();
    Ok(counted.map(|(post, gone)| (PostId(post), gone)).collect())
}

/// Marks a comment removed by a moderator, or takes that back.
pub(crate) fn set_removed(
    db: &mut Db,
    id: CommentId,
    at: Option<Ts>,
    reason: Option<&str>,
) -> Res<()> {
    diesel::update(comments::table.find(id.0))
        .set((
            comments::removed_at.eq(at.map(|at| at.0)),
            comments::removal_reason.eq(reason),
        ))
        .execute(db)?;
    Ok(())
}

/// Takes answers to a comment, or no more.
pub(crate) fn set_locked(db: &mut Db, id: CommentId, locked: bool) -> Res<()> {
    diesel::update(comments::table.find(id.0))
        .set(comments::locked.eq(locked))
        .execute(db)?;
    Ok(())
}

/// Whether a comment, or one above it, takes no more answers.
pub(crate) fn is_locked(db: &mut Db, comment: &Comment) -> Res<bool> {
    let above =
        (1..=comment.path.len() / PATH_STEP).filter_map(|n| comment.path.get(..n * PATH_STEP));
    let locked = comments::table
        .filter(comments::post_id.eq(comment.post.0))
        .filter(comments::path.eq_any(above.collect::<Vec<_>>()))
        .filter(comments::locked.eq(true));
    Ok(diesel::select(exists(locked)).get_result(db)?)
}

/// A comment and all answers below it that are there to be read.
pub(crate) fn list_ids_below(db: &mut Db, comment: &Comment) -> Res<Vec<CommentId>> {
    let rows: Vec<i64> = comments::table
        .filter(comments::post_id.eq(comment.post.0))
        .filter(comments::path.like(format!("{}%", comment.path)))
        .filter(comments::removed_at.is_null())
        .order(comments::path)
        .select(comments::id)
        .load(db)?;
    Ok(rows.into_iter().map(CommentId).collect())
}

/// All comments of a thread that are there to be read.
pub(crate) fn list_ids_of_post(db: &mut Db, post: PostId) -> Res<Vec<CommentId>> {
    let rows: Vec<i64> = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(comments::removed_at.is_null())
        .order(comments::path)
        .select(comments::id)
        .load(db)?;
    Ok(rows.into_iter().map(CommentId).collect())
}

/// Adds to the votes of a comment.
pub(crate) fn add_votes(db: &mut Db, id: CommentId, up: i64, down: i64) -> Res<()> {
    diesel::update(comments::table.find(id.0))
        .set((
            comments::upvotes.eq(comments::upvotes + up),
            comments::downvotes.eq(comments::downvotes + down),
        ))
        .execute(db)?;
    Ok(())
}

/// The visible comments of an author in one group (or everywhere): what a ban may remove.
pub(crate) fn list_ids_of_author(
    db: &mut Db,
    author: ActorId,
    group: Option<ActorId>,
    limit: u32,
) -> Res<Vec<CommentId>> {
    let mut query = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(
            comments::author_id
                .eq(author.0)
                .and(comments::removed_at.is_null()),
        )
        .filter(comments::deleted_at.is_null())
        .order(comments::id.desc())
        .limit(i64::from(limit))
        .select(comments::id)
        .into_boxed();
    if let Some(group) = group {
        query = query.filter(posts::group_id.eq(group.0));
    }
    Ok(query.load::<i64>(db)?.into_iter().map(CommentId).collect())
}

/// How many comments were written here and are not deleted.
pub(crate) fn count_local(db: &mut Db) -> Res<i64> {
    Ok(comments::table
        .filter(comments::local.eq(true).and(comments::deleted_at.is_null()))
        .count()
        .get_result(db)?)
}
