//! The rules of the hub and of its groups.

use diesel::prelude::*;

use super::schema::rules;
use super::{Db, Res};
use crate::domain::ids::{ActorId, RuleId};
use crate::domain::rule::Rule;

/// The group id under which the hub's rules are kept.
const THE_HUB: i64 = 0;

type RuleRow = (i64, i64, i32, String, String);

fn read((id, group, number, title, text): RuleRow) -> Rule {
    Rule {
        id: RuleId(id),
        group: (group != THE_HUB).then_some(ActorId(group)),
        number,
        title,
        text,
    }
}

/// The rules of a group or of the hub, by number.
pub(crate) fn list(db: &mut Db, group: Option<ActorId>) -> Res<Vec<Rule>> {
    let rows: Vec<RuleRow> = rules::table
        .filter(rules::group_id.eq(group.map_or(THE_HUB, |group| group.0)))
        .order((rules::place, rules::id))
        .load(db)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The rule of a row.
pub(crate) fn find(db: &mut Db, id: RuleId) -> Res<Option<Rule>> {
    let row: Option<RuleRow> = rules::table.find(id.0).first(db).optional()?;
    Ok(row.map(read))
}

/// Puts a list in the place of the one that a group or the hub had.
pub(crate) fn replace(db: &mut Db, group: Option<ActorId>, list: &[Rule]) -> Res<()> {
    let group = group.map_or(THE_HUB, |group| group.0);
    diesel::delete(rules::table.filter(rules::group_id.eq(group))).execute(db)?;
    for rule in list {
        diesel::insert_into(rules::table)
            .values((
                rules::id.eq(rule.id.0),
                rules::group_id.eq(group),
                rules::place.eq(rule.number),
                rules::title.eq(&rule.title),
                rules::text.eq(&rule.text),
            ))
            .execute(db)?;
    }
    Ok(())
}
