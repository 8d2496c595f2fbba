//! What members typed into answers and have not sent.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{kept_answers, posts};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::draft::KeptAnswer;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};

type Row = (i64, i64, i64, String, i64);

fn kept(row: Row) -> KeptAnswer {
    let (author, object, post, body, kept_at) = row;
    KeptAnswer {
        author: ActorId(author),
        to: if object == post {
            ObjectId::Post(PostId(post))
        } else {
            ObjectId::Comment(CommentId(object))
        },
        post: PostId(post),
        body,
        kept_at: Ts(kept_at),
    }
}

/// What somebody keeps, the last kept first.
pub(crate) fn list(db: &mut Db, author: ActorId, limit: u32) -> Res<Vec<KeptAnswer>> {
    let rows: Vec<Row> = kept_answers::table
        .filter(kept_answers::author_id.eq(author.0))
        .order((kept_answers::kept_at.desc(), kept_answers::object_id.desc()))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(kept).collect())
}

/// What somebody keeps for one thread, in no order.
pub(crate) fn list_in(db: &mut Db, author: ActorId, post: PostId) -> Res<Vec<KeptAnswer>> {
    let rows: Vec<Row> = kept_answers::table
        .filter(kept_answers::post_id.eq(post.0))
        .filter(kept_answers::author_id.eq(author.0))
        .load(db)?;
    Ok(rows.into_iter().map(kept).collect())
}

/// How many answers somebody keeps to other things than this one.
pub(crate) fn count_others(db: &mut Db, author: ActorId, to: ObjectId) -> Res<i64> {
    Ok(kept_answers::table
        .filter(kept_answers::author_id.eq(author.0))
        .filter(kept_answers::object_id.ne(to.number()))
        .count()
        .get_result(db)?)
}

/// Keeps an answer, in the place of what was kept before.
pub(crate) fn upsert(db: &mut Db, answer: &KeptAnswer) -> Res<()> {
    Both(
        diesel::insert_into(kept_answers::table)
            .values((
                kept_answers::author_id.eq(answer.author.0),
                kept_answers::object_id.eq(answer.to.number()),
                kept_answers::post_id.eq(answer.post.0),
                kept_answers::body.eq(&answer.body),
                kept_answers::kept_at.eq(answer.kept_at.0),
            ))
            .on_conflict((kept_answers::author_id, kept_answers::object_id))
            .do_update()
            .set((
                kept_answers::body.eq(&answer.body),
                kept_answers::kept_at.eq(answer.kept_at.0),
            )),
    )
    .execute(db)?;
    Ok(())
}

/// What somebody kept as the answer to something is kept no longer; whether it was.
pub(crate) fn delete(db: &mut Db, author: ActorId, number: i64) -> Res<bool> {
    Ok(diesel::delete(kept_answers::table.find((author.0, number))).execute(db)? > 0)
}

/// Nothing that somebody typed is kept any longer.
pub(crate) fn delete_of_author(db: &mut Db, author: ActorId) -> Res<()> {
    let own = kept_answers::table.filter(kept_answers::author_id.eq(author.0));
    diesel::delete(own).execute(db)?;
    Ok(())
}

/// Nothing is kept for a thread any longer.
pub(crate) fn delete_in(db: &mut Db, post: PostId) -> Res<()> {
    diesel::delete(kept_answers::table.filter(kept_answers::post_id.eq(post.0))).execute(db)?;
    Ok(())
}

/// Nothing is kept any longer for the threads that somebody began.
pub(crate) fn delete_in_all_of(db: &mut Db, author: ActorId) -> Res<()> {
    let own = posts::table
        .filter(posts::author_id.eq(author.0))
        .select(posts::id);
    diesel::delete(kept_answers::table.filter(kept_answers::post_id.eq_any(own))).execute(db)?;
    Ok(())
}

/// Drops what was kept last before a moment, some at a time; how many they were.
pub(crate) fn delete_before(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let old: Vec<(i64, i64)> = kept_answers::table
        .filter(kept_answers::kept_at.lt(before.0))
        .limit(i64::from(limit))
        .select((kept_answers::author_id, kept_answers::object_id))
        .load(db)?;
    for (author, object) in &old {
        diesel::delete(kept_answers::table.find((author, object))).execute(db)?;
    }
    Ok(old.len())
}
