//! Somebody looks at a page: who they are, in which language they read, what they asked for.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::crypto::token;
use crate::domain::actor::Actor;
use crate::domain::announcement::Announcement;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, AnnouncementId, CommentId, Handle, ObjectId, PostId};
use crate::domain::look::Look;
use crate::domain::page::{Cursor, PageRequest};
use crate::domain::refusal::Refusal;
use crate::faces::shared::State;
use crate::faces::shared::client::ClientAddress;
use crate::faces::shared::cookie::Cookie;
use crate::faces::shared::extract::Number;
use crate::faces::shared::kept::{Key, Moment};
use crate::faces::shared::theme::Theme;
use crate::faces::shared::{csrf, language, limit};
use crate::operations::account::RenewSession;
use crate::settings::{Rate, Settings};
use crate::views;
use crate::views::account::Signed;

use super::answer;

/// Pages at longer addresses are made for each visitor.
const MOST_SHARED_PATH: usize = 256;
/// Groups of somebody that every page names.
const OWN_GROUPS: u32 = 12;

/// One look at a page. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Visit(Arc<Inner>);

/// What stands beside every page for somebody who is signed in.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// What waits for them to be read.
    pub(super) unread: Unread,
    /// Their groups, as many as there is room for.
    pub(super) groups: Vec<Actor>,
    /// How much waits for them as a moderator; `None`: they moderate nothing.
    pub(super) waiting: Option<i64>,
}

/// What waits for somebody to be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unread {
    /// Notices.
    pub(super) notices: i64,
    /// Conversations.
    pub(super) messages: i64,
}

/// What is known of a visit.
pub(crate) struct Inner {
    /// What handlers work with.
    pub(super) state: State,
    /// The settings in force.
    pub(super) settings: Arc<Settings>,
    /// The moment.
    pub(super) now: Ts,
    /// Who is signed in.
    pub(super) signed: Option<Signed>,
    /// What stands beside every page for them.
    pub(super) own: Own,
    /// The language of the page.
    pub(super) language: String,
    /// Light or dark, and how dense.
    pub(super) look: Look,
    /// The hub's own look.
    pub(super) theme: Arc<Theme>,
    /// What admins tell them, and they have not read.
    pub(super) announcements: Vec<Announcement>,
    /// Which announcements they have read, as their browser remembers it.
    pub(super) read: Vec<i64>,
    /// What was just done, to be said once.
    pub(super) note: Option<String>,
    /// Where they are at home, as they said before.
    pub(super) home: Option<String>,
    /// What stands for a proof of an account elsewhere.
    pub(super) proof: Option<String>,
    /// Cookies to be set with the answer.
    pub(super) cookies: Vec<String>,
    /// Path and query.
    pub(super) path: String,
    /// The local page from which somebody came.
    pub(super) referer: Option<String>,
    /// What the browser is, for the list of sessions.
    pub(super) device: String,
    /// Whether a script sent what is answered, and goes itself where that leads.
    pub(super) goes_itself: bool,
    address: IpAddr,
    with_cookies: bool,
    session: Option<String>,
    seed: String,
    fresh_seed: bool,
    params: Vec<(String, String)>,
    query: Vec<(String, String)>,
}

impl Deref for Visit {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Visit {
    /// Reads a visit from a request.
    async fn read(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let settings = state.settings();
        let secure = !settings.federation.development;
        let headers = parts.headers.clone();
        let session = Cookie::Session.read(&headers, secure);
        let (signed, own) = who(state, session.clone()).await?;
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
        let key = match &signed {
            Some(signed) => format!("requests of {}", signed.actor.id),
            None => format!("requests from {}", limit::network(address)),
        };
        state
            .limiter
            .take(&key, settings.limits.requests, state.now())?;
        let session = session.filter(|_| signed.is_some());
        let mut cookies = Vec::new();
        if let (Some(signed), Some(token)) = (&signed, &session) {
            cookies.extend(renew(state, &settings, signed, token).await?);
        }
        let cookie = Cookie::Language.read(&headers, secure);
        let kept = signed.as_ref().and_then(|signed| signed.language.clone());
        let chosen = kept.or(cookie);
        let language = answer_language(state, &settings, chosen.as_deref(), &headers);
        let kept = signed.as_ref().and_then(|signed| signed.look);
        let cookie = Cookie::Look.read(&headers, secure).unwrap_or_default();
        let look = kept.unwrap_or_else(|| Look::parse(&cookie));
        let note = Cookie::Note.read(&headers, secure);
        let seed = Cookie::Seed.read(&headers, secure);
        let read = Cookie::Read.read(&headers, secure).unwrap_or_default();
        let read: Vec<i64> = read.split('.').filter_map(|id| id.parse().ok()).collect();
        let params = params(parts, state).await;
        let actor = signed.as_ref().map(|signed| signed.actor.id);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self(Arc::new(Inner {
            state: state.clone(),
            now: state.now(),
            address,
            with_cookies: headers.contains_key(header::COOKIE),
            referer: referer(&headers, &settings.base_url()),
            device: device(&headers),
            goes_itself: wants_place(&headers),
            home: Cookie::Home.read(&headers, secure),
            proof: Cookie::Proof.read(&headers, secure),
            fresh_seed: seed.is_none(),
            seed: seed.unwrap_or_else(token::random),
            query: pairs(parts.uri.query().unwrap_or_default()),
            path: path.to_owned(),
            settings,
            signed,
            own,
            language,
            look,
            theme: state.themes.of(state).await,
            announcements: unread(state, actor, &read).await?,
            read,
            note,
            cookies,
            session,
            params,
        })))
    }

