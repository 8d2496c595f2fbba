//! Actors and their keys, local and remote.

use diesel::prelude::*;

use super::dialect::{Both, Steady, on_db, rounded};
use super::schema::{actors, instances, keys, old_handles};
use super::{Db, Res, privacy};
use crate::domain::actor::{Actor, ActorKind, Approval, RemoteActor, RemoteKey};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::host::Severity;
use crate::domain::ids::{ActorId, Handle, InstanceId, Uri};
use crate::domain::page::{Cursor, Page, PageRequest};

#[derive(Queryable, Selectable, Insertable, Clone)]
#[diesel(table_name = actors)]
pub(super) struct ActorRow {
    pub(super) id: i64,
    uri: String,
    url: String,
    kind: String,
    name: String,
    host: String,
    instance_id: i64,
    local: bool,
    title: String,
    summary_html: String,
    summary_source: Option<String>,
    icon_url: Option<String>,
    image_url: Option<String>,
    inbox: String,
    shared_inbox: Option<String>,
    outbox: Option<String>,
    followers: Option<String>,
    moderators: Option<String>,
    featured: Option<String>,
    discoverable: bool,
    indexable: bool,
    manually_approves: bool,
    posting_restricted: bool,
    followers_count: i64,
    created_at: i64,
    updated_at: i64,
    fetched_at: Option<i64>,
    deleted_at: Option<i64>,
    approval: String,
}

impl From<ActorRow> for Actor {
    fn from(row: ActorRow) -> Self {
        Self {
            id: ActorId(row.id),
            uri: Uri::trusted(row.uri),
            url: row.url,
            kind: ActorKind::parse(&row.kind).unwrap_or(ActorKind::Person),
            name: row.name,
            host: row.host,
            instance: InstanceId(row.instance_id),
            local: row.local,
            title: row.title,
            summary_html: row.summary_html,
            summary_source: row.summary_source,
            icon_url: row.icon_url,
            image_url: row.image_url,
            inbox: row.inbox,
            shared_inbox: row.shared_inbox,
            outbox: row.outbox,
            followers: row.followers,
            moderators: row.moderators,
            featured: row.featured,
            discoverable: row.discoverable,
            indexable: row.indexable,
            manually_approves: row.manually_approves,
            posting_restricted: row.posting_restricted,
            followers_count: row.followers_count,
            created_at: Ts(row.created_at),
            updated_at: Ts(row.updated_at),
            fetched_at: row.fetched_at.map(Ts),
            deleted_at: row.deleted_at.map(Ts),
            approval: Approval::parse(&row.approval).unwrap_or_default(),
        }
    }
}

impl From<&Actor> for ActorRow {
    fn from(actor: &Actor) -> Self {
        let actor = actor.clone();
        Self {
            id: actor.id.0,
            uri: actor.uri.as_str().to_owned(),
            url: actor.url,
            kind: actor.kind.as_str().to_owned(),
            name: actor.name,
            host: actor.host,
            instance_id: actor.instance.0,
            local: actor.local,
            title: actor.title,
            summary_html: actor.summary_html,
            summary_source: actor.summary_source,
            icon_url: actor.icon_url,
            image_url: actor.image_url,
            inbox: actor.inbox,
            shared_inbox: actor.shared_inbox,
            outbox: actor.outbox,
            followers: actor.followers,
            moderators: actor.moderators,
            featured: actor.featured,
            discoverable: actor.discoverable,
            indexable: actor.indexable,
            manually_approves: actor.manually_approves,
            posting_restricted: actor.posting_restricted,
            followers_count: actor.followers_count,
            created_at: actor.created_at.0,
            updated_at: actor.updated_at.0,
            fetched_at: actor.fetched_at.map(|at| at.0),
            deleted_at: actor.deleted_at.map(|at| at.0),
            approval: actor.approval.as_str().to_owned(),
        }
    }
}

/// The actor of a row.
pub(crate) fn find(db: &mut Db, id: ActorId) -> Res<Option<Actor>> {
    let row: Option<ActorRow> = on_db!(db, |c| actors::table.find(id.0).first(c)).optional()?;
    Ok(row.map(Actor::from))
}

/// The actor with this ActivityPub id.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Actor>> {
    if uri.contains('\0') {
        return Ok(None);
    }
    let row: Option<ActorRow> =
        on_db!(db, |c| actors::table.filter(actors::uri.eq(uri)).first(c)).optional()?;
    Ok(row.map(Actor::from))
}

/// Those of the actors with these ActivityPub ids who are known, in no order.
pub(crate) fn list_by_uris(db: &mut Db, uris: &[&str]) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = on_db!(db, |c| actors::table
        .filter(actors::uri.eq_any(uris))
        .load(c))?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// The local actor of this name, or the one that had it before it took another; names are stored
