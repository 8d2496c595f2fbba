//! Questions and the answers that helped.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::posts::{PostRow, within_reach};
use super::schema::{actors, instances, posts, questions};
use super::{Db, Res, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::Post;
use crate::domain::question::{Chosen, Of, Question, Which};

type QuestionRow = (i64, Option<i64>, Option<i64>, Option<i64>);

fn question((_, answer, by, at): QuestionRow) -> Question {
    let chosen = answer.zip(by).zip(at);
    Question {
        answer: chosen.map(|((comment, by), at)| Chosen {
            comment: CommentId(comment),
            by: ActorId(by),
            at: Ts(at),
        }),
    }
}

/// A post is a question from now on, if it was none.
pub(crate) fn insert(db: &mut Db, post: PostId) -> Res<()> {
    Both(
        diesel::insert_into(questions::table)
            .values(questions::post_id.eq(post.0))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Where a post stands as a question; `None`: it is none.
pub(crate) fn find(db: &mut Db, post: PostId) -> Res<Option<Question>> {
    Ok(list(db, &[post])?.remove(&post))
}

/// Where those of these posts stand that are questions.
pub(crate) fn list(db: &mut Db, of: &[PostId]) -> Res<HashMap<PostId, Question>> {
    let ids = rounded(of.iter().map(|post| post.0));
    let asked = questions::table.filter(questions::post_id.eq_any(ids));
    let rows: Vec<QuestionRow> = Steady(asked).load(db)?;
    let one = |row: QuestionRow| (PostId(row.0), question(row));
    Ok(rows.into_iter().map(one).collect())
}

/// Notes which answer helped, or that none did.
pub(crate) fn set_answer(db: &mut Db, post: PostId, chosen: Option<Chosen>) -> Res<()> {
    diesel::update(questions::table.find(post.0))
        .set((
            questions::answer_id.eq(chosen.map(|chosen| chosen.comment.0)),
            questions::chosen_by.eq(chosen.map(|chosen| chosen.by.0)),
            questions::chosen_at.eq(chosen.map(|chosen| chosen.at.0)),
        ))
        .execute(db)?;
    Ok(())
}

/// A comment is not the answer any longer, if it was.
pub(crate) fn forget_answer(db: &mut Db, post: PostId, comment: CommentId) -> Res<()> {
    let answered = questions::table
        .find(post.0)
        .filter(questions::answer_id.eq(comment.0));
    diesel::update(answered)
        .set((
            questions::answer_id.eq(None::<i64>),
            questions::chosen_by.eq(None::<i64>),
            questions::chosen_at.eq(None::<i64>),
        ))
        .execute(db)?;
    Ok(())
}

/// Visible questions that the viewer may look into: those without an answer that helped, or those with
/// one.
pub(crate) fn list_posts(
    db: &mut Db,
    viewer: Viewer,
    which: &Which,
    page: PageRequest,
) -> Res<Page<Post>> {
    let query = questions::table
        .inner_join(posts::table.on(posts::id.eq(questions::post_id)))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(within_reach!(super::posts::KEPT_AWAY))
        .limit(i64::from(page.limit) + 1)
        .select(PostRow::as_select())
        .into_boxed();
    let query = if which.open {
        query.filter(questions::answer_id.is_null())
    } else {
        query.filter(questions::answer_id.is_not_null())
    };
    let seen = page.after.map(|cursor| cursor.id);
    let query = if which.oldest_first {
        let query = query.filter(questions::post_id.gt(seen.unwrap_or(i64::MIN)));
        query.order(questions::post_id.asc())
    } else {
        let query = query.filter(questions::post_id.lt(seen.unwrap_or(i64::MAX)));
        query.order(questions::post_id.desc())
    };
    let query = match &which.of {
        Of::All => query,
        Of::Here => {
            let here = actors::table.filter(actors::local.and(actors::kind.eq("Group")));
            query.filter(posts::group_id.eq_any(here.select(actors::id)))
        }
        Of::Groups(groups) => {
            let groups: Vec<i64> = groups.iter().map(|group| group.0).collect();
            query.filter(posts::group_id.eq_any(groups))
        }
    };
    let rows: Vec<PostRow> = query.load(db)?;
    let items = rows.into_iter().map(Post::from).collect();
    Ok(Page::cut(items, page.limit, |post: &Post| Cursor {
        key: 0.0,
        id: post.id.0,
    }))
}
