//! The one way out: an HTTP client that refuses private addresses and bounds time and size.
//!
//! Names are resolved by our own resolver, which hands the connector checked addresses only; redirects are followed
//! here, each hop checked and signed anew. No proxy is taken from the environment.

mod guard;
pub(crate) mod limit;
mod resolve;
mod service;

use std::error::Error as _;
use std::io;
use std::time::Duration;

use http::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use reqwest::{RequestBuilder, Response};
use url::Url;

pub(crate) use guard::{Refused, check_url};
pub(crate) use service::Service;
pub(crate) use tokio_util::bytes::Bytes;

use resolve::{Lookup, Resolver};

/// What is read of an answer to a POST, in bytes; a longer one costs its connection.
const MOST_OF_ANSWER: usize = 16 * 1024;
/// What is kept of it for people to read, in characters.
const SHOWN_OF_ANSWER: usize = 200;
/// The longest wait that a peer may ask for.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// The longest address in a redirect, in bytes.
const LONGEST_LOCATION: usize = 2048;

/// Time, size and number limits of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Until a connection stands, look-up and TLS included.
    pub(crate) connect: Duration,
    /// Silence within an answer.
    pub(crate) idle: Duration,
    /// All of a fetch, redirects included.
    pub(crate) fetch: Duration,
    /// All of a delivery.
    pub(crate) post: Duration,
    /// Redirects that a fetch follows.
    pub(crate) redirects: usize,
    /// Idle connections that are kept for each host.
    pub(crate) kept_per_host: usize,
    /// How long they are kept.
    pub(crate) kept: Duration,
    /// How long the addresses of a name are remembered.
    pub(crate) names: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            idle: Duration::from_secs(8),
            fetch: Duration::from_secs(15),
            post: Duration::from_secs(15),
            redirects: 3,
            kept_per_host: 16,
            kept: Duration::from_mins(1),
            names: Duration::from_mins(1),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NetError {
    /// The address may not be spoken to; asking again is of no use.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The name has no address.
    #[error("The host name could not be resolved.")]
    Dns,
    /// No connection.
    #[error("No connection could be made: {0}")]
    Connect(String),
    /// No trusted TLS session.
    #[error("TLS failed: {0}")]
    Tls(String),
    /// It took too long.
    #[error("The server did not answer in time.")]
    Timeout,
    /// The answer is longer than was asked for.
    #[error("The answer is longer than {0} bytes.")]
    TooLarge(usize),
    /// The answer was no good HTTP, or broke off.
    #[error("The server did not speak proper HTTP: {0}")]
    Http(String),
}

/// An answer to a GET.
#[derive(Debug, Clone)]
pub(crate) struct Fetched {
    /// Any status but a redirect that could be followed.
    pub(crate) status: StatusCode,
    /// The headers of the last answer.
    pub(crate) headers: HeaderMap,
    /// The body after decompression, within the limit.
    pub(crate) body: Bytes,
    /// Where the answer came from, after redirects.
    pub(crate) final_url: Url,
}

/// An answer to a POST. Redirects are not followed.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// How long the peer asks us to wait, at most a day.
    pub(crate) retry_after: Option<Duration>,
    /// Whether the peer says how it wants requests signed (RFC 9421, section 5.1).
    pub(crate) accept_signature: bool,
    /// The first 200 characters of the body on one line, without control characters, for the log.
    pub(crate) body_start: String,
}

/// Headers to send.
pub(crate) type Headers = Vec<(HeaderName, HeaderValue)>;
/// Makes the headers that sign one hop; signatures cover the address, so each hop needs its own.
pub(crate) type Signer<'a> = &'a (dyn Fn(&Method, &Url) -> Headers + Send + Sync);

/// The client for everything that leaves the hub over HTTP. Cloning is cheap and shares connections.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    inner: reqwest::Client,
    limits: Limits,
    development: bool,
}

impl Client {
    /// Makes the client of the hub at `host`. `development` allows http, all ports and loopback addresses.
    pub(crate) fn new(host: &str, limits: Limits, development: bool) -> Result<Self, NetError> {
        Self::with_lookup(host, limits, development, resolve::system)
    }