    /// The answer to a request that cannot even be looked at.
    fn turn_away(state: &State, headers: &HeaderMap, refusal: &Refusal) -> Response {
        let settings = state.settings();
        let language = answer_language(state, &settings, None, headers);
        answer::bare(state, &language, refusal)
    }
}

impl FromRequestParts<State> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let read = Self::read(parts, state).await;
        read.map_err(|refusal| Self::turn_away(state, &parts.headers, &refusal))
    }
}

impl Inner {
    /// As whom views and operations run.
    pub(super) fn caller(&self) -> Caller {
        self.signed
            .as_ref()
            .map_or(Caller::Visitor, |signed| signed.caller)
    }

    /// What the page depends on, if it is the same for everybody without cookies.
    pub(super) fn shared(&self) -> Option<(Key, Moment)> {
        let own = self.with_cookies || self.path.len() > MOST_SHARED_PATH;
        let key = Key {
            language: self.language.clone(),
            path: self.path.clone(),
        };
        let moment = Moment {
            settings: Arc::clone(&self.settings),
            changes: self.state.operations().changes(),
            now: self.now,
        };
        (!own).then_some((key, moment))
    }

    /// The actor of who is signed in.
    pub(super) fn actor(&self) -> Option<ActorId> {
        self.signed.as_ref().map(|signed| signed.actor.id)
    }

    /// The hash under which the session is stored.
    pub(super) fn session_hash(&self) -> Option<String> {
        self.session.as_deref().map(token::hash_hex)
    }

    /// What this browser's form tokens are made from.
    pub(super) fn secret(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.seed)
    }

    /// The token of the forms of this page.
    pub(super) fn form_token(&self) -> String {
        csrf::form_token(self.secret())
    }

    /// Whether cookies travel over HTTPS only.
    pub(super) fn secure(&self) -> bool {
        !self.settings.federation.development
    }

    /// The cookie that a page with a form gives a visitor who has none yet.
    pub(super) fn seed_cookie(&self) -> Option<String> {
        let wanted = self.fresh_seed && self.session.is_none();
        wanted.then(|| Cookie::Seed.set(&self.seed, None, self.secure()))
    }

    /// The key of a limit of the address from which somebody comes.
    pub(super) fn key_of_address(&self, what: &str) -> String {
        format!("{what} from {}", limit::network(self.address))
    }

    /// Counts something of which there may be only so much.
    pub(super) fn count(&self, key: &str, rate: Rate) -> Result<(), Refusal> {
        self.state.limiter.take(key, rate, self.now)
    }

    /// A part of the path, by its name in the route.
    pub(super) fn param(&self, name: &str) -> &str {
        find(&self.params, name).unwrap_or_default()
    }

    /// A part of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The `{name}` of the path as a handle; the hub's own host is left out.
    pub(super) fn handle(&self) -> Result<Handle, Refusal> {
        let missing = || Refusal::not_found("page.not_found", "There is no such page.");
        let handle = Handle::parse(self.param("name")).ok_or_else(missing)?;
        Ok(self.here(handle))
    }

    /// A handle without the hub's own host.
    pub(super) fn here(&self, mut handle: Handle) -> Handle {
        if handle.host.as_deref() == Some(self.state.names().host()) {
            handle.host = None;
        }
        handle
    }

    /// The same page under the local name as its id has it, if somebody wrote it otherwise.
    pub(super) fn in_lower_case(&self) -> Option<String> {
        let name = self.param("name");
        let other = !name.contains('@') && name.contains(|c: char| c.is_ascii_uppercase());
        other.then(|| self.path.replacen(name, &name.to_ascii_lowercase(), 1))
    }

    /// The `{id}` of the path as a post.
    pub(super) fn post(&self) -> Result<PostId, Refusal> {
        self.number().map(PostId)
    }

    /// The `{id}` of the path as a comment.
    pub(super) fn comment(&self) -> Result<CommentId, Refusal> {
        self.number().map(CommentId)
    }

    /// The `{id}` of the path as what the path says it is.
    pub(super) fn object(&self) -> Result<ObjectId, Refusal> {
        if self.path.starts_with("/comment/") {
            self.comment().map(ObjectId::Comment)
        } else {
            self.post().map(ObjectId::Post)
        }
    }

    /// The part of a list that is asked for.
    pub(super) fn page(&self, limit: u32) -> PageRequest {
        let after = self.query("after").and_then(Cursor::decode);
        PageRequest {
            after,
            ..PageRequest::first(limit)
        }
    }

    /// The `{id}` of the path.
    pub(super) fn number(&self) -> Result<i64, Refusal> {
        let number = Number::parse(self.param("id")).map(|Number(number)| number);
        number.ok_or_else(|| Refusal::not_found("page.not_found", "There is no such page."))
    }
}

