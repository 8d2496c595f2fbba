//! How members want to hear of what happens, when they get their next digest, and how far those who
//! tell them have come.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{accounts, digests, marks, wishes};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::domain::news::{ByMail, Topic, Wish};
use crate::settings::DigestRhythm;

/// What a member chose, by topic; what is missing they did not choose.
pub(crate) fn list_of(db: &mut Db, actor: ActorId) -> Res<Vec<(Topic, Wish)>> {
    let rows: Vec<(String, String, bool)> = wishes::table
        .filter(wishes::actor_id.eq(actor.0))
        .select((wishes::topic, wishes::mail, wishes::push))
        .load(db)?;
    let wish = |(topic, mail, push): (String, String, bool)| {
        let mail = ByMail::parse(&mail)?;
        Some((Topic::parse(&topic)?, Wish { mail, push }))
    };
    Ok(rows.into_iter().filter_map(wish).collect())
}

/// Notes how a member wants to hear of a topic.
pub(crate) fn set(db: &mut Db, actor: ActorId, topic: Topic, wish: Wish) -> Res<()> {
    let chosen = (
        wishes::mail.eq(wish.mail.as_str()),
        wishes::push.eq(wish.push),
    );
    let (of, about) = (
        wishes::actor_id.eq(actor.0),
        wishes::topic.eq(topic.as_str()),
    );
    Both(
        diesel::insert_into(wishes::table)
            .values((of, about, chosen))
            .on_conflict((wishes::actor_id, wishes::topic))
            .do_update()
            .set(chosen),
    )
    .execute(db)?;
    Ok(())
}

/// A member's next digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    /// Whose.
    pub(crate) actor: ActorId,
    /// How often they want it; `None`: they did not choose.
    pub(crate) rhythm: Option<DigestRhythm>,
    /// What happened before was told.
    pub(crate) since: Ts,
    /// When it is due.
    pub(crate) due_at: Ts,
}

type DigestRow = (i64, Option<String>, i64, i64);

fn digest((actor, rhythm, since, due_at): DigestRow) -> Digest {
    Digest {
        actor: ActorId(actor),
        rhythm: rhythm.as_deref().and_then(DigestRhythm::parse),
        since: Ts(since),
        due_at: Ts(due_at),
    }
}

/// The next digest of a member, if it was ever thought of.
pub(crate) fn find_digest(db: &mut Db, actor: ActorId) -> Res<Option<Digest>> {
    let row: Option<DigestRow> = digests::table.find(actor.0).first(db).optional()?;
    Ok(row.map(digest))
}

/// The digests that are due, those that are due longest first.
pub(crate) fn list_due_digests(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<Digest>> {
    let rows: Vec<DigestRow> = digests::table
        .filter(digests::due_at.le(now.0))
        .order((digests::due_at, digests::actor_id))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(digest).collect())
}

/// Notes a member's next digest.
pub(crate) fn set_digest(db: &mut Db, next: Digest) -> Res<()> {
    let row = (
        digests::rhythm.eq(next.rhythm.map(DigestRhythm::as_str)),
        digests::since.eq(next.since.0),
        digests::due_at.eq(next.due_at.0),
    );
    Both(
        diesel::insert_into(digests::table)
            .values((digests::actor_id.eq(next.actor.0), row))
            .on_conflict(digests::actor_id)
            .do_update()
            .set(row),
    )
    .execute(db)?;
    Ok(())
}

/// Members of whose digest nobody thought yet.
pub(crate) fn list_without_digest(db: &mut Db, limit: u32) -> Res<Vec<ActorId>> {
    let rows: Vec<i64> = accounts::table
        .left_join(digests::table.on(digests::actor_id.eq(accounts::actor_id)))
        .filter(accounts::standing.eq(Standing::Active.as_str()))
        .filter(digests::actor_id.nullable().is_null())
        .order(accounts::actor_id)
        .limit(i64::from(limit))
        .select(accounts::actor_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// How far a worker has come.
pub(crate) fn find_mark(db: &mut Db, name: &str) -> Res<Option<i64>> {
    Ok(marks::table
        .find(name)
        .select(marks::value)
        .first(db)
        .optional()?)
}

/// Notes how far a worker has come.
pub(crate) fn set_mark(db: &mut Db, name: &str, value: i64) -> Res<()> {
    Both(
        diesel::insert_into(marks::table)
            .values((marks::name.eq(name), marks::value.eq(value)))
            .on_conflict(marks::name)
            .do_update()
            .set(marks::value.eq(value)),
    )
    .execute(db)?;
    Ok(())
}