    fn with_lookup(
        host: &str,
        limits: Limits,
        development: bool,
        lookup: Lookup,
    ) -> Result<Self, NetError> {
        let scheme = if development { "http" } else { "https" };
        let agent = format!(
            "guildhall/{} (+{scheme}://{host}/)",
            env!("CARGO_PKG_VERSION")
        );
        let resolver = Resolver::new(limits.names, development, lookup);
        let trusting = builder(&agent, &limits, resolver.clone()).build();
        let inner = trusting.or_else(|fault| {
            // A machine without certificates can still serve, and fetch in development.
            tracing::warn!(error = %causes(&fault), "no trusted certificates: https to other servers will fail; install ca-certificates");
            builder(&agent, &limits, resolver).tls_certs_only([]).build()
        });
        let inner = inner.map_err(|fault| NetError::Tls(causes(&fault)))?;
        Ok(Self {
            inner,
            limits,
            development,
        })
    }

    /// Fetches an address, following a few redirects. `max_bytes` counts after decompression.
    ///
    /// Every status is an answer; only a redirect that may not be followed is an error.
    pub(crate) async fn get(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        signer: Option<Signer<'_>>,
        max_bytes: usize,
    ) -> Result<Fetched, NetError> {
        let fetch = Box::pin(self.follow(url, headers, signer, max_bytes));
        tokio::time::timeout(self.limits.fetch, fetch)
            .await
            .map_err(|_elapsed| NetError::Timeout)?
    }

    /// Fetches the beginning of what an address serves as one of these media types, without asking who
    /// we are: what is longer is cut at `max_bytes`, what is of another type or no success is not read.
    pub(crate) async fn get_start(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        kinds: &[&str],
        max_bytes: usize,
    ) -> Result<Option<Fetched>, NetError> {
        let fetch = Box::pin(async {
            let (response, final_url) = self.answer_to(url, headers, None).await?;
            let kind = response.headers().get(CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            let kind = kind.split(';').next().unwrap_or_default().trim();
            let wanted = kinds.iter().any(|one| one.eq_ignore_ascii_case(kind));
            if !wanted || !response.status().is_success() {
                return Ok(None);
            }
            read_start(response, final_url, max_bytes).await.map(Some)
        });
        tokio::time::timeout(self.limits.fetch, fetch)
            .await
            .map_err(|_elapsed| NetError::Timeout)?
    }

    /// Delivers a body once, with exactly these headers besides the usual ones.
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: Headers,
        body: Bytes,
    ) -> Result<Answer, NetError> {
        check_url(url, self.development)?;
        let request = add(self.inner.post(url.clone()), headers).body(body);
        let deliver = Box::pin(async {
            let response = request.send().await.map_err(|fault| explain(&fault))?;
            Ok(answer(response).await)
        });
        tokio::time::timeout(self.limits.post, deliver)
            .await
            .map_err(|_elapsed| NetError::Timeout)?
    }

    /// Asks once, with a body if there is one, and reads the answer. A redirect is an answer, so
    /// that nothing secret travels on to another host.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: &Url,
        headers: Headers,
        body: Bytes,
        max_bytes: usize,
    ) -> Result<Fetched, NetError> {
        check_url(url, self.development)?;
        let request = add(self.inner.request(method, url.clone()), headers).body(body);
        let asking = Box::pin(async {
            let response = request.send().await.map_err(|fault| explain(&fault))?;
            read(response, url.clone(), max_bytes).await
        });
        tokio::time::timeout(self.limits.fetch, asking)
            .await
            .map_err(|_elapsed| NetError::Timeout)?
    }

    async fn follow(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        signer: Option<Signer<'_>>,
        max_bytes: usize,
    ) -> Result<Fetched, NetError> {
        let (response, url) = self.answer_to(url, headers, signer).await?;
        read(response, url, max_bytes).await
    }

    /// The answer at the end of a few redirects, and where it came from.
    async fn answer_to(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        signer: Option<Signer<'_>>,
    ) -> Result<(Response, Url), NetError> {
        let mut url = url.clone();
        url.set_fragment(None);
        let mut visited = Vec::new();
        loop {
            check_url(&url, self.development)?;
            let signed = signer
                .map(|sign| sign(&Method::GET, &url))
                .unwrap_or_default();
            let request = add(
                self.inner.get(url.clone()),
                headers.iter().cloned().chain(signed),
            );
            let response = request.send().await.map_err(|fault| explain(&fault))?;
            let Some(next) = redirect(&url, &response)? else {
                return Ok((response, url));
            };
            visited.push(url);
            if visited.len() > self.limits.redirects || visited.contains(&next) {
                return Err(Refused::Redirect.into());
            }
            url = next;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this room is the only way out")]
fn builder(agent: &str, limits: &Limits, resolver: Resolver) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .gzip(true)
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
        .pool_max_idle_per_host(limits.kept_per_host)
        .pool_idle_timeout(limits.kept)
        .tcp_nodelay(true)
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .dns_resolver(resolver)
}

fn add(
    request: RequestBuilder,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> RequestBuilder {
    headers.into_iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    })
}