/// in lower case.
pub(crate) fn find_local(db: &mut Db, name: &str) -> Res<Option<Actor>> {
    if name.contains('\0') {
        return Ok(None);
    }
    let name = name.to_ascii_lowercase();
    let named = actors::local.and(actors::name.eq(&name));
    let row: Option<ActorRow> = on_db!(db, |c| actors::table.filter(named).first(c)).optional()?;
    match row {
        Some(row) => Ok(Some(row.into())),
        None => find_renamed(db, &name),
    }
}

fn find_renamed(db: &mut Db, old: &str) -> Res<Option<Actor>> {
    let row: Option<ActorRow> = old_handles::table
        .inner_join(actors::table.on(actors::id.eq(old_handles::actor_id)))
        .filter(old_handles::name.eq(old))
        .select(ActorRow::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(Actor::from))
}

/// The actor at this address: `name` here, or `name@host` elsewhere. Where a host has a person and
/// a group of one name, the kind decides; `None` takes whichever was known first.
pub(crate) fn find_by_handle(
    db: &mut Db,
    handle: &Handle,
    kind: Option<ActorKind>,
) -> Res<Option<Actor>> {
    let Some(host) = &handle.host else {
        return find_local(db, &handle.name);
    };
    let rows: Vec<ActorRow> = actors::table
        .filter(actors::name.eq(&handle.name).and(actors::host.eq(host)))
        .order(actors::id)
        .limit(4)
        .load(db)?;
    let mut found = rows.into_iter().map(Actor::from);
    Ok(found.find(|actor| kind.is_none_or(|kind| actor.kind == kind)))
}

/// All of these actors, in no order.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[ActorId]) -> Res<Vec<Actor>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let some = rounded(some.iter().map(|id| id.0));
        let rows: Vec<ActorRow> = Steady(actors::table.filter(actors::id.eq_any(some))).load(db)?;
        found.extend(rows.into_iter().map(Actor::from));
    }
    Ok(found)
}

// A bare `local` here and below: SQLite takes the partial indexes for that, but reads the whole
// table, everybody known anywhere, for `local = ?`.

/// The local groups that are listed, that a viewer may look into and that are not deleted, oldest
/// first.
pub(crate) fn list_local_groups(
    db: &mut Db,
    viewer: Viewer,
    page: PageRequest,
) -> Res<Page<Actor>> {
    let after = page.after.map_or(0, |cursor| cursor.id);
    let rows: Vec<ActorRow> = actors::table
        .filter(actors::local.and(actors::kind.eq("Group")))
        .filter(actors::deleted_at.is_null().and(actors::id.gt(after)))
        .filter(actors::discoverable.eq(true))
        .filter(privacy::visible_to!(actors::id, viewer))
        .order(actors::id)
        .limit(i64::from(page.limit) + 1)
        .load(db)?;
    let items = rows.into_iter().map(Actor::from).collect();
    Ok(Page::cut(items, page.limit, |a: &Actor| Cursor {
        key: 0.0,
        id: a.id.0,
    }))
}

/// Stores a new actor, local or remote.
pub(crate) fn insert(db: &mut Db, actor: &Actor) -> Res<()> {
    diesel::insert_into(actors::table)
        .values(ActorRow::from(actor))
        .execute(db)?;
    privacy::follow_profile(db, actor)
}

/// Replaces what is known of an actor, but for its counts and its birth.
pub(crate) fn set_profile(db: &mut Db, actor: &Actor) -> Res<()> {
    let row = ActorRow::from(actor);
    diesel::update(actors::table.find(row.id))
        .set((
            actors::url.eq(row.url),
            actors::kind.eq(row.kind),
            actors::title.eq(row.title),
            actors::summary_html.eq(row.summary_html),
            actors::summary_source.eq(row.summary_source),
            actors::icon_url.eq(row.icon_url),
            actors::image_url.eq(row.image_url),
            actors::inbox.eq(row.inbox),
            actors::shared_inbox.eq(row.shared_inbox),
            actors::outbox.eq(row.outbox),
            actors::followers.eq(row.followers),
            actors::moderators.eq(row.moderators),
            actors::featured.eq(row.featured),
            actors::discoverable.eq(row.discoverable),
            actors::indexable.eq(row.indexable),
            actors::manually_approves.eq(row.manually_approves),
            actors::posting_restricted.eq(row.posting_restricted),
            actors::updated_at.eq(row.updated_at),
            actors::fetched_at.eq(row.fetched_at),
            actors::deleted_at.eq(row.deleted_at),
            actors::approval.eq(row.approval),
        ))
        .execute(db)?;
    privacy::follow_profile(db, actor)
}

