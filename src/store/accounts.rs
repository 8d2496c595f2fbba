//! The accounts of local people: how they sign in and what they may do. Their profiles are actors.

use diesel::dsl::max;
use diesel::prelude::*;

use super::actors::ActorRow;
use super::schema::{accounts, actors, sessions};
use super::search::{like, lower};
use super::{Db, Res};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::look::Look;
use crate::domain::membership::{Among, Role, Standing};
use crate::domain::page::{Cursor, Page, PageRequest};

/// The account of a local person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Whose it is.
    pub(crate) actor: ActorId,
    /// The address, normalised; unique on the hub.
    pub(crate) email: String,
    /// The password's hash in PHC form.
    pub(crate) password_hash: String,
    /// What they may do on the hub.
    pub(crate) role: Role,
    /// Whether they may sign in.
    pub(crate) standing: Standing,
    /// The language of their pages; `None`: what their browser asks for.
    pub(crate) language: Option<String>,
    /// When they signed up.
    pub(crate) created_at: Ts,
    /// How pages look to them; `None`: as their browser remembers.
    pub(crate) look: Option<Look>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
pub(super) struct AccountRow {
    actor_id: i64,
    email: String,
    password_hash: String,
    role: String,
    standing: String,
    language: Option<String>,
    created_at: i64,
    look: Option<String>,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            actor: ActorId(row.actor_id),
            email: row.email,
            password_hash: row.password_hash,
            role: Role::parse(&row.role).unwrap_or(Role::Member),
            standing: Standing::parse(&row.standing),
            language: row.language,
            created_at: Ts(row.created_at),
            look: row.look.as_deref().map(Look::parse),
        }
    }
}

/// When somebody of the staff was last seen, or came; `None` if there is no staff.
pub(crate) fn staff_seen_at(db: &mut Db) -> Res<Option<Ts>> {
    let staff = [Role::Moderator.as_str(), Role::Admin.as_str()];
    let came: Option<i64> = accounts::table
        .filter(accounts::role.eq_any(staff))
        .select(max(accounts::created_at))
        .first(db)?;
    let seen: Option<i64> = sessions::table
        .inner_join(accounts::table.on(accounts::actor_id.eq(sessions::actor_id)))
        .filter(accounts::role.eq_any(staff))
        .select(max(sessions::seen_at))
        .first(db)?;
    Ok(came.max(seen).map(Ts))
}

/// Stores a new account; its actor must exist.
///
/// # Errors
/// `StoreError::Unique("uq__accounts__email")` if the address is taken.
pub(crate) fn insert(db: &mut Db, account: &Account) -> Res<()> {
    let row = AccountRow {
        actor_id: account.actor.0,
        email: account.email.clone(),
        password_hash: account.password_hash.clone(),
        role: account.role.as_str().to_owned(),
        standing: account.standing.as_str().to_owned(),
        language: account.language.clone(),
        created_at: account.created_at.0,
        look: account.look.map(|look| look.as_str().to_owned()),
    };
    diesel::insert_into(accounts::table)
        .values(row)
        .execute(db)?;
    Ok(())
}

/// Whether the page of a member says how many follow them; nobody else's does.
pub(crate) fn shows_followers(db: &mut Db, actor: ActorId) -> Res<bool> {
    let shown: Option<bool> = accounts::table
        .find(actor.0)
        .select(accounts::shows_followers)
        .first(db)
        .optional()?;
    Ok(shown.unwrap_or(false))
}

/// Sets whether the page of a member says how many follow them.
pub(crate) fn set_shows_followers(db: &mut Db, actor: ActorId, shown: bool) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::shows_followers.eq(shown))
        .execute(db)?;
    Ok(())
}

/// The account of an actor.
pub(crate) fn find(db: &mut Db, actor: ActorId) -> Res<Option<Account>> {
    let row: Option<AccountRow> = accounts::table
        .find(actor.0)
        .select(AccountRow::as_select())
        .first(db)
        .optional()?;
    Ok(row.map(Account::from))
}

/// Whether the (normalised) address belongs to an account.
pub(crate) fn has_email(db: &mut Db, email: &str) -> Res<bool> {
    let taken = accounts::table.filter(accounts::email.eq(email));
    Ok(diesel::select(diesel::dsl::exists(taken)).get_result(db)?)
}

/// The account that somebody signs in to: by local name, or by normalised address.
pub(crate) fn find_by_login(db: &mut Db, login: &str) -> Res<Option<Account>> {
    if login.contains('\0') {
        return Ok(None);
    }
    let named = accounts::table
        .inner_join(actors::table.on(actors::id.eq(accounts::actor_id)))
        .filter(actors::deleted_at.is_null())
        .select(AccountRow::as_select());
    let row: Option<AccountRow> = if login.contains('@') {
        named
            .filter(accounts::email.eq(login))
            .first(db)
            .optional()?
    } else {
        let name = actors::local.and(actors::name.eq(login));
        named.filter(name).first(db).optional()?
    };
    Ok(row.map(Account::from))
}

