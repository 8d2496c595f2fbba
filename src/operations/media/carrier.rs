//! The way to the bucket, over the network room.

use async_trait::async_trait;
use url::Url;

use crate::media::{Carried, Carrier, Method};
use crate::net::Service;

/// The most bytes of an object that are fetched; a picture has far fewer.
const MOST: usize = 128 << 20;

#[async_trait]
impl Carrier for Service {
    async fn carry(&self, method: Method, url: &Url, body: Vec<u8>) -> Result<Carried, String> {
        let method = match method {
            Method::Put => http::Method::PUT,
            Method::Get => http::Method::GET,
            Method::Delete => http::Method::DELETE,
        };
        let served = self.send(method, url, body, MOST).await;
        let served = served.map_err(|error| error.to_string())?;
        Ok(Carried {
            status: served.status,
            body: served.body.into(),
        })
    }
}