/// Where an answer sends us, if anywhere.
fn redirect(from: &Url, response: &Response) -> Result<Option<Url>, NetError> {
    let location = match response.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => response.headers().get(LOCATION),
        _ => None,
    };
    Ok(location.map(|to| next_hop(from, to)).transpose()?)
}

/// The address that a redirect names, where it may be one.
fn next_hop(from: &Url, location: &HeaderValue) -> Result<Url, Refused> {
    let text = location
        .to_str()
        .ok()
        .filter(|text| text.len() <= LONGEST_LOCATION && !text.starts_with("//"));
    let next = text
        .and_then(|text| from.join(text).ok())
        .filter(|next| next.fragment().is_none());
    next.ok_or(Refused::Redirect)
}

async fn read(
    mut response: Response,
    final_url: Url,
    max_bytes: usize,
) -> Result<Fetched, NetError> {
    let too_large = NetError::TooLarge(max_bytes);
    let declared = response.content_length().unwrap_or(0);
    if usize::try_from(declared).is_ok_and(|length| length > max_bytes) {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|fault| explain(&fault))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    Ok(Fetched {
        status,
        headers,
        body: body.into(),
        final_url,
    })
}

/// Reads so much of an answer and leaves the rest; what breaks off has a beginning, too.
async fn read_start(
    mut response: Response,
    final_url: Url,
    max_bytes: usize,
) -> Result<Fetched, NetError> {
    let mut body = Vec::new();
    while body.len() < max_bytes {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(fault) if body.is_empty() => return Err(explain(&fault)),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(max_bytes);
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    Ok(Fetched {
        status,
        headers,
        body: body.into(),
        final_url,
    })
}

/// Reads enough of an answer that its connection can be used again. What breaks off does not matter.
async fn answer(mut response: Response) -> Answer {
    let mut body = Vec::new();
    while body.len() <= MOST_OF_ANSWER {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    Answer {
        status: response.status(),
        retry_after: retry_after(response.headers()),
        accept_signature: response.headers().contains_key("accept-signature"),
        body_start: one_line(&String::from_utf8_lossy(&body)),
    }
}

/// `Retry-After` in seconds, or as a date beside the peer's own `Date`; at most a day.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let wait = if digits {
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let then = httpdate::parse_http_date(text).ok()?;
        let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        then.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_WAIT))
}

fn one_line(text: &str) -> String {
    text.chars()
        .take(SHOWN_OF_ANSWER)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Finds the cause of a fault that a caller can act on.
fn explain(fault: &reqwest::Error) -> NetError {
    let mut source = fault.source();
    let mut tls = false;
    while let Some(cause) = source {
        if let Some(refused) = cause.downcast_ref::<Refused>() {
            return refused.clone().into();
        }
        tls |= cause.downcast_ref::<io::Error>().is_some_and(is_tls);
        source = cause.source();
    }
    match () {
        () if fault.is_timeout() => NetError::Timeout,
        () if fault.is_dns() => NetError::Dns,
        () if fault.is_connect() && tls => NetError::Tls(causes(fault)),
        () if fault.is_connect() => NetError::Connect(causes(fault)),
        () => NetError::Http(causes(fault)),
    }
}

/// The TLS library reports its faults as input and output errors of this kind, the connector wraps them in others.
fn is_tls(fault: &io::Error) -> bool {
    let inner = || {
        fault
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<io::Error>())
    };
    fault.kind() == io::ErrorKind::InvalidData || inner().is_some_and(is_tls)
}

/// The causes of a fault in one bounded line, without the address.
fn causes(fault: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = fault.source();
    while let Some(cause) = source {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    one_line(&text)
}

#[cfg(test)]
mod tests;
