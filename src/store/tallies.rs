//! The numbers of posts that change with every answer and vote, and the ranks that follow from them.

use std::collections::BTreeMap;

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double};

use super::dialect::Steady;
use super::posts::{rank, score};
use super::schema::posts;
use super::{Db, Res, late};
use crate::domain::clock::Ts;
use crate::domain::ids::PostId;
use crate::domain::post::hot_rank;

/// What is added to the numbers of a post.
#[derive(Clone, Copy, Default)]
pub(super) struct Change {
    /// Visible comments.
    comments: i64,
    /// When it was last answered, in the order of activity; 0 where that stays.
    active: f64,
    up: i64,
    down: i64,
}

impl Change {
    fn add(&mut self, other: Self) {
        self.comments += other.comments;
        self.active = self.active.max(other.active);
        self.up += other.up;
        self.down += other.down;
    }
}

/// Adds to the number of visible comments; `active` moves the thread up in the active order.
pub(crate) fn add_comments(db: &mut Db, id: PostId, change: i64, active: Option<Ts>) -> Res<()> {
    let active = rank(active.map_or(0, |at| at.0));
    let (comments, rest) = (change, Change::default());
    change_one(
        db,
        id,
        Change {
            comments,
            active,
            ..rest
        },
    )
}

/// Adds to the votes of a post and ranks it anew.
pub(crate) fn add_votes(db: &mut Db, id: PostId, up: i64, down: i64) -> Res<()> {
    let rest = Change::default();
    change_one(db, id, Change { up, down, ..rest })
}

fn change_one(db: &mut Db, id: PostId, change: Change) -> Res<()> {
    let left = late::leave(change, |late, change| {
        late.tallies.entry(id.0).or_default().add(change);
    });
    match left {
        Some(change) => change_all(db, &BTreeMap::from([(id.0, change)])),
        None => Ok(()),
    }
}

/// Adds to the numbers of many posts.
pub(super) fn change_all(db: &mut Db, changes: &BTreeMap<i64, Change>) -> Res<()> {
    let answered = changes
        .iter()
        .filter(|(_, change)| change.comments != 0 || change.active > 0.0);
    let answered: Vec<(i64, Change)> = answered.map(|(id, change)| (*id, *change)).collect();
    if !answered.is_empty() {
        change_comments(db, &answered)?;
    }
    let voted = changes
        .iter()
        .filter(|(_, change)| change.up != 0 || change.down != 0);
    let voted: Vec<i64> = voted.map(|(id, _)| *id).collect();
    if voted.is_empty() {
        return Ok(());
    }
    let ranked = rank_anew(db, &voted, changes)?;
    set_votes(db, &ranked)
}

fn change_comments(db: &mut Db, changes: &[(i64, Change)]) -> Res<()> {
    match db {
        Db::Pg(c) => {
            let (ids, changes): (Vec<i64>, Vec<Change>) = changes.iter().copied().unzip();
            let update = diesel::sql_query(
                "UPDATE posts SET comment_count = comment_count + change.comments, \
                 active_rank = greatest(active_rank, change.active) \
                 FROM unnest($1, $2, $3) AS change (id, comments, active) \
                 WHERE posts.id = change.id",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<BigInt>, _>(changes.iter().map(|c| c.comments).collect::<Vec<_>>())
            .bind::<Array<Double>, _>(changes.iter().map(|c| c.active).collect::<Vec<_>>());
            Steady(update).execute(c)?;
        }
        Db::Sqlite(c) => {
            for (id, change) in changes {
                let newer = change.active.into_sql::<Double>();
                let later = case_when(posts::active_rank.lt(change.active), newer);
                let update = diesel::update(posts::table.find(id)).set((
                    posts::comment_count.eq(posts::comment_count + change.comments),
                    posts::active_rank.eq(later.otherwise(posts::active_rank)),
                ));
                Steady(update).execute(c)?;
            }
        }
    }
    Ok(())
}

/// The votes of a post, and where it stands by them.
struct Ranked {
    id: i64,
    up: i64,
    down: i64,
    score: f64,
    hot: f64,
}

/// What the votes will be; nobody else changes them before that.
fn rank_anew(db: &mut Db, ids: &[i64], changes: &BTreeMap<i64, Change>) -> Res<Vec<Ranked>> {
    let read = posts::table
        .filter(posts::id.eq_any(ids))
        .order(posts::id)
        .select((
            posts::id,
            posts::upvotes,
            posts::downvotes,
            posts::published_at,
        ));
    let rows: Vec<(i64, i64, i64, i64)> = match db {
        Db::Pg(c) => read.for_no_key_update().load(c)?,
        Db::Sqlite(c) => read.load(c)?,
    };
    let ranked = |(id, up, down, at): (i64, i64, i64, i64)| {
        let change = changes.get(&id).copied().unwrap_or_default();
        let (up, down) = (up + change.up, down + change.down);
        Ranked {
            id,
            up,
            down,
            score: score(up, down),
            hot: hot_rank(up, down, Ts(at)),
        }
    };
    Ok(rows.into_iter().map(ranked).collect())
}

fn set_votes(db: &mut Db, ranked: &[Ranked]) -> Res<()> {
    match db {
        Db::Pg(c) => {
            let update = diesel::sql_query(
                "UPDATE posts SET upvotes = ranked.up, downvotes = ranked.down, \
                 score = ranked.score, hot_rank = ranked.hot \
                 FROM unnest($1, $2, $3, $4, $5) AS ranked (id, up, down, score, hot) \
                 WHERE posts.id = ranked.id",
            )
            .bind::<Array<BigInt>, _>(ranked.iter().map(|r| r.id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(ranked.iter().map(|r| r.up).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(ranked.iter().map(|r| r.down).collect::<Vec<_>>())
            .bind::<Array<Double>, _>(ranked.iter().map(|r| r.score).collect::<Vec<_>>())
            .bind::<Array<Double>, _>(ranked.iter().map(|r| r.hot).collect::<Vec<_>>());
            Steady(update).execute(c)?;
        }
        Db::Sqlite(c) => {
            for one in ranked {
                let update = diesel::update(posts::table.find(one.id)).set((
                    posts::upvotes.eq(one.up),
                    posts::downvotes.eq(one.down),
                    posts::score.eq(one.score),
                    posts::hot_rank.eq(one.hot),
                ));
                Steady(update).execute(c)?;
            }
        }
    }
    Ok(())
}
