//! The colours that an admin chose for the hub.

use diesel::prelude::*;

use super::schema::brand;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::colour::{Brand, Colour};

/// The only row.
const ONLY: i64 = 1;

/// The colours that were chosen; one query.
pub(crate) fn find(db: &mut Db) -> Res<Option<Brand>> {
    let row: Option<(String, Option<String>, Option<String>)> = brand::table
        .find(ONLY)
        .select((brand::colour, brand::light, brand::dark))
        .first(db)
        .optional()?;
    let colour = |text: Option<String>| text.as_deref().and_then(Colour::parse);
    Ok(row.and_then(|(seed, light, dark)| {
        Some(Brand {
            colour: Colour::parse(&seed)?,
            light: colour(light),
            dark: colour(dark),
        })
    }))
}

/// Keeps the colours that were chosen in the place of those before.
pub(crate) fn set(db: &mut Db, chosen: Brand, now: Ts) -> Res<()> {
    let values = (
        brand::colour.eq(chosen.colour.to_string()),
        brand::light.eq(chosen.light.map(|colour| colour.to_string())),
        brand::dark.eq(chosen.dark.map(|colour| colour.to_string())),
        brand::chosen_at.eq(now.0),
    );
    clear(db)?;
    diesel::insert_into(brand::table)
        .values((brand::id.eq(ONLY), values))
        .execute(db)?;
    Ok(())
}

/// Forgets them, so that those of the settings are shown again.
pub(crate) fn clear(db: &mut Db) -> Res<()> {
    diesel::delete(brand::table).execute(db)?;
    Ok(())
}
