//! Accounts elsewhere that belong to people here, and how their servers know this hub.

use diesel::prelude::*;

use super::actors::ActorRow;
use super::dialect::Both;
use super::schema::{actors, links, remote_apps};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// How a server knows this hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteApp {
    /// The server.
    pub(crate) host: String,
    /// What the hub is called there.
    pub(crate) client_id: String,
    /// With what the hub proves that it is the one.
    pub(crate) client_secret: String,
    /// What it may ask people for.
    pub(crate) scope: String,
}

/// How a server knows this hub, if it does.
pub(crate) fn find_app(db: &mut Db, host: &str) -> Res<Option<RemoteApp>> {
    let row: Option<(String, String, String, String)> = remote_apps::table
        .find(host)
        .select((
            remote_apps::host,
            remote_apps::client_id,
            remote_apps::client_secret,
            remote_apps::scope,
        ))
        .first(db)
        .optional()?;
    let app = |(host, client_id, client_secret, scope)| RemoteApp {
        host,
        client_id,
        client_secret,
        scope,
    };
    Ok(row.map(app))
}

/// Notes how a server knows this hub, in the place of what was known.
pub(crate) fn set_app(db: &mut Db, app: &RemoteApp, now: Ts) -> Res<()> {
    delete_app(db, &app.host)?;
    let row = (
        remote_apps::host.eq(&app.host),
        remote_apps::client_id.eq(&app.client_id),
        remote_apps::client_secret.eq(&app.client_secret),
        remote_apps::scope.eq(&app.scope),
        remote_apps::created_at.eq(now.0),
    );
    let insert = diesel::insert_into(remote_apps::table).values(row);
    Both(insert.on_conflict_do_nothing()).execute(db)?;
    Ok(())
}

/// Forgets how a server knows this hub.
pub(crate) fn delete_app(db: &mut Db, host: &str) -> Res<()> {
    diesel::delete(remote_apps::table.find(host)).execute(db)?;
    Ok(())
}

/// Notes that an account elsewhere belongs to somebody here, and to nobody else from now on.
pub(crate) fn insert(db: &mut Db, remote: ActorId, actor: ActorId, now: Ts) -> Res<()> {
    diesel::delete(links::table.find(remote.0)).execute(db)?;
    diesel::insert_into(links::table)
        .values((
            links::remote_id.eq(remote.0),
            links::actor_id.eq(actor.0),
            links::created_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// To whom here an account elsewhere belongs.
pub(crate) fn find(db: &mut Db, remote: ActorId) -> Res<Option<ActorId>> {
    let row: Option<i64> = links::table
        .find(remote.0)
        .select(links::actor_id)
        .first(db)
        .optional()?;
    Ok(row.map(ActorId))
}

/// The accounts elsewhere of somebody here, the first linked first.
pub(crate) fn list(db: &mut Db, actor: ActorId) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = links::table
        .inner_join(actors::table.on(actors::id.eq(links::remote_id)))
        .filter(links::actor_id.eq(actor.0))
        .order((links::created_at, links::remote_id))
        .limit(100)
        .select(ActorRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// Takes a link away; whether there was one.
pub(crate) fn delete(db: &mut Db, actor: ActorId, remote: ActorId) -> Res<bool> {
    let theirs = links::table
        .find(remote.0)
        .filter(links::actor_id.eq(actor.0));
    Ok(diesel::delete(theirs).execute(db)? > 0)
}

/// Takes all links of somebody away.
pub(crate) fn delete_all(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(links::table.filter(links::actor_id.eq(actor.0))).execute(db)?;
    Ok(())
}
