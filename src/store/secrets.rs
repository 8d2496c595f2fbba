//! What only the hub itself knows: made once, kept for ever.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::hub_secrets;
use super::{Db, Res};

/// The secret of this name; `fresh` becomes it where there is none.
pub(crate) fn ensure(db: &mut Db, name: &str, fresh: &str) -> Res<String> {
    let row = (hub_secrets::name.eq(name), hub_secrets::value.eq(fresh));
    let insert = diesel::insert_into(hub_secrets::table)
        .values(row)
        .on_conflict_do_nothing();
    Both(insert).execute(db)?;
    Ok(hub_secrets::table
        .find(name)
        .select(hub_secrets::value)
        .first(db)?)
}

/// The secret of this name.
pub(crate) fn find(db: &mut Db, name: &str) -> Res<Option<String>> {
    Ok(hub_secrets::table
        .find(name)
        .select(hub_secrets::value)
        .first(db)
        .optional()?)
}