/// The accounts of people in whose name, title or address a text occurs (of all people, where it is
/// empty), as far as they are among those asked for; the newest first.
pub(crate) fn list(
    db: &mut Db,
    among: Among,
    text: &str,
    page: PageRequest,
) -> Res<Page<(Actor, Account)>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = accounts::table
        .inner_join(actors::table.on(actors::id.eq(accounts::actor_id)))
        .filter(accounts::actor_id.lt(before))
        .order(accounts::actor_id.desc())
        .limit(i64::from(page.limit) + 1)
        .select((ActorRow::as_select(), AccountRow::as_select()))
        .into_boxed();
    query = match among {
        Among::Everybody => query,
        Among::Standing(standing) => query.filter(accounts::standing.eq(standing.as_str())),
        Among::Moderators => query.filter(accounts::role.ne(Role::Member.as_str())),
    };
    if !text.is_empty() {
        let pattern = like(text);
        let named = lower(actors::name).like(pattern.clone()).escape('\\');
        let shown = lower(actors::title).like(pattern.clone()).escape('\\');
        let reached = accounts::email.like(pattern).escape('\\');
        query = query.filter(named.or(shown).or(reached));
    }
    let rows: Vec<(ActorRow, AccountRow)> = query.load(db)?;
    let items = rows
        .into_iter()
        .map(|(actor, account)| (actor.into(), account.into()))
        .collect();
    let cursor = |(actor, _): &(Actor, Account)| Cursor {
        key: 0.0,
        id: actor.id.0,
    };
    Ok(Page::cut(items, page.limit, cursor))
}

/// The accounts of these people.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[ActorId]) -> Res<Vec<Account>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<AccountRow> = accounts::table
        .filter(accounts::actor_id.eq_any(ids))
        .select(AccountRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// The people who moderate the whole hub and may sign in, admins among them.
pub(crate) fn list_moderators(db: &mut Db, limit: u32) -> Res<Vec<ActorId>> {
    let roles = [Role::Moderator.as_str(), Role::Admin.as_str()];
    let rows: Vec<i64> = accounts::table
        .filter(accounts::role.eq_any(roles))
        .filter(accounts::standing.eq(Standing::Active.as_str()))
        .order(accounts::actor_id)
        .limit(i64::from(limit))
        .select(accounts::actor_id)
        .load(db)?;
    Ok(rows.into_iter().map(ActorId).collect())
}

/// How many people have an account of this standing.
pub(crate) fn count(db: &mut Db, standing: Standing) -> Res<i64> {
    Ok(accounts::table
        .filter(accounts::standing.eq(standing.as_str()))
        .count()
        .get_result(db)?)
}

/// How many admins may sign in.
pub(crate) fn count_admins(db: &mut Db) -> Res<i64> {
    let admin = accounts::role.eq(Role::Admin.as_str());
    Ok(accounts::table
        .filter(admin.and(accounts::standing.eq(Standing::Active.as_str())))
        .count()
        .get_result(db)?)
}

/// Replaces the password's hash.
pub(crate) fn set_password(db: &mut Db, actor: ActorId, hash: &str) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::password_hash.eq(hash))
        .execute(db)?;
    Ok(())
}

/// Replaces the (normalised) address.
///
/// # Errors
/// `StoreError::Unique("uq__accounts__email")` if it is taken.
pub(crate) fn set_email(db: &mut Db, actor: ActorId, email: &str) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::email.eq(email))
        .execute(db)?;
    Ok(())
}

/// Gives a person another role on the hub.
pub(crate) fn set_role(db: &mut Db, actor: ActorId, role: Role) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::role.eq(role.as_str()))
        .execute(db)?;
    Ok(())
}

/// Lets a person in, or shuts them out.
pub(crate) fn set_standing(db: &mut Db, actor: ActorId, standing: Standing) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::standing.eq(standing.as_str()))
        .execute(db)?;
    Ok(())
}

/// Sets the language of a person's pages.
pub(crate) fn set_language(db: &mut Db, actor: ActorId, language: Option<&str>) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::language.eq(language))
        .execute(db)?;
    Ok(())
}

/// Sets how pages look to a person.
pub(crate) fn set_look(db: &mut Db, actor: ActorId, look: Look) -> Res<()> {
    diesel::update(accounts::table.find(actor.0))
        .set(accounts::look.eq(look.as_str()))
        .execute(db)?;
    Ok(())
}

/// Deletes an account that has neither sessions nor tokens any more; the actor stays.
pub(crate) fn delete(db: &mut Db, actor: ActorId) -> Res<()> {
    diesel::delete(accounts::table.find(actor.0)).execute(db)?;
    Ok(())
}
