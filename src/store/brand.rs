//! What admins chose for the hub in the place of its settings.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::brand;
use super::{Db, Res};
use crate::domain::brand::{Chosen, Font};
use crate::domain::clock::Ts;
use crate::domain::colour::{Brand, Colour};

/// The only row.
const ONLY: i64 = 1;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = brand, treat_none_as_null = true)]
struct BrandRow {
    colour: Option<String>,
    light: Option<String>,
    dark: Option<String>,
    chosen_at: i64,
    name: Option<String>,
    description: Option<String>,
    logo: Option<String>,
    favicon: Option<String>,
    font: Option<String>,
}

impl From<BrandRow> for Chosen {
    fn from(row: BrandRow) -> Self {
        let colour = |text: Option<String>| text.as_deref().and_then(Colour::parse);
        let (light, dark) = (colour(row.light), colour(row.dark));
        Self {
            colours: colour(row.colour).map(|colour| Brand {
                colour,
                light,
                dark,
            }),
            name: row.name,
            description: row.description,
            logo: row.logo,
            favicon: row.favicon,
            font: row.font.as_deref().map(Font::parse),
        }
    }
}

/// What was chosen; one query.
pub(crate) fn find(db: &mut Db) -> Res<Chosen> {
    let row: Option<BrandRow> = brand::table
        .find(ONLY)
        .select(BrandRow::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(Chosen::from).unwrap_or_default())
}

/// Keeps what was chosen in the place of what was before.
pub(crate) fn set(db: &mut Db, chosen: &Chosen, now: Ts) -> Res<()> {
    let text = |colour: Option<Colour>| colour.map(|colour| colour.to_string());
    let colours = chosen.colours;
    let row = || BrandRow {
        colour: text(colours.map(|brand| brand.colour)),
        light: text(colours.and_then(|brand| brand.light)),
        dark: text(colours.and_then(|brand| brand.dark)),
        chosen_at: now.0,
        name: chosen.name.clone(),
        description: chosen.description.clone(),
        logo: chosen.logo.clone(),
        favicon: chosen.favicon.clone(),
        font: chosen.font.as_ref().map(|font| font.as_str().to_owned()),
    };
    Both(
        diesel::insert_into(brand::table)
            .values((brand::id.eq(ONLY), row()))
            .on_conflict(brand::id)
            .do_update()
            .set(row()),
    )
    .execute(db)?;
    Ok(())
}
