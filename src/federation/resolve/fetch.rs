//! One signed fetch of one ActivityPub document, with the checks that make its content its
//! origin's word (federation.md 1.5 and 4.0.4).

use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::net::{Fetched, NetError};
use crate::store::actors;

use super::super::sign::Target;
use super::super::{Federation, SigningKey, sign, wire};

/// What is asked for (federation.md 1.5).
const ACCEPTED: &str = "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// Why a document could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::federation) enum FetchError {
    /// Its origin says that it is not there, or not any more.
    #[error("it is not there any more")]
    Gone,
    /// What came cannot be used, or it may not be asked for.
    #[error("{0}")]
    Unusable(String),
    /// It may be had later.
    #[error("{0}")]
    Passing(String),
}

impl From<FetchError> for Refusal {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Gone => Self::new(
                Kind::Gone,
                "fetch.gone",
                "The other server does not have it any more.",
            ),
            FetchError::Unusable(why) => Self::new(
                Kind::Invalid,
                "fetch.unusable",
                format!("What the other server sent cannot be used: {why}"),
            ),
            FetchError::Passing(why) => Self {
                source: Some(why.into()),
                ..Self::new(
                    Kind::Unavailable,
                    "fetch.failed",
                    "The other server cannot be reached, or does not answer as it should. Please \
                     check the address, or try again later.",
                )
            },
        }
    }
}

impl From<NetError> for FetchError {
    fn from(error: NetError) -> Self {
        match error {
            NetError::Refused(_) | NetError::TooLarge(_) => Self::Unusable(error.to_string()),
            _ => Self::Passing(error.to_string()),
        }
    }
}

/// A document and where it came from.
pub(in crate::federation) struct Document {
    /// The document.
    pub(in crate::federation) value: Value,
    /// The address after redirects.
    pub(in crate::federation) final_url: Url,
}

impl Federation {
    /// The document with this id: what comes must bear the id, or one of the same host under which
    /// it is then asked for once more (security.md H138).
    pub(super) async fn fetch_by_id(&self, id: &str) -> Result<Value, FetchError> {
        let wanted = Uri::parse(id)
            .ok_or_else(|| FetchError::Unusable("The id is no web address.".to_owned()))?;
        let first = self.fetch_at(wanted.without_fragment()).await?;
        let (named, same) = judge(&first, &wanted)?;
        if same {
            return Ok(first.value);
        }
        let second = self.fetch_at(named.without_fragment()).await?;
        match judge(&second, &named)? {
            (_, true) => Ok(second.value),
            _ => Err(FetchError::Unusable(
                "The document bears another id each time.".to_owned(),
            )),
        }
    }

    /// What an address serves, as the instance actor sees it; nothing is checked but its type.
    pub(in crate::federation) async fn fetch_at(&self, url: &str) -> Result<Document, FetchError> {
        let fetched = self.get(url, ACCEPTED).await?;
        check_status(fetched.status)?;
        check_type(&fetched.headers)?;
        self.document(fetched)
    }

    /// Whether an address answers with anything at all.
    pub(in crate::federation) async fn is_there(&self, url: &str) -> Result<bool, FetchError> {
        Ok(self.get(url, ACCEPTED).await?.status == StatusCode::OK)
    }

    /// What an address serves as JSON of any kind: WebFinger and NodeInfo.
    pub(in crate::federation) async fn fetch_json(
        &self,
        url: &str,
        accept: &str,
    ) -> Result<Document, FetchError> {
        let fetched = self.get(url, accept).await?;
        check_status(fetched.status)?;
        self.document(fetched)
    }

    fn document(&self, fetched: Fetched) -> Result<Document, FetchError> {
        let bounds = wire::Bounds::of(&self.settings());
        let value = wire::parse_bounded(&fetched.body, bounds)
            .map_err(|no| FetchError::Unusable(format!("{no}.")))?;
        Ok(Document {
            value,
            final_url: fetched.final_url,
        })
    }

    /// A signed GET; where a query-bearing target is refused, once more with the path alone signed.
    /// What the host took is remembered (statement 44).
    async fn get(&self, url: &str, accept: &str) -> Result<Fetched, FetchError> {
        let uri = Uri::parse(url)
            .ok_or_else(|| FetchError::Unusable("It has no web address.".to_owned()))?;
        if !self.may_fetch(&uri).await {
            return Err(FetchError::Unusable(
                "Its server is not asked by this hub.".to_owned(),
            ));
        }
        let url = uri
            .url()
            .ok_or_else(|| FetchError::Unusable("It has no web address.".to_owned()))?;
        let (host, habits) = (uri.host(), &self.memory.habits);
        let (part, other) = if habits.is_path_only(&host) {
            (Target::PathOnly, Target::Whole)
        } else {
            (Target::Whole, Target::PathOnly)
        };
        let first = self.get_signed(&url, accept, part).await?;
        let denied = |fetched: &Fetched| matches!(fetched.status.as_u16(), 401 | 403);
        if !denied(&first) || url.query().is_none() {
            return Ok(first);
        }
        let second = self.get_signed(&url, accept, other).await?;
        if !denied(&second) {
            habits.set_path_only(&host, other == Target::PathOnly);
        }
        Ok(second)
    }

