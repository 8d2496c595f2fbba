//! Which posts and comments from here the groups elsewhere that they are for have passed on.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::confirmations;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ObjectId;

/// Notes that a group passed an object on; the first time counts.
pub(crate) fn insert(db: &mut Db, object: ObjectId, now: Ts) -> Res<()> {
    Both(
        diesel::insert_into(confirmations::table)
            .values((
                confirmations::object_id.eq(object.number()),
                confirmations::at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Whether its group passed an object on.
pub(crate) fn contains(db: &mut Db, object: ObjectId) -> Res<bool> {
    let noted = confirmations::table.find(object.number());
    Ok(diesel::select(diesel::dsl::exists(noted)).get_result(db)?)
}
