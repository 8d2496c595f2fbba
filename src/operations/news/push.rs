//! Browsers that are told while no page of the hub is open (RFC 8030).

use serde_json::json;
use url::Url;

use super::require_system;
use crate::crypto::webpush::{Receiver, VapidKey};
use crate::domain::news::{News, PUSH_KEY};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::mail::{Hub, Item};
use crate::net;
use crate::operations::{Desk, Operation};
use crate::store::accounts::Account;
use crate::store::pushes::{self, Subscription};
use crate::store::secrets;

/// Browsers of one person that are told.
const MOST_BROWSERS: u32 = 20;
/// Things that one look tells one browser; the rest is on the page of notices.
const MOST_AT_ONCE: usize = 5;
/// News are of no use to a browser after so many seconds.
const USEFUL: i64 = 24 * 3600;

/// Makes the key by which push services know the hub, where there is none.
pub(crate) struct EnsurePushKey;

impl Operation for EnsurePushKey {
    type Output = String;
    const NAME: &'static str = "ensure_push_key";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<String, Refusal> {
        require_system(desk.caller)?;
        let fresh = VapidKey::generate().map_err(Refusal::fault)?;
        Ok(secrets::ensure(desk.db, PUSH_KEY, &fresh)?)
    }
}

/// Tells the browser of the caller's session from now on; it ends with the session.
pub(crate) struct Subscribe {
    /// The session, by its token's hash.
    pub(crate) session: String,
    /// The address at the browser's push service.
    pub(crate) endpoint: String,
    /// Its public key, `p256dh`.
    pub(crate) public_key: String,
    /// Its secret, `auth`.
    pub(crate) secret: String,
}

impl Operation for Subscribe {
    type Output = ();
    const NAME: &'static str = "subscribe";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let actor = policy::require_actor(desk.caller)?;
        let development = desk.settings.federation.development;
        let endpoint = Url::parse(&self.endpoint).ok();
        let reachable = endpoint.is_some_and(|url| net::check_url(&url, development).is_ok());
        if !reachable || Receiver::parse(&self.public_key, &self.secret).is_err() {
            return Err(Refusal::invalid(
                "endpoint",
                "push.malformed",
                "Your browser gave no address for notifications that can be used.",
            ));
        }
        let subscription = Subscription {
            id: desk.next_id(),
            actor,
            endpoint: self.endpoint.clone(),
            public_key: self.public_key.clone(),
            secret: self.secret.clone(),
        };
        Ok(pushes::subscribe(
            desk.db,
            &subscription,
            &self.session,
            desk.now,
        )?)
    }
}

/// Tells the browser of the caller's session nothing any more.
pub(crate) struct EndSubscription {
    /// The session, by its token's hash.
    pub(crate) session: String,
}

impl Operation for EndSubscription {
    type Output = ();
    const NAME: &'static str = "end_subscription";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_actor(desk.caller)?;
        Ok(pushes::unsubscribe(desk.db, &self.session)?)
    }
}

/// Leaves news for every browser of a member that takes them.
pub(super) fn push(desk: &mut Desk<'_>, account: &Account, news: &[&News]) -> Result<(), Refusal> {
    let browsers = pushes::list_of(desk.db, account.actor, MOST_BROWSERS)?;
    for browser in browsers {
        for one in news.iter().take(MOST_AT_ONCE) {
            let (payload, until) = (payload(desk, account, one), desk.now.plus_seconds(USEFUL));
            let id = desk.next_id();
            pushes::insert(desk.db, id, browser, &payload, desk.now, until)?;
            desk.posted = true;
        }
    }
    Ok(())
}

/// What the hub's service worker shows.
fn payload(desk: &Desk<'_>, account: &Account, news: &News) -> String {
    let hub = Hub {
        name: &desk.settings.instance.name,
        base: desk.names.base(),
        languages: &desk.settings.instance.languages,
    };
    let item = Item {
        said: news.said,
        who: news.who.clone(),
        title: news.title.clone(),
        url: news.path.clone(),
    };
    let said = desk.stationery.say(account.language.as_deref(), hub, &item);
    let short = |text: &str| crate::text::plain::excerpt(text, 200);
    json!({ "title": short(&said), "body": short(&news.title), "path": news.path }).to_string()
}
