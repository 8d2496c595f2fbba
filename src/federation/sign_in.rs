//! Signing in with an account elsewhere, by the API that Mastodon and its kin share: the code flow of
//! OAuth 2.0 (RFC 6749), with PKCE (RFC 7636) where the server offers it.
//!
//! A server vouches for the accounts that live on it and for no others. Its token is used once, to
//! ask who came, and taken back at once; nothing of it is kept.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use moka::sync::Cache;
use serde_json::Value;
use url::Url;

use super::Federation;
use super::wire::{Bounds, parse_bounded};
use crate::crypto::{digest, token};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, Handle, Uri, host_of};
use crate::domain::intent::Home;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::account::KeepRemoteApp;
use crate::store::links::{self, RemoteApp};

/// How long somebody may take at their own server.
const PATIENCE: Duration = Duration::from_mins(10);
/// How long a proof waits to be linked.
const PROOF: Duration = Duration::from_mins(30);
/// People who are signing in at once.
const MOST: u64 = 10_000;
/// Where a server leads somebody back.
const BACK: &str = "/sign-in/elsewhere/return";

/// People who are on their way, and proofs that wait to be linked.
pub(super) struct Memory {
    under_way: Cache<String, Arc<UnderWay>>,
    proofs: Cache<String, ActorId>,
}

impl Default for Memory {
    fn default() -> Self {
        let under_way = Cache::builder().max_capacity(MOST);
        let proofs = Cache::builder().max_capacity(MOST);
        Self {
            under_way: under_way.time_to_live(PATIENCE).build(),
            proofs: proofs.time_to_live(PROOF).build(),
        }
    }
}

/// In whose browser somebody signs in, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Errand {
    /// A hash of what only this browser knows.
    pub(crate) browser: String,
    /// The member who links an account, if that is what they do.
    pub(crate) member: Option<ActorId>,
    /// Where they go afterwards.
    pub(crate) next: String,
}

/// Somebody who is at their own server now.
struct UnderWay {
    errand: Errand,
    app: RemoteApp,
    token_endpoint: Url,
    verifier: Option<String>,
}

/// Where a server is asked.
struct Endpoints {
    authorize: Url,
    token: Url,
    scope: &'static str,
    pkce: bool,
}

