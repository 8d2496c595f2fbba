//! Which server asks for a document, where that matters: in secure mode only those that sign are
//! given one (federation.md 3.5).

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;

use super::answer::Keep;
use super::asker;
use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::{Failed, State};
use crate::federation::keys::PAUSE;
use crate::federation::receive::Rejection;

/// Whoever asks, unless their server is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Everybody is answered alike.
    Anybody,
    /// In secure mode, somebody who signed.
    Signed,
    /// In secure mode, somebody who did not.
    Unsigned,
}

impl Peer {
    /// Who may keep what they are answered with.
    pub(super) fn keep(self) -> Keep {
        match self {
            Self::Anybody => Keep::Shared,
            Self::Signed | Self::Unsigned => Keep::Private,
        }
    }
}

impl FromRequestParts<State> for Peer {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        let federation = &state.federation;
        let refused = federation.refuse_blocked(&parts.headers).await;
        refused.map_err(failed)?;
        if !state.settings().federation.secure_mode {
            return Ok(Self::Anybody);
        }
        match signer(parts, state).await? {
            Some(_) => Ok(Self::Signed),
            None => Ok(Self::Unsigned),
        }
    }
}

/// The same, where those who did not sign in secure mode are given nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known(pub(super) Peer);

impl FromRequestParts<State> for Known {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        match Peer::from_request_parts(parts, state).await? {
            Peer::Unsigned => Err(Refusal::new(
                Kind::Unauthenticated,
                "signature.required",
                "Sign the request: this hub shows its documents to servers that it knows.",
            )
            .into()),
            peer => Ok(Self(peer)),
        }
    }
}

/// Who asks, if they signed: for what only some servers may have.
#[derive(Clone, Debug)]
pub(super) struct Asker(pub(super) Option<Uri>);

impl FromRequestParts<State> for Asker {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Failed> {
        signer(parts, state).await.map(Self)
    }
}

/// The actor who signed a request, if somebody did.
async fn signer(parts: &mut Parts, state: &State) -> Result<Option<Uri>, Failed> {
    let Ok(asker) = asker::Asker::from_request_parts(parts, state).await;
    asker.reader(state).await.map_err(failed)
}

fn failed(no: Rejection) -> Failed {
    let kind = match no.status {
        403 => Kind::Forbidden,
        429 => Kind::Limited { retry_after: PAUSE },
        503 => Kind::Unavailable,
        _ => Kind::Unauthenticated,
    };
    let status = StatusCode::from_u16(no.status).unwrap_or(StatusCode::UNAUTHORIZED);
    Failed::with_status(Refusal::new(kind, "signature.refused", no.sentence), status)
}
