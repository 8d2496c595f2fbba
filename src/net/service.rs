//! A client for services that the operator names in the settings, such as a bucket for pictures:
//! those may be on a private network, so nothing is refused, and nothing that people send decides
//! what is asked.

use http::Method;
use reqwest::Client;
use url::Url;

use super::{Bytes, Limits, NetError, causes, explain};

/// What a service answered.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Bytes,
}

/// The client. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    inner: Client,
    limits: Limits,
}

impl Service {
    /// A client with these limits.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    #[expect(clippy::disallowed_methods, reason = "this room is the only way out")]
    pub(crate) fn new(limits: Limits) -> Result<Self, NetError> {
        let agent = concat!("guildhall/", env!("CARGO_PKG_VERSION"));
        let builder = || {
            Client::builder()
                .user_agent(agent)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .http1_only()
                .connect_timeout(limits.connect)
                .read_timeout(limits.idle)
                .timeout(limits.post)
        };
        // As for other servers: without certificates, plain HTTP still works.
        let inner = builder()
            .build()
            .or_else(|_untrusting| builder().tls_certs_only([]).build());
        Ok(Self {
            inner: inner.map_err(|fault| NetError::Tls(causes(&fault)))?,
            limits,
        })
    }

    /// Sends a request; redirects are not followed. The body of the answer has at most `max_bytes`.
    ///
    /// # Errors
    /// If there is no whole answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: &Url,
        body: Vec<u8>,
        max_bytes: usize,
    ) -> Result<Served, NetError> {
        let request = self.inner.request(method, url.clone()).body(body);
        let deliver = Box::pin(async {
            let response = request.send().await.map_err(|fault| explain(&fault))?;
            super::read(response, url.clone(), max_bytes).await
        });
        let fetched = tokio::time::timeout(self.limits.post, deliver)
            .await
            .map_err(|_elapsed| NetError::Timeout)??;
        Ok(Served {
            status: fetched.status.as_u16(),
            body: fetched.body,
        })
    }
}
