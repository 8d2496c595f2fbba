//! Who is behind a session or token, what they are part of, and who waits to be let in.

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::departure::Departure;
use crate::domain::ids::ActorId;
use crate::domain::look::Look;
use crate::domain::membership::{Among, Role, Standing};
use crate::domain::page::{Page, PageRequest};
use crate::domain::session::Device;
use crate::store::accounts::{self, Account};
use crate::store::{Db, Res, actors, departures, follows, links, moves, sessions, tokens};

use super::group::veiled;

/// Somebody who proved who they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signed {
    /// As whom operations run.
    pub(crate) caller: Caller,
    /// Their profile.
    pub(crate) actor: Actor,
    /// The language of their pages; `None`: what their browser asks for.
    pub(crate) language: Option<String>,
    /// How their pages look; `None`: as their browser remembers.
    pub(crate) look: Option<Look>,
    /// What they may do by this proof.
    pub(crate) scopes: Scopes,
    /// When the session ends; tokens do not.
    pub(crate) expires_at: Option<Ts>,
    /// When they were last seen in the session, to the hour.
    pub(crate) seen_at: Option<Ts>,
}

/// Who was seen so many seconds ago is seen again.
const SEEN_FOR: i64 = 3600;

/// What somebody may do by a session or token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// May see what the person may see.
    pub(crate) read: bool,
    /// May change what the person may change.
    pub(crate) write: bool,
}

impl Scopes {
    const ALL: Self = Self {
        read: true,
        write: true,
    };

    fn parse(text: &str) -> Self {
        let has = |scope: &str| text.split_whitespace().any(|word| word == scope);
        Self {
            read: has("read"),
            write: has("write"),
        }
    }
}

impl Signed {
    fn new(actor: Actor, account: Account, scopes: Scopes, expires_at: Option<Ts>) -> Option<Self> {
        let caller = Caller::Member {
            actor: actor.id,
            role: account.role,
        };
        (account.standing == Standing::Active).then_some(Self {
            caller,
            actor,
            language: account.language,
            look: account.look,
            scopes,
            expires_at,
            seen_at: None,
        })
    }

    /// Whether less than half of a session's lifetime (in seconds) is left, or nobody was seen in it
    /// for an hour, so that `operations::account::RenewSession` is worth a write.
    pub(crate) fn renewable(&self, lifetime: i64, now: Ts) -> bool {
        let half = now.plus_seconds(lifetime / 2);
        self.expires_at.is_some_and(|end| end < half)
            || self
                .seen_at
                .is_some_and(|seen| seen.plus_seconds(SEEN_FOR) <= now)
    }
}

/// Who uses the browser with this session; the hash is `crypto::token::hash_hex` of its cookie.
/// `None` if the session ended or the account may not sign in. One query.
pub(crate) fn caller_of_session(db: &mut Db, token_hash: &str, now: Ts) -> Res<Option<Signed>> {
    let session = sessions::find(db, token_hash, now)?;
    Ok(session.and_then(|session| {
        let (seen, end) = (session.seen_at, session.expires_at);
        let signed = Signed::new(session.actor, session.account, Scopes::ALL, Some(end))?;
        Some(Signed {
            seen_at: Some(seen),
            ..signed
        })
    }))
}

/// For whom the program with this bearer token acts; the hash is `crypto::token::hash_hex` of it.
/// `None` if there is no such token or the account may not sign in. One query.
pub(crate) fn caller_of_token(db: &mut Db, token_hash: &str) -> Res<Option<Signed>> {
    let token = tokens::find(db, token_hash)?;
    Ok(token.and_then(|token| {
        Signed::new(
            token.actor,
            token.account,
            Scopes::parse(&token.scopes),
            None,
        )
    }))
}

/// The account of an actor: role, standing, email address. One query.
pub(crate) fn find(db: &mut Db, actor: ActorId) -> Res<Option<Account>> {
    accounts::find(db, actor)
}

/// The most sessions that are listed.
const MOST_SESSIONS: u32 = 100;

/// Where somebody is signed in, the session seen last first. One query.
pub(crate) fn sessions(db: &mut Db, actor: ActorId, now: Ts) -> Res<Vec<Device>> {
    sessions::list_of(db, actor, now, MOST_SESSIONS)
}

/// Which other accounts a person says are theirs, and where they went.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Whereabouts {
    /// The ids of other accounts.
    pub(crate) aliases: Vec<String>,
    /// The account to which they moved.
    pub(crate) moved: Option<Actor>,
}

/// The other accounts of a person: three queries.
pub(crate) fn whereabouts(db: &mut Db, actor: ActorId) -> Res<Whereabouts> {
    let moved = match moves::find(db, actor)? {
        Some((target, _)) => actors::find(db, target)?,
        None => None,
    };
    Ok(Whereabouts {
        aliases: moves::list_aliases(db, actor)?,
        moved,
    })
}

/// The accounts elsewhere that belong to somebody here. One query.
pub(crate) fn links_of(db: &mut Db, actor: ActorId) -> Res<Vec<Actor>> {
    links::list(db, actor)
}

/// The first so many groups that a person is in or asked to join, by title. Two queries.
pub(crate) fn groups_of(db: &mut Db, actor: ActorId, most: u32) -> Res<Vec<Actor>> {
    let groups = follows::list_groups_of(db, actor, most)?;
    veiled(db, Some(actor), groups)
}

/// One of the hub's people, as its moderators see them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PersonCard {
    /// What they show.
    pub(crate) actor: Actor,
    /// Their address.
    pub(crate) email: String,
    /// What they may do on the hub.
    pub(crate) role: Role,
    /// Whether they may sign in.
    pub(crate) standing: Standing,
}

/// The hub's people in whose name or address a text occurs, for its moderators; the newest first.
/// One query.
pub(crate) fn list(
    db: &mut Db,
    among: Among,
    text: &str,
    page: PageRequest,
) -> Res<Page<PersonCard>> {
    let card = |(actor, account): (Actor, Account)| PersonCard {
        actor,
        email: account.email,
        role: account.role,
        standing: account.standing,
    };
    Ok(accounts::list(db, among, text, page)?.map(card))
}

/// How many people wait to be let in. One query.
pub(crate) fn waiting(db: &mut Db) -> Res<i64> {
    accounts::count(db, Standing::Pending)
}

/// When and how somebody's account is deleted, if they asked for that. One query.
pub(crate) fn departure(db: &mut Db, actor: ActorId) -> Res<Option<Departure>> {
    departures::find(db, actor)
}

/// Whether somebody runs the hub: an admin who may sign in.
pub(crate) fn is_run(db: &mut Db) -> Res<bool> {
    Ok(accounts::count_admins(db)? > 0)
}
