//! A bucket that speaks S3: requests are signed here and carried by whoever knows the network.

use std::time::Duration;

use async_trait::async_trait;
use rusty_s3::{Bucket as Place, Credentials, S3Action as _, UrlStyle};
use url::Url;

use super::cupboard::CupboardError;
use crate::domain::clock::Ts;
use crate::domain::media::FileName;
use crate::settings;

/// How long a signed request may be on its way.
const SIGNED_FOR: Duration = Duration::from_mins(5);

/// What is asked of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Keep this.
    Put,
    /// Give that.
    Get,
    /// Forget that.
    Delete,
}

/// What a bucket answered.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Carries requests to a service that the operator named.
#[async_trait]
pub(crate) trait Carrier: Send + Sync {
    /// Sends a request; what went wrong is said in a few words without the address, which is
    /// signed.
    async fn carry(&self, method: Method, url: &Url, body: Vec<u8>) -> Result<Carried, String>;
}

/// A bucket and the key to it.
pub(super) struct Bucket {
    place: Result<Place, String>,
    credentials: Credentials,
}

impl Bucket {
    /// The bucket of the settings.
    pub(super) fn new(settings: &settings::Media) -> Self {
        let style = if settings.s3_path_style {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let (name, region) = (settings.s3_bucket.clone(), settings.s3_region.clone());
        let place = Url::parse(&settings.s3_endpoint)
            .map_err(|error| error.to_string())
            .and_then(|endpoint| {
                Place::new(endpoint, style, name, region).map_err(|error| error.to_string())
            });
        let secret = settings.s3_secret.expose();
        Self {
            place,
            credentials: Credentials::new(settings.s3_key.as_str(), secret),
        }
    }

    pub(super) async fn put(
        &self,
        way: &dyn Carrier,
        name: &FileName,
        bytes: Vec<u8>,
        now: Ts,
    ) -> Result<(), CupboardError> {
        self.ask(way, Method::Put, name, bytes, now).await.map(drop)
    }

    pub(super) async fn get(
        &self,
        way: &dyn Carrier,
        name: &FileName,
        now: Ts,
    ) -> Result<Option<Vec<u8>>, CupboardError> {
        self.ask(way, Method::Get, name, Vec::new(), now).await
    }

    pub(super) async fn delete(
        &self,
        way: &dyn Carrier,
        name: &FileName,
        now: Ts,
    ) -> Result<(), CupboardError> {
        let gone = self.ask(way, Method::Delete, name, Vec::new(), now).await;
        gone.map(drop)
    }

    /// What was answered; `None`: there is no such object.
    async fn ask(
        &self,
        way: &dyn Carrier,
        method: Method,
        name: &FileName,
        body: Vec<u8>,
        now: Ts,
    ) -> Result<Option<Vec<u8>>, CupboardError> {
        let url = self.url(method, name, now)?;
        let carried = way.carry(method, &url, body).await;
        let carried = carried.map_err(CupboardError::Bucket)?;
        match carried.status {
            200..300 => Ok(Some(carried.body)),
            404 if method != Method::Put => Ok(None),
            507 => Err(CupboardError::Full),
            status => Err(CupboardError::Bucket(format!("it answered {status}"))),
        }
    }

    fn url(&self, method: Method, name: &FileName, now: Ts) -> Result<Url, CupboardError> {
        let place = self.place.as_ref();
        let place = place.map_err(|error| CupboardError::Bucket(error.clone()))?;
        let at = jiff::Timestamp::from_microsecond(now.0)
            .map_err(|error| CupboardError::Bucket(error.to_string()))?;
        let shelf = name.key.get(..2).unwrap_or("00");
        let object = format!("media/{shelf}/{name}");
        let key = Some(&self.credentials);
        Ok(match method {
            Method::Put => place
                .put_object(key, &object)
                .sign_with_time(SIGNED_FOR, &at),
            Method::Get => place
                .get_object(key, &object)
                .sign_with_time(SIGNED_FOR, &at),
            Method::Delete => place
                .delete_object(key, &object)
                .sign_with_time(SIGNED_FOR, &at),
        })
    }
}
