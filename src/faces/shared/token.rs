//! Who asks, by bearer token. Cookies count for nothing here (security.md 5.1).

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::refusal::{Kind, Refusal};
use crate::views::account::{self, Signed};

use super::client::ClientAddress;
use super::{Failed, State, limit};

/// Whoever reads: a visitor, or somebody whose token may read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader(pub(crate) Caller);

impl Reader {
    /// For whom lists are made.
    pub(crate) fn viewer(self) -> Option<ActorId> {
        self.0.actor()
    }
}

/// Somebody who changes something, with a token that may write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer {
    /// As whom operations run.
    pub(crate) caller: Caller,
    /// Who that is.
    pub(crate) actor: ActorId,
}

impl FromRequestParts<State> for Reader {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        let signed = signed(&parts.headers, state).await?;
        let key = if let Some(signed) = &signed {
            format!("requests of {}", signed.actor.id)
        } else {
            let Ok(address) = ClientAddress::from_request_parts(parts, state).await;
            format!("requests from {}", limit::network(address.0))
        };
        let rate = state.settings().limits.requests;
        state.limiter.take(&key, rate, state.now())?;
        match signed {
            None => Ok(Self(Caller::Visitor)),
            Some(signed) if signed.scopes.read => Ok(Self(signed.caller)),
            Some(_) => Err(lacks("read").into()),
        }
    }
}

impl FromRequestParts<State> for Writer {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        let signed = signed(&parts.headers, state).await?.ok_or_else(missing)?;
        if !signed.scopes.write {
            return Err(lacks("write").into());
        }
        let actor = signed.actor.id;
        let rate = state.settings().limits.writes;
        let key = format!("writes of {actor}");
        state.limiter.take(&key, rate, state.now())?;
        Ok(Self {
            caller: signed.caller,
            actor,
        })
    }
}

/// Who the token is of; `None` without one. A token that is none is refused, so that nobody takes
/// a visitor's answers for their own.
async fn signed(headers: &HeaderMap, state: &State) -> Result<Option<Signed>, Failed> {
    let Some(token) = bearer(headers)? else {
        return Ok(None);
    };
    let hash = token::hash_hex(token);
    let found = state.look_up(move |db| account::caller_of_token(db, &hash));
    Ok(Some(found.await?.ok_or_else(unknown)?))
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (first, second) = (lines.next(), lines.next());
    let Some(line) = first else { return Ok(None) };
    let token = line.to_str().ok().and_then(|line| {
        let (scheme, token) = line.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(token.trim())
    });
    match (token, second) {
        (Some(token), None) if !token.is_empty() && token.len() <= 256 => Ok(Some(token)),
        _ => Err(unknown()),
    }
}

fn missing() -> Refusal {
    let sentence = "Please send a token, as in the header Authorization: Bearer TOKEN; \
                    `guildhall token create NAME` makes one.";
    Refusal::new(Kind::Unauthenticated, "token.required", sentence)
}

fn unknown() -> Refusal {
    let sentence = "This token is not known here, was taken back, or is written wrongly; send one \
                    header Authorization: Bearer TOKEN.";
    Refusal::new(Kind::Unauthenticated, "token.unknown", sentence)
}

fn lacks(scope: &str) -> Refusal {
    let sentence = format!("This token may not {scope}; make one with the scope {scope}.");
    Refusal::forbidden("token.scope", sentence)
}