/// Whether addresses are accepted instead of pages (`text/uri-list`, RFC 2483 5).
fn wants_place(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| accept.as_bytes().starts_with(b"text/uri-list"))
}

/// Whether somebody may be led to this path after a form: local, and nothing a browser would take
/// for another host (security.md H184).
pub(super) fn is_local_path(path: &str) -> bool {
    let local = path.starts_with('/') && !path.starts_with("//") && path.len() <= 1024;
    local
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// The pairs of a query or a form.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .take(100)
        .collect()
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// Who is behind a session, and what stands beside every page for them.
async fn who(state: &State, session: Option<String>) -> Result<(Option<Signed>, Own), Refusal> {
    let Some(session) = session else {
        return Ok((None, Own::default()));
    };
    let (hash, now) = (token::hash_hex(&session), state.federation.now());
    let look = state.read(move |db| {
        let signed = views::account::caller_of_session(db, &hash, now)?;
        let own = match &signed {
            Some(signed) => Own {
                unread: Unread {
                    notices: views::notice::unread(db, signed.actor.id)?,
                    messages: views::message::unread(db, signed.actor.id)?,
                },
                groups: views::account::groups_of(db, signed.actor.id, OWN_GROUPS)?,
                waiting: views::queue::count(db, signed.caller, now)?,
            },
            None => Own::default(),
        };
        Ok::<_, Refusal>((signed, own))
    });
    look.await
}

/// What admins tell somebody, and they have not read: by their account, or by their browser.
async fn unread(
    state: &State,
    actor: Option<ActorId>,
    read: &[i64],
) -> Result<Vec<Announcement>, Refusal> {
    let (all, now) = (state.announcements.of(state).await, state.now());
    let mut shown: Vec<Announcement> = all
        .iter()
        .filter(|one| one.is_for(actor.is_some(), now))
        .cloned()
        .collect();
    match actor {
        _ if shown.is_empty() => {}
        None => shown.retain(|one| !read.contains(&one.id.0)),
        Some(actor) => {
            let ids: Vec<AnnouncementId> = shown.iter().map(|one| one.id).collect();
            let look = state.read(move |db| views::announcement::read(db, actor, &ids));
            let read = look.await?;
            shown.retain(|one| !read.contains(&one.id));
        }
    }
    Ok(shown)
}

/// Lets a session live on when half of its time is over.
async fn renew(
    state: &State,
    settings: &Settings,
    signed: &Signed,
    session: &str,
) -> Result<Option<String>, Refusal> {
    let lifetime = settings.accounts.session_lifetime.seconds();
    if !signed.renewable(lifetime, state.federation.now()) {
        return Ok(None);
    }
    let renew = RenewSession {
        token_hash: token::hash_hex(session),
    };
    state.operations().run(signed.caller, renew).await?;
    Ok(Some(session_cookie(settings, session)))
}

/// The cookie that keeps a session.
pub(super) fn session_cookie(settings: &Settings, session: &str) -> String {
    let age = u64::try_from(settings.accounts.session_lifetime.seconds()).ok();
    Cookie::Session.set(session, age, !settings.federation.development)
}

/// The hub's languages for which there are texts, the default first.
pub(super) fn languages(state: &State, settings: &Settings) -> Vec<String> {
    let known = |code: &&String| state.pages.languages().any(|known| known == code.as_str());
    let mut codes: Vec<String> = settings
        .instance
        .languages
        .iter()
        .filter(known)
        .cloned()
        .collect();
    if codes.is_empty() {
        codes.extend(state.pages.languages().take(1).map(str::to_owned));
    }
    codes
}

fn answer_language(
    state: &State,
    settings: &Settings,
    chosen: Option<&str>,
    headers: &HeaderMap,
) -> String {
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let offered = languages(state, settings);
    language::pick(&offered, chosen, accept.unwrap_or_default()).unwrap_or_else(|| "en".to_owned())
}

async fn params(parts: &mut Parts, state: &State) -> Vec<(String, String)> {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else {
        return Vec::new();
    };
    params
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT);
    crate::text::device::name(
        agent
            .and_then(|agent| agent.to_str().ok())
            .unwrap_or_default(),
    )
}

/// The path of the page from which somebody came, if it is one of the hub's own.
fn referer(headers: &HeaderMap, base: &str) -> Option<String> {
    let text = headers.get(header::REFERER)?.to_str().ok()?;
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let url = url::Url::parse(text).ok()?;
    let own = host.is_some_and(|host| crate::domain::ids::host_of(&url) == host);
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    ((own || text.starts_with(&format!("{base}/"))) && is_local_path(&path)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_host() {
        for path in ["/", "/c/drivers?sort=top", "/post/1"] {
            assert!(is_local_path(path), "{path}");
        }
        for path in [
            "//evil.example",
            "/\\evil.example",
            "https:evil",
            "javascript:x",
            "",
            "/a b",
        ] {
            assert!(!is_local_path(path), "{path}");
        }
    }
}