/// Stores a remote actor as its document describes it, new or changed.
///
/// `fresh` is the id for a new row. The name and the host of a known actor never change, who is gone
/// stays gone, and no person becomes a group or the other way round (security.md H125).
pub(crate) fn upsert_remote(
    db: &mut Db,
    remote: &RemoteActor,
    instance: InstanceId,
    fresh: ActorId,
    now: Ts,
) -> Res<Actor> {
    let known = find_by_uri(db, remote.uri.as_str())?;
    if let Some(gone) = known.as_ref().filter(|actor| actor.deleted_at.is_some()) {
        return Ok(gone.clone());
    }
    let actor = merge(remote, known.as_ref(), instance, fresh, now);
    match known {
        None => insert(db, &actor)?,
        Some(_) => set_profile(db, &actor)?,
    }
    set_remote_keys(db, remote, actor.id, now)?;
    Ok(actor)
}

fn merge(
    remote: &RemoteActor,
    known: Option<&Actor>,
    instance: InstanceId,
    fresh: ActorId,
    now: Ts,
) -> Actor {
    let remote = remote.clone();
    let is_group = |kind: ActorKind| kind == ActorKind::Group;
    let kept = known.filter(|actor| is_group(actor.kind) != is_group(remote.kind));
    Actor {
        id: known.map_or(fresh, |actor| actor.id),
        host: remote.uri.host(),
        uri: remote.uri,
        url: remote.url,
        kind: kept.map_or(remote.kind, |actor| actor.kind),
        name: known.map_or(remote.name, |actor| actor.name.clone()),
        instance,
        local: false,
        title: remote.title,
        summary_html: remote.summary_html,
        summary_source: remote.summary_source,
        icon_url: remote.icon_url,
        image_url: remote.image_url,
        inbox: remote.inbox,
        shared_inbox: remote.shared_inbox,
        outbox: remote.outbox,
        followers: remote.followers,
        moderators: remote.moderators,
        featured: remote.featured,
        discoverable: remote.discoverable,
        indexable: remote.indexable,
        manually_approves: remote.manually_approves,
        posting_restricted: remote.posting_restricted,
        followers_count: known.map_or(0, |actor| actor.followers_count),
        created_at: known.map_or(remote.created_at.unwrap_or(now).min(now), |a| a.created_at),
        updated_at: now,
        fetched_at: Some(now),
        deleted_at: None,
        approval: Approval::default(),
    }
}

