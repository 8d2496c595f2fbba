//! Who looks at what waits for moderators.

use diesel::prelude::*;

use super::schema::claims;
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::queue::{Claim, Task};

/// Who claimed these things, standing or not.
pub(crate) fn list(db: &mut Db, tasks: &[Task]) -> Res<Vec<(Task, Claim)>> {
    let names: Vec<String> = tasks.iter().map(Task::to_string).collect();
    let rows: Vec<(String, i64, i64)> =
        claims::table.filter(claims::task.eq_any(names)).load(db)?;
    let read = |(task, by, at): (String, i64, i64)| {
        let claim = Claim {
            by: ActorId(by),
            at: Ts(at),
        };
        Task::parse(&task).map(|task| (task, claim))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Somebody claims a thing, in the place of who did before.
pub(crate) fn replace(db: &mut Db, task: Task, claim: Claim) -> Res<()> {
    delete(db, task)?;
    diesel::insert_into(claims::table)
        .values((
            claims::task.eq(task.to_string()),
            claims::actor_id.eq(claim.by.0),
            claims::claimed_at.eq(claim.at.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Nobody claims a thing any longer.
pub(crate) fn delete(db: &mut Db, task: Task) -> Res<()> {
    diesel::delete(claims::table.find(task.to_string())).execute(db)?;
    Ok(())
}

/// Forgets what was claimed before a moment.
pub(crate) fn delete_before(db: &mut Db, moment: Ts) -> Res<()> {
    diesel::delete(claims::table.filter(claims::claimed_at.le(moment.0))).execute(db)?;
    Ok(())
}