impl Federation {
    /// The address at which somebody says at home that it is they.
    ///
    /// # Errors
    /// If their server cannot be asked, is not heard by this hub, or knows nothing of this.
    pub(crate) async fn begin_sign_in(&self, home: &Home, errand: Errand) -> Result<Url, Refusal> {
        let host = self.host_of_accounts(home).await;
        let root = self.root_of(&host);
        let uri = Uri::parse(&format!("{root}/")).ok_or_else(unusable)?;
        if host == self.names().host() || !self.may_fetch(&uri).await {
            return Err(unheard());
        }
        self.resolver().spend_on(uri.as_str())?;
        let endpoints = self.endpoints(&root).await?;
        let app = self.remote_app(&host, &endpoints).await?;
        let verifier = endpoints.pkce.then(token::random);
        let state = token::random();
        let mut url = endpoints.authorize;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &app.client_id)
            .append_pair("redirect_uri", &self.back())
            .append_pair("scope", &app.scope)
            .append_pair("state", &state);
        if let Some(verifier) = &verifier {
            url.query_pairs_mut()
                .append_pair("code_challenge", &challenge(verifier))
                .append_pair("code_challenge_method", "S256");
        }
        let under_way = UnderWay {
            errand,
            app,
            token_endpoint: endpoints.token,
            verifier,
        };
        self.sign_ins.under_way.insert(state, Arc::new(under_way));
        Ok(url)
    }

    /// Who came back with this code, and what for.
    ///
    /// # Errors
    /// If nobody is on the way with this state in this browser, or their server does not say who
    /// they are.
    pub(crate) async fn finish_sign_in(
        &self,
        state: &str,
        code: &str,
        browser: &str,
    ) -> Result<(Actor, Errand), Refusal> {
        let under_way = self.sign_ins.under_way.remove(state).ok_or_else(expired)?;
        if !digest::same(under_way.errand.browser.as_bytes(), browser.as_bytes()) {
            return Err(expired());
        }
        let token = self.token(&under_way, code).await?;
        let account = self.who(&under_way.app.host, &token).await;
        self.give_back(&under_way.app, &token).await;
        let actor = self.actor_of(&under_way.app.host, &account?).await?;
        Ok((actor, under_way.errand.clone()))
    }

    /// Keeps a proof for a while; what stands for it is for one browser.
    pub(crate) fn keep_proof(&self, remote: ActorId) -> String {
        let token = token::random();
        self.sign_ins.proofs.insert(token.clone(), remote);
        token
    }

    /// The account elsewhere that was proved.
    pub(crate) fn proof(&self, token: &str) -> Option<ActorId> {
        self.sign_ins.proofs.get(token)
    }

    /// Uses a proof up.
    pub(crate) fn forget_proof(&self, token: &str) {
        self.sign_ins.proofs.invalidate(token);
    }

    fn back(&self) -> String {
        format!("{}{BACK}", self.names().base())
    }

    /// The server on which an account lives: a handle may name another.
    async fn host_of_accounts(&self, home: &Home) -> String {
        let found = match &home.name {
            Some(name) => Box::pin(self.resolver().finger(name, &home.host))
                .await
                .ok(),
            None => None,
        };
        let id = found.and_then(|answer| Uri::parse(answer.actor_id(None)?));
        id.map_or_else(|| home.host.clone(), |id| id.host())
    }

    /// Where a server is asked: where it says so (RFC 8414), on itself, or where Mastodon has always
    /// been asked.
    async fn endpoints(&self, root: &str) -> Result<Endpoints, Refusal> {
        let url = format!("{root}/.well-known/oauth-authorization-server");
        let said = Box::pin(self.fetch_json(&url, "application/json")).await;
        let said = said.map(|document| document.value).unwrap_or_default();
        let own = |name: &str, usual: &str| {
            let usual = || Url::parse(&format!("{root}{usual}")).ok();
            let Some(said) = said.get(name).and_then(Value::as_str) else {
                return usual().ok_or_else(unusable);
            };
            let url = Url::parse(said).map_err(|_no_url| unusable())?;
            let same = usual().is_some_and(|usual| usual.origin() == url.origin());
            if same { Ok(url) } else { Err(unusable()) }
        };
        let lists = |name: &str, word: &str| {
            let list = said.get(name).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(word)))
        };
        Ok(Endpoints {
            authorize: own("authorization_endpoint", "/oauth/authorize")?,
            token: own("token_endpoint", "/oauth/token")?,
            scope: if lists("scopes_supported", "profile") {
                "profile"
            } else {
                "read:accounts"
            },
            pkce: lists("code_challenge_methods_supported", "S256"),
        })
    }

    /// How a server knows this hub; the hub makes itself known to it first, once.
    async fn remote_app(&self, host: &str, endpoints: &Endpoints) -> Result<RemoteApp, Refusal> {
        let (wanted, store) = (host.to_owned(), &self.operations.store);
        let known = store.read(move |db| links::find_app(db, &wanted)).await?;
        if let Some(app) = known {
            return Ok(app);
        }
        let url = format!("{}/api/v1/apps", self.root_of(host));
        let settings = self.settings();
        let form = [
            ("client_name", settings.instance.name.as_str()),
            ("redirect_uris", &self.back()),
            ("scopes", endpoints.scope),
            ("website", self.names().base()),
        ];
        let (status, said) = self.call(&url, None, Some(&form)).await?;
        let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(client_id), Some(client_secret)) = (text("client_id"), text("client_secret"))
        else {
            tracing::debug!(%status, host, "a server knows nothing of sign-ins from elsewhere");
            return Err(unusable());
        };
        let app = RemoteApp {
            host: host.to_owned(),
            client_id,
            client_secret,
            scope: endpoints.scope.to_owned(),
        };
        self.keep_app(host, Some(app.clone())).await?;
        Ok(app)
    }

    async fn keep_app(&self, host: &str, app: Option<RemoteApp>) -> Result<(), Refusal> {
        let keep = KeepRemoteApp {
            host: host.to_owned(),
            app,
        };
        self.operations.run(Caller::System, keep).await
    }

    async fn token(&self, under_way: &UnderWay, code: &str) -> Result<String, Refusal> {
        let app = &under_way.app;
        let back = self.back();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &app.client_id),
            ("client_secret", &app.client_secret),
            ("redirect_uri", &back),
            ("scope", &app.scope),
        ];
        form.extend(under_way.verifier.iter().map(|v| ("code_verifier", &**v)));
        let url = under_way.token_endpoint.as_str();
        let (status, said) = self.call(url, None, Some(&form)).await?;
        if said.get("error").and_then(Value::as_str) == Some("invalid_client") {
            // It forgot the hub, which makes itself known again the next time.
            self.keep_app(&app.host, None).await?;
        }
        let token = said.get("access_token").and_then(Value::as_str);
        match token {
            Some(token) if status == StatusCode::OK => Ok(token.to_owned()),
            _ => Err(denied()),
        }
    }

    /// What a server says of the account to which a token belongs.
    async fn who(&self, host: &str, token: &str) -> Result<Value, Refusal> {
        let url = format!("{}/api/v1/accounts/verify_credentials", self.root_of(host));
        let (status, said) = self.call(&url, Some(token), None).await?;
        if status == StatusCode::OK {
            return Ok(said);
        }
        Err(denied())
    }

    /// Takes a token back; a server that does not know how lets it end by itself.
    async fn give_back(&self, app: &RemoteApp, token: &str) {
        let url = format!("{}/oauth/revoke", self.root_of(&app.host));
        let form = [
            ("client_id", app.client_id.as_str()),
            ("client_secret", &app.client_secret),
            ("token", token),
        ];
        if let Err(refusal) = self.call(&url, None, Some(&form)).await {
            tracing::debug!(%refusal, "a token could not be taken back");
        }
    }

    /// The actor of an account for which its own server vouches.
    async fn actor_of(&self, host: &str, account: &Value) -> Result<Actor, Refusal> {
        let text = |name: &str| account.get(name).and_then(Value::as_str);
        let name = text("username").ok_or_else(denied)?;
        if name.contains('@') || text("acct").is_some_and(|acct| acct.contains('@')) {
            return Err(another());
        }
        let handle = Handle {
            name: name.to_owned(),
            host: Some(host.to_owned()),
        };
        let resolver = self.resolver();
        let actor = Box::pin(resolver.handle(&handle, Some(ActorKind::Person))).await?;
        let same = text("uri").is_none_or(|uri| uri == actor.uri.as_str());
        if actor.local || actor.host != host || !same {
            return Err(another());
        }
        Ok(actor)
    }

    /// One question to the API of a server, and its answer as JSON.
    async fn call(
        &self,
        url: &str,
        bearer: Option<&str>,
        form: Option<&[(&str, &str)]>,
    ) -> Result<(StatusCode, Value), Refusal> {
        let url = Url::parse(url).map_err(|_no_url| unusable())?;
        let mut headers = vec![(ACCEPT, HeaderValue::from_static("application/json"))];
        if let Some(token) = bearer {
            let bearer = HeaderValue::try_from(format!("Bearer {token}"));
            headers.push((AUTHORIZATION, bearer.map_err(|_odd| denied())?));
        }
        let (mut method, mut body) = (Method::GET, String::new());
        if let Some(form) = form {
            method = Method::POST;
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.push((CONTENT_TYPE, kind));
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            body = pairs.extend_pairs(form).finish();
        }
        let settings = self.settings();
        let most = settings.federation.fetch_body.length();
        let asked = self.client.ask(method, &url, headers, body.into(), most);
        let answer = Box::pin(asked).await.map_err(|fault| {
            tracing::debug!(%fault, host = host_of(&url), "a server could not be asked");
            unreachable()
        })?;
        // An answer without JSON says nothing; its status says that it failed.
        let said = parse_bounded(&answer.body, Bounds::of(&settings)).unwrap_or_default();
        Ok((answer.status, said))
    }
}

