//! What moderators often write.

use diesel::prelude::*;

use super::schema::wordings;
use super::{Db, Res};
use crate::domain::ids::WordingId;
use crate::domain::queue::Wording;

/// All of them, by title.
pub(crate) fn list(db: &mut Db, limit: u32) -> Res<Vec<Wording>> {
    let rows: Vec<(i64, String, String)> = wordings::table
        .order((wordings::title, wordings::id))
        .limit(i64::from(limit))
        .load(db)?;
    let read = |(id, title, text)| Wording {
        id: WordingId(id),
        title,
        text,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps one, in the place of what it said before.
pub(crate) fn replace(db: &mut Db, wording: &Wording) -> Res<()> {
    delete(db, wording.id)?;
    diesel::insert_into(wordings::table)
        .values((
            wordings::id.eq(wording.id.0),
            wordings::title.eq(&wording.title),
            wordings::text.eq(&wording.text),
        ))
        .execute(db)?;
    Ok(())
}

/// Drops one; whether it was there.
pub(crate) fn delete(db: &mut Db, id: WordingId) -> Res<bool> {
    Ok(diesel::delete(wordings::table.find(id.0)).execute(db)? > 0)
}
