//! Letters that wait to be sent. One that was sent goes away; one that was given up stays for a
//! while, without what it said.

use diesel::prelude::*;

use super::schema::letters;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::letter::{DeadLetter, Letter};

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
struct LetterRow {
    id: i64,
    recipient: String,
    subject: String,
    text: String,
    html: String,
    unsubscribe: Option<String>,
    created_at: i64,
    expires_at: i64,
    attempts: i32,
}

/// Stores a letter that is due at once.
pub(crate) fn insert(db: &mut Db, letter: &Letter) -> Res<()> {
    diesel::insert_into(letters::table)
        .values((
            letters::id.eq(letter.id),
            letters::recipient.eq(&letter.recipient),
            letters::subject.eq(&letter.subject),
            letters::text.eq(&letter.text),
            letters::html.eq(&letter.html),
            letters::unsubscribe.eq(&letter.unsubscribe),
            letters::created_at.eq(letter.created_at.0),
            letters::due_at.eq(letter.created_at.0),
            letters::expires_at.eq(letter.expires_at.0),
            letters::attempts.eq(letter.attempts),
        ))
        .execute(db)?;
    Ok(())
}

/// The letters that are to be sent now, those that are due longest first.
pub(crate) fn list_due(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<Letter>> {
    let rows: Vec<LetterRow> = letters::table
        .filter(letters::due_at.le(now.0).and(letters::died_at.is_null()))
        .order((letters::due_at, letters::id))
        .limit(i64::from(limit))
        .select(LetterRow::as_select())
        .load(db)?;
    let letter = |row: LetterRow| Letter {
        id: row.id,
        recipient: row.recipient,
        subject: row.subject,
        text: row.text,
        html: row.html,
        unsubscribe: row.unsubscribe,
        created_at: Ts(row.created_at),
        expires_at: Ts(row.expires_at),
        attempts: row.attempts,
    };
    Ok(rows.into_iter().map(letter).collect())
}

/// Puts a letter off that could not be sent.
pub(crate) fn set_due(db: &mut Db, id: i64, due_at: Ts, problem: &str) -> Res<()> {
    diesel::update(letters::table.find(id))
        .set((
            letters::due_at.eq(due_at.0),
            letters::attempts.eq(letters::attempts + 1),
            letters::problem.eq(problem),
        ))
        .execute(db)?;
    Ok(())
}

/// Gives a letter up; what it said is forgotten.
pub(crate) fn set_dead(db: &mut Db, id: i64, now: Ts, problem: &str) -> Res<()> {
    diesel::update(letters::table.find(id))
        .set((
            letters::died_at.eq(now.0),
            letters::problem.eq(problem),
            letters::text.eq(""),
            letters::html.eq(""),
        ))
        .execute(db)?;
    Ok(())
}

/// Forgets a letter that was sent.
pub(crate) fn delete(db: &mut Db, id: i64) -> Res<()> {
    diesel::delete(letters::table.find(id)).execute(db)?;
    Ok(())
}

/// How many letters wait.
pub(crate) fn count_waiting(db: &mut Db) -> Res<i64> {
    Ok(letters::table
        .filter(letters::died_at.is_null())
        .count()
        .get_result(db)?)
}

/// The letters that were given up, newest first.
pub(crate) fn list_dead(db: &mut Db, limit: u32) -> Res<Vec<DeadLetter>> {
    let rows: Vec<(String, String, Option<String>, Option<i64>)> = letters::table
        .filter(letters::died_at.is_not_null())
        .order(letters::id.desc())
        .limit(i64::from(limit))
        .select((
            letters::recipient,
            letters::subject,
            letters::problem,
            letters::died_at,
        ))
        .load(db)?;
    let dead =
        |(recipient, subject, problem, died_at): (_, _, Option<String>, Option<i64>)| DeadLetter {
            recipient,
            subject,
            problem: problem.unwrap_or_default(),
            died_at: Ts(died_at.unwrap_or_default()),
        };
    Ok(rows.into_iter().map(dead).collect())
}

/// Forgets letters that were given up before this moment.
pub(crate) fn delete_dead_before(db: &mut Db, before: Ts) -> Res<usize> {
    let old = letters::table.filter(letters::died_at.lt(before.0));
    Ok(diesel::delete(old).execute(db)?)
}

/// What the newest letter to an address says.
#[cfg(test)]
pub(crate) fn last_to(db: &mut Db, recipient: &str) -> Res<Option<String>> {
    Ok(letters::table
        .filter(letters::recipient.eq(recipient))
        .order(letters::id.desc())
        .select(letters::text)
        .first(db)
        .optional()?)
}
