//! Who reads: the signature of a GET, where it matters who asks (federation.md 3.3 and 3.5).

use http::{HeaderMap, Method};

use crate::domain::caller::Viewer;
use crate::domain::ids::Uri;
use crate::store::instances;

use super::receive::Rejection;
use super::verify;
use super::{Federation, admit, document};

/// A request for a document, as a face passes it on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// Path and query, as they came.
    pub(crate) target: &'a str,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The network it came from.
    pub(crate) from: &'a str,
}

impl Federation {
    /// The actor who signed a request; `None` if nobody did.
    ///
    /// # Errors
    /// If the signature is no good, its key cannot be had, or its server is not heard.
    pub(crate) async fn reader(&self, question: Question<'_>) -> Result<Option<Uri>, Rejection> {
        let Question {
            method,
            target,
            headers,
            from,
        } = question;
        if !is_signed(headers) {
            return Ok(None);
        }
        let settings = self.settings();
        let hosts = [self.names().host().to_owned()];
        let ours = Self::ours(&settings, &hosts);
        let presented = verify::parse(method, target, headers, &ours, self.now())?;
        let key_id = Uri::parse(&presented.key_id_text)
            .ok_or_else(|| Rejection::new(401, "The key id is no usable address."))?;
        self.admit(&key_id).await?;
        let signer = self.signer(&presented, &key_id, from).await?;
        let signer = signer.ok_or(verify::Rejected::Signature)?;
        Ok(Uri::parse(&signer))
    }

    /// For whom a request reads: the server of the actor who signed it, or anybody.
    pub(crate) async fn viewer(&self, question: Question<'_>) -> Viewer {
        let reader = match self.reader(question).await {
            Ok(Some(reader)) => reader,
            Ok(None) => return Viewer::Visitor,
            Err(no) => {
                tracing::debug!(why = %no.sentence, "a signed request reads like anybody");
                return Viewer::Visitor;
            }
        };
        let store = &self.operations.store;
        let host = reader.host();
        let found = store
            .read(move |db| instances::find_by_host(db, &host))
            .await;
        match found {
            Ok(Some(instance)) => Viewer::Server(instance.id),
            Ok(None) | Err(_) => Viewer::Visitor,
        }
    }

    /// Refuses who names a key of a server that is not heard; nothing is verified for that.
    ///
    /// # Errors
    /// If the key named in these headers lies on such a server.
    pub(crate) async fn refuse_blocked(&self, headers: &HeaderMap) -> Result<(), Rejection> {
        match document::signing_host(headers) {
            Some(host) if !self.operations.admits(&host).await? => Err(admit::blocked()),
            _ => Ok(()),
        }
    }
}

/// Whether there is a signature in either scheme, good or not.
fn is_signed(headers: &HeaderMap) -> bool {
    let named = ["signature", "signature-input"];
    let scheme = |value: &http::HeaderValue| value.as_bytes().starts_with(b"Signature ");
    named.iter().any(|name| headers.contains_key(*name))
        || headers.get(http::header::AUTHORIZATION).is_some_and(scheme)
}