/// Gives a local actor another name and page; the name that it had leads to it for ever.
pub(crate) fn rename(db: &mut Db, actor: &Actor, name: &str, url: &str, now: Ts) -> Res<()> {
    diesel::delete(old_handles::table.find(name)).execute(db)?;
    let old = (
        old_handles::name.eq(&actor.name),
        old_handles::actor_id.eq(actor.id.0),
        old_handles::created_at.eq(now.0),
    );
    diesel::insert_into(old_handles::table)
        .values(old)
        .execute(db)?;
    diesel::update(actors::table.find(actor.id.0))
        .set((
            actors::name.eq(name),
            actors::url.eq(url),
            actors::updated_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(())
}

/// What stands in the place of the name for display of somebody who is gone.
const NOBODY: &str = "[deleted]";

/// Marks an actor deleted, without what it said about itself; its name stays taken.
pub(crate) fn set_deleted(db: &mut Db, id: ActorId, now: Ts) -> Res<()> {
    diesel::update(actors::table.find(id.0))
        .set((
            actors::deleted_at.eq(Some(now.0)),
            actors::title.eq(NOBODY),
            actors::summary_html.eq(""),
            actors::summary_source.eq(None::<String>),
            actors::icon_url.eq(None::<String>),
            actors::image_url.eq(None::<String>),
        ))
        .execute(db)?;
    Ok(())
}

/// Adds to the number of an actor's followers.
pub(super) fn add_followers(db: &mut Db, id: ActorId, change: i64) -> Res<()> {
    diesel::update(actors::table.find(id.0))
        .set(actors::followers_count.eq(actors::followers_count + change))
        .execute(db)?;
    Ok(())
}

/// The local actor that came last.
pub(crate) fn newest_local(db: &mut Db) -> Res<Option<Actor>> {
    let row: Option<ActorRow> = actors::table
        .filter(actors::local)
        .order(actors::id.desc())
        .first(db)
        .optional()?;
    Ok(row.map(Actor::from))
}

/// Those of these actors whose server is suspended.
pub(crate) fn list_suspended(db: &mut Db, ids: &[ActorId]) -> Res<Vec<ActorId>> {
    let ids = rounded(ids.iter().map(|id| id.0));
    let suspended = actors::table
        .inner_join(instances::table.on(instances::id.eq(actors::instance_id)))
        .filter(actors::id.eq_any(ids))
        .filter(instances::severity.eq(Severity::Suspend.as_str()))
        .select(actors::id);
    let rows: Vec<i64> = Steady(suspended).load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// Those of some people whose server is kept away, how far ever.
pub(crate) fn list_kept_away(db: &mut Db, people: &[ActorId]) -> Res<Vec<ActorId>> {
    let people: Vec<i64> = people.iter().map(|person| person.0).collect();
    let rows: Vec<i64> = actors::table
        .inner_join(instances::table.on(instances::id.eq(actors::instance_id)))
        .filter(actors::id.eq_any(people))
        .filter(instances::severity.ne(Severity::None.as_str()))
        .select(actors::id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// Where a whole server receives, by the word of the actor that was heard of last.
pub(crate) fn find_shared_inbox(db: &mut Db, instance: InstanceId) -> Res<Option<String>> {
    let inbox: Option<Option<String>> = actors::table
        .filter(
            actors::instance_id
                .eq(instance.0)
                .and(actors::shared_inbox.is_not_null()),
        )
        .order(actors::id.desc())
        .select(actors::shared_inbox)
        .first(db)
        .optional()?;
    Ok(inbox.flatten())
}

/// Some of those who receive at an inbox of a server, their own or one that they share.
pub(crate) fn list_by_inbox(
    db: &mut Db,
    instance: InstanceId,
    inbox: &str,
    limit: u32,
) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = actors::table
        .filter(
            actors::instance_id
                .eq(instance.0)
                .and(actors::deleted_at.is_null()),
        )
        .filter(actors::inbox.eq(inbox).or(actors::shared_inbox.eq(inbox)))
        .order(actors::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// A public key and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredKey {
    /// Whose it is.
    pub(crate) actor: ActorId,
    /// Its id.
    pub(crate) uri: String,
    /// SubjectPublicKeyInfo DER.
    pub(crate) public_der: Vec<u8>,
    /// PKCS#8 DER, for local actors.
    pub(crate) private_der: Option<Vec<u8>>,
}

type KeyRow = (String, i64, Vec<u8>, Option<Vec<u8>>, i64);

impl From<KeyRow> for StoredKey {
    fn from((uri, actor, public_der, private_der, _fetched_at): KeyRow) -> Self {
        Self {
            actor: ActorId(actor),
            uri,
            public_der,
            private_der,
        }
    }
}

/// The key with this id.
pub(crate) fn find_key(db: &mut Db, uri: &str) -> Res<Option<StoredKey>> {
    let row: Option<KeyRow> = keys::table.find(uri).first(db).optional()?;
    Ok(row.map(StoredKey::from))
}

/// The first key of an actor: the only one of a local actor.
pub(crate) fn find_key_of(db: &mut Db, actor: ActorId) -> Res<Option<StoredKey>> {
    let row: Option<KeyRow> = keys::table
        .filter(keys::actor_id.eq(actor.0))
        .order(keys::uri)
        .first(db)
        .optional()?;
    Ok(row.map(StoredKey::from))
}

/// Stores the key pair of a local actor.
pub(crate) fn insert_key(
    db: &mut Db,
    actor: ActorId,
    uri: &str,
    public_der: &[u8],
    private_der: &[u8],
    now: Ts,
) -> Res<()> {
    let row = (
        keys::uri.eq(uri),
        keys::actor_id.eq(actor.0),
        keys::public_der.eq(public_der),
        keys::private_der.eq(Some(private_der)),
        keys::fetched_at.eq(now.0),
    );
    diesel::insert_into(keys::table).values(row).execute(db)?;
    Ok(())
}

fn set_remote_keys(db: &mut Db, remote: &RemoteActor, actor: ActorId, now: Ts) -> Res<()> {
    let Some(key) = &remote.key else {
        return Ok(());
    };
    let named: Vec<&RemoteKey> = std::iter::once(key).chain(&remote.proof_keys).collect();
    let uris: Vec<&String> = named.iter().map(|key| &key.uri).collect();
    let theirs = keys::actor_id.eq(actor.0).or(keys::uri.eq_any(uris));
    diesel::delete(keys::table.filter(theirs)).execute(db)?;
    for key in named {
        let row = (
            keys::uri.eq(&key.uri),
            keys::actor_id.eq(actor.0),
            keys::public_der.eq(&key.der),
            keys::private_der.eq(None::<Vec<u8>>),
            keys::fetched_at.eq(now.0),
        );
        let row = diesel::insert_into(keys::table).values(row);
        Both(row.on_conflict(keys::uri).do_nothing()).execute(db)?;
    }
    Ok(())
}
