//! What waits for moderators, the first come first: open reports, posts that are held back, people
//! who signed up, people who asked to join.

use diesel::prelude::*;

use super::dialect::Multi;
use super::schema::{accounts, actors, flags, follows, held_posts};
use super::{Db, Res};
use crate::domain::actor::ActorKind;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, FlagId, PostId};
use crate::domain::membership::Standing;
use crate::domain::page::Cursor;
use crate::domain::queue::{Scope, Task, TaskKind};

/// Things of one sort that wait, and since when, after a place among them.
pub(crate) fn list(
    db: &mut Db,
    scope: &Scope,
    kind: TaskKind,
    after: Option<Cursor>,
    limit: u32,
) -> Res<Vec<(Task, Ts)>> {
    let (at, id) = after.map_or((i64::MIN, 0), |after| (after.moment().0, after.id));
    let limit = i64::from(limit);
    Ok(match kind {
        TaskKind::Report => {
            let (since, number) = (flags::created_at, flags::id);
            let rows: Vec<(i64, i64)> = reports(scope)
                .filter(since.gt(at).or(since.eq(at).and(number.gt(id))))
                .order((since, number))
                .limit(limit)
                .select((since, number))
                .load(db)?;
            dated(rows, |id| Task::Report(FlagId(id)))
        }
        TaskKind::Held => {
            let (since, number) = (held_posts::held_at, held_posts::id);
            let rows: Vec<(i64, i64)> = held(scope)
                .filter(since.gt(at).or(since.eq(at).and(number.gt(id))))
                .order((since, number))
                .limit(limit)
                .select((since, number))
                .load(db)?;
            dated(rows, |id| Task::Held(PostId(id)))
        }
        TaskKind::SignUp => {
            let (since, number) = (accounts::created_at, accounts::actor_id);
            let rows: Vec<(i64, i64)> = sign_ups(scope)
                .filter(since.gt(at).or(since.eq(at).and(number.gt(id))))
                .order((since, number))
                .limit(limit)
                .select((since, number))
                .load(db)?;
            dated(rows, |id| Task::SignUp(ActorId(id)))
        }
        TaskKind::Request => {
            let (since, number) = (follows::created_at, follows::follower_id);
            let rows: Vec<(i64, i64, i64)> = requests(scope)
                .filter(since.gt(at).or(since.eq(at).and(number.gt(id))))
                .order((since, number))
                .limit(limit)
                .select((since, follows::target_id, number))
                .load(db)?;
            let request = |(at, group, person)| {
                let (group, person) = (ActorId(group), ActorId(person));
                (Task::Request { group, person }, Ts(at))
            };
            rows.into_iter().map(request).collect()
        }
    })
}

/// How many things of one sort wait.
pub(crate) fn count(db: &mut Db, scope: &Scope, kind: TaskKind) -> Res<i64> {
    Ok(match kind {
        TaskKind::Report => reports(scope).count().get_result(db)?,
        TaskKind::Held => held(scope).count().get_result(db)?,
        TaskKind::SignUp => sign_ups(scope).count().get_result(db)?,
        TaskKind::Request => requests(scope).count().get_result(db)?,
    })
}

fn dated(rows: Vec<(i64, i64)>, task: impl Fn(i64) -> Task) -> Vec<(Task, Ts)> {
    let one = |(at, id)| (task(id), Ts(at));
    rows.into_iter().map(one).collect()
}

fn numbers(groups: &[ActorId]) -> Vec<i64> {
    groups.iter().map(|group| group.0).collect()
}

/// Open reports.
fn reports(scope: &Scope) -> flags::BoxedQuery<'static, Multi> {
    let open = flags::table
        .filter(flags::resolved_at.is_null())
        .into_boxed();
    match scope {
        Scope::Hub => open,
        Scope::Groups(groups) => open.filter(flags::group_id.eq_any(numbers(groups))),
    }
}

/// Posts that are held back.
fn held(scope: &Scope) -> held_posts::BoxedQuery<'static, Multi> {
    let all = held_posts::table.into_boxed();
    match scope {
        Scope::Hub => all,
        Scope::Groups(groups) => all.filter(held_posts::group_id.eq_any(numbers(groups))),
    }
}

/// People who signed up, whom the hub's moderators let in.
fn sign_ups(scope: &Scope) -> accounts::BoxedQuery<'static, Multi> {
    let pending = accounts::table
        .filter(accounts::standing.eq(Standing::Pending.as_str()))
        .into_boxed();
    match scope {
        Scope::Hub => pending,
        Scope::Groups(_) => pending.filter(accounts::actor_id.eq_any(Vec::<i64>::new())),
    }
}

/// People who asked to join a group of this hub.
fn requests(scope: &Scope) -> follows::BoxedQuery<'static, Multi> {
    let here = actors::table
        .filter(actors::local.and(actors::kind.eq(ActorKind::Group.as_str())))
        .select(actors::id);
    let asked = follows::table
        .filter(follows::state.eq("pending"))
        .filter(follows::target_id.eq_any(here))
        .into_boxed();
    match scope {
        Scope::Hub => asked,
        Scope::Groups(groups) => asked.filter(follows::target_id.eq_any(numbers(groups))),
    }
}