/// The challenge of a verifier (RFC 7636, section 4.2).
fn challenge(verifier: &str) -> String {
    let standard = digest::base64(&digest::sha256(verifier.as_bytes()));
    let standard = standard.trim_end_matches('=');
    standard.replace('+', "-").replace('/', "_")
}

fn unheard() -> Refusal {
    Refusal::invalid(
        "home",
        "elsewhere.unheard",
        "Nobody can sign in here with an account of that server.",
    )
}

fn unusable() -> Refusal {
    Refusal::invalid(
        "home",
        "elsewhere.unusable",
        "That server does not let its people sign in elsewhere, as Mastodon servers do. Please make an account here, or take part from there.",
    )
}

fn unreachable() -> Refusal {
    Refusal::new(
        Kind::Unavailable,
        "elsewhere.unreachable",
        "Your server did not answer. Please try again in a moment.",
    )
}

fn expired() -> Refusal {
    Refusal::forbidden(
        "elsewhere.expired",
        "This took too long, or began in another browser. Please begin again.",
    )
}

fn denied() -> Refusal {
    Refusal::forbidden(
        "elsewhere.denied",
        "Your server did not say that it is you. Please begin again.",
    )
}

fn another() -> Refusal {
    Refusal::forbidden(
        "elsewhere.another",
        "That server vouched for an account that does not live on it, so nothing was done.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_the_rfc() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
