//! Who asks for what only members of a private group may have: the server that signed the request
//! (federation.md 3.5).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, Method};

use super::answer::Keep;
use crate::domain::caller::Viewer;
use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;
use crate::faces::shared::client::ClientAddress;
use crate::faces::shared::{State, limit};
use crate::federation::reader::Question;
use crate::federation::receive::Rejection;
use crate::views::Snapshot;

/// A request, as far as a signature covers it.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    method: Method,
    target: String,
    /// Its headers.
    pub(super) headers: HeaderMap,
    from: String,
}

impl FromRequestParts<State> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let target = parts.uri.path_and_query();
        Ok(Self {
            method: parts.method.clone(),
            target: target.map_or("/", |target| target.as_str()).to_owned(),
            headers: parts.headers.clone(),
            from: limit::network(address),
        })
    }
}

impl Asker {
    fn question(&self) -> Question<'_> {
        Question {
            method: &self.method,
            target: &self.target,
            headers: &self.headers,
            from: &self.from,
        }
    }

    /// The server that signed the request, if its signature is good; else anybody.
    pub(super) async fn viewer(&self, state: &State) -> Viewer {
        state.federation.viewer(self.question()).await
    }

    /// The actor that signed the request, if somebody did.
    ///
    /// # Errors
    /// If the signature is no good, its key cannot be had, or its server is not heard.
    pub(super) async fn reader(&self, state: &State) -> Result<Option<Uri>, Rejection> {
        state.federation.reader(self.question()).await
    }

    /// The actor that signed the request, if the signature is good.
    pub(super) async fn signer(&self, state: &State) -> Option<Uri> {
        self.reader(state).await.ok().flatten()
    }

    /// What anybody is shown (who may `keep` it so long), or else the server that asks; signatures are looked at only where
    /// that makes a difference.
    pub(super) async fn find<T: Send + 'static>(
        &self,
        state: &State,
        keep: Keep,
        view: impl Fn(&mut Snapshot, Viewer) -> Result<Option<T>, Refusal> + Clone + Send + 'static,
    ) -> Result<Option<(T, Keep)>, Refusal> {
        let open = view.clone();
        let found = state.read(move |db| open(db, Viewer::Visitor)).await?;
        if let Some(found) = found {
            return Ok(Some((found, keep)));
        }
        match self.viewer(state).await {
            Viewer::Visitor => Ok(None),
            viewer => {
                let found = state.read(move |db| view(db, viewer)).await?;
                Ok(found.map(|found| (found, Keep::Private)))
            }
        }
    }
}