    async fn get_signed(
        &self,
        url: &Url,
        accept: &str,
        part: Target,
    ) -> Result<Fetched, FetchError> {
        let signing = self.instance_key().await;
        let signing = signing.map_err(|no| FetchError::Passing(no.sentence))?;
        let now = self.now();
        let sign = move |_method: &Method, hop: &Url| -> Vec<(HeaderName, HeaderValue)> {
            let Some(signing) = &signing else {
                return Vec::new();
            };
            sign::get(&signing.key, &signing.id, hop, part, now).unwrap_or_default()
        };
        let accept = HeaderValue::try_from(accept)
            .map_err(|no| FetchError::Unusable(format!("The request cannot be made: {no}.")))?;
        let most = self.settings().federation.fetch_body.length();
        Ok(self
            .client
            .get(url, &[(ACCEPT, accept)], Some(&sign), most)
            .await?)
    }
}

impl Federation {
    /// The key with which the hub itself signs its fetches; `None` before the hub is founded.
    async fn instance_key(&self) -> Result<Option<Arc<SigningKey>>, Refusal> {
        let uri = self.names().instance();
        let store = &self.operations.store;
        let actor = store
            .look_up(move |db| actors::find_by_uri(db, uri.as_str()))
            .await;
        match actor.map_err(Refusal::from)? {
            Some(actor) => Ok(self.signing_key(actor.id).await?),
            None => Ok(None),
        }
    }
}

/// The id that the document bears, and whether it is the one asked for.
fn judge(document: &Document, wanted: &Uri) -> Result<(Uri, bool), FetchError> {
    let unusable = |why: &str| FetchError::Unusable(why.to_owned());
    let id = document
        .value
        .get("id")
        .and_then(Value::as_str)
        .and_then(Uri::parse);
    let id = id.ok_or_else(|| unusable("The document has no id."))?;
    let from = Uri::parse(document.final_url.as_str());
    let origin = from.is_some_and(|from| from.same_host(&id));
    let scheme = |uri: &Uri| uri.url().map(|url| url.scheme().to_owned());
    if !origin || !id.same_host(wanted) || scheme(&id) != scheme(wanted) {
        return Err(unusable("The document bears an id of another server."));
    }
    let same = id.as_str() == wanted.as_str() || id.url() == wanted.url();
    Ok((id, same))
}

fn check_status(status: StatusCode) -> Result<(), FetchError> {
    match status.as_u16() {
        200 => Ok(()),
        404 | 410 => Err(FetchError::Gone),
        408 | 425 | 429 | 500..=599 => Err(FetchError::Passing(format!("it answers {status}."))),
        _ => Err(FetchError::Unusable(format!("it answers {status}."))),
    }
}

/// `application/activity+json`, or `application/ld+json` with the profile; nothing else is ever
/// read as ActivityPub (security.md H137).
fn check_type(headers: &HeaderMap) -> Result<(), FetchError> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let media = values
        .next()
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let squeezed: String = media
        .to_ascii_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect();
    let mut parts = squeezed.split(';');
    let good = match parts.next() {
        Some("application/activity+json") => true,
        Some("application/ld+json") => {
            parts.any(|part| part.starts_with("profile=https://www.w3.org/ns/activitystreams"))
        }
        _ => false,
    };
    if good && values.next().is_none() {
        Ok(())
    } else {
        Err(FetchError::Unusable(
            "It is not served as ActivityPub.".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn from(url: &str, id: &str) -> Document {
        Document {
            value: json!({"id": id}),
            final_url: Url::parse(url).unwrap(),
        }
    }

    #[test]
    fn h138_a_document_bears_the_id_asked_for_or_one_of_its_host() {
        let wanted = Uri::parse("https://a.example/1").unwrap();
        let judged = |url: &str, id: &str| judge(&from(url, id), &wanted).map(|(_, same)| same);
        assert_eq!(
            judged("https://a.example/1", "https://a.example/1"),
            Ok(true)
        );
        assert_eq!(
            judged("https://a.example/1", "https://A.example/1"),
            Ok(true)
        );
        assert_eq!(
            judged("https://a.example/1", "https://a.example/2"),
            Ok(false)
        );
        assert!(judged("https://a.example/1", "https://b.example/1").is_err());
        assert!(
            judged("https://b.example/1", "https://a.example/1").is_err(),
            "redirected away"
        );
    }

    #[test]
    fn h137_only_activity_types_are_read() {
        let good = |media: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
            check_type(&headers).is_ok()
        };
        assert!(good("application/activity+json; charset=UTF-8"));
        assert!(good(
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""
        ));
        assert!(!good("application/ld+json") && !good("application/json") && !good("text/html"));
        assert!(check_type(&HeaderMap::new()).is_err());
    }
}
