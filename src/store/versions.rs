//! Earlier versions of posts and comments.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{comments, posts, versions};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};

/// What a text said before it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// When it was written.
    pub(crate) written_at: Ts,
    /// The title; empty for comments.
    pub(crate) title: String,
    /// The Markdown source; `None` where a peer sent none.
    pub(crate) source: Option<String>,
    /// Safe HTML.
    pub(crate) html: String,
}

/// Keeps what a text says before it is replaced.
pub(crate) fn insert(db: &mut Db, object: ObjectId, version: &Version, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(versions::table)
            .values((
                versions::object_id.eq(object.number()),
                versions::written_at.eq(version.written_at.0),
                versions::title.eq(&version.title),
                versions::source.eq(version.source.as_deref()),
                versions::html.eq(&version.html),
                versions::replaced_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// The earlier versions of a text, the newest first.
pub(crate) fn list(db: &mut Db, object: ObjectId, limit: u32) -> Res<Vec<Version>> {
    type Row = (i64, String, Option<String>, String);
    let rows: Vec<Row> = versions::table
        .filter(versions::object_id.eq(object.number()))
        .order(versions::written_at.desc())
        .limit(i64::from(limit))
        .select((
            versions::written_at,
            versions::title,
            versions::source,
            versions::html,
        ))
        .load(db)?;
    let version = |(written_at, title, source, html): Row| Version {
        written_at: Ts(written_at),
        title,
        source,
        html,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// Forgets all but the newest of what a text said before.
pub(crate) fn keep_newest(db: &mut Db, object: ObjectId, keep: u32) -> Res<()> {
    let last: Option<i64> = versions::table
        .filter(versions::object_id.eq(object.number()))
        .order(versions::written_at.desc())
        .offset(i64::from(keep))
        .select(versions::written_at)
        .first(db)
        .optional()?;
    if let Some(last) = last {
        let old = versions::table
            .filter(versions::object_id.eq(object.number()))
            .filter(versions::written_at.le(last));
        diesel::delete(old).execute(db)?;
    }
    Ok(())
}

/// Forgets what somebody's texts said before.
pub(crate) fn delete_of_author(db: &mut Db, author: ActorId) -> Res<()> {
    let own_posts = posts::table
        .filter(posts::author_id.eq(author.0))
        .select(posts::id);
    let own_comments = comments::table
        .filter(comments::author_id.eq(author.0))
        .select(comments::id);
    diesel::delete(versions::table.filter(versions::object_id.eq_any(own_posts))).execute(db)?;
    diesel::delete(versions::table.filter(versions::object_id.eq_any(own_comments))).execute(db)?;
    Ok(())
}

/// Drops what was replaced before a moment, some at a time; how many they were.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<(i64, i64)> = versions::table
        .filter(versions::replaced_at.lt(before.0))
        .limit(i64::from(limit))
        .select((versions::object_id, versions::written_at))
        .load(db)?;
    for (object, written_at) in &old {
        diesel::delete(versions::table.find((object, written_at))).execute(db)?;
    }
    Ok(old.len())
}
