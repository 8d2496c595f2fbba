//! What members do not want to read: words, and posts in languages other than theirs.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{filters, reading_languages};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::filter::{Effect, Filter};
use crate::domain::ids::{ActorId, FilterId};

/// Whether a post is in a language that a person reads: a filter for queries of posts. Who named no
/// languages reads all, and what is in no known language is for everybody.
macro_rules! legible_to {
    ($person:expr) => {{
        use diesel::dsl::{exists, not};
        use $crate::store::schema::reading_languages;
        let named = reading_languages::table.filter(reading_languages::actor_id.eq($person.0));
        let among = reading_languages::table
            .filter(reading_languages::actor_id.eq($person.0))
            .filter(
                posts::language
                    .assume_not_null()
                    .eq(reading_languages::language)
                    .or(posts::language
                        .assume_not_null()
                        .like(reading_languages::language.concat("-%"))),
            );
        posts::language
            .is_null()
            .or(posts::author_id.eq($person.0))
            .or(not(exists(named)))
            .or(exists(among))
    }};
}
pub(super) use legible_to;

type FilterRow = (i64, String, String, Option<i64>);

/// The filters of a member, the newest first.
pub(crate) fn list(db: &mut Db, of: ActorId, limit: u32) -> Res<Vec<Filter>> {
    let rows: Vec<FilterRow> = filters::table
        .filter(filters::actor_id.eq(of.0))
        .order(filters::id.desc())
        .limit(i64::from(limit))
        .select((
            filters::id,
            filters::phrase,
            filters::effect,
            filters::until,
        ))
        .load(db)?;
    let read = |(id, phrase, effect, until): FilterRow| Filter {
        id: FilterId(id),
        phrase,
        effect: Effect::parse(&effect).unwrap_or(Effect::Warn),
        until: until.map(Ts),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Sets a filter of a member, in the place of one with the same words.
pub(crate) fn upsert(db: &mut Db, of: ActorId, filter: &Filter, now: Ts) -> Res<()> {
    let until = filter.until.map(|until| until.0);
    Both(
        diesel::insert_into(filters::table)
            .values((
                filters::id.eq(filter.id.0),
                filters::actor_id.eq(of.0),
                filters::phrase.eq(&filter.phrase),
                filters::effect.eq(filter.effect.as_str()),
                filters::until.eq(until),
                filters::created_at.eq(now.0),
            ))
            .on_conflict((filters::actor_id, filters::phrase))
            .do_update()
            .set((
                filters::effect.eq(filter.effect.as_str()),
                filters::until.eq(until),
            )),
    )
    .execute(db)?;
    Ok(())
}

/// Drops a filter of a member; whether there was one.
pub(crate) fn delete(db: &mut Db, of: ActorId, id: FilterId) -> Res<bool> {
    let own = filters::table.filter(filters::id.eq(id.0).and(filters::actor_id.eq(of.0)));
    Ok(diesel::delete(own).execute(db)? > 0)
}

/// Drops filters that ended, some at a time; how many they were.
pub(crate) fn delete_ended(db: &mut Db, now: Ts, limit: u32) -> Res<usize> {
    let ended: Vec<i64> = filters::table
        .filter(filters::until.le(now.0))
        .limit(i64::from(limit))
        .select(filters::id)
        .load(db)?;
    Ok(diesel::delete(filters::table.filter(filters::id.eq_any(ended))).execute(db)?)
}

/// The languages that a member reads; none: all of them.
pub(crate) fn list_languages(db: &mut Db, of: ActorId) -> Res<Vec<String>> {
    Ok(reading_languages::table
        .filter(reading_languages::actor_id.eq(of.0))
        .order(reading_languages::language)
        .select(reading_languages::language)
        .load(db)?)
}

/// Sets the languages that a member reads.
pub(crate) fn set_languages(db: &mut Db, of: ActorId, languages: &[String]) -> Res<()> {
    let own = reading_languages::table.filter(reading_languages::actor_id.eq(of.0));
    diesel::delete(own).execute(db)?;
    for language in languages {
        diesel::insert_into(reading_languages::table)
            .values((
                reading_languages::actor_id.eq(of.0),
                reading_languages::language.eq(language),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Forgets what somebody who is gone did not want to read.
pub(crate) fn delete_of(db: &mut Db, of: ActorId) -> Res<()> {
    diesel::delete(filters::table.filter(filters::actor_id.eq(of.0))).execute(db)?;
    set_languages(db, of, &[])
}
