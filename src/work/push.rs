//! Sends news to browsers, through the push services that their makers run (RFC 8030).

use std::time::Duration;

use futures_util::StreamExt;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use url::Url;

use super::{Metrics, Stopping};
use crate::crypto::webpush::{Receiver, VapidKey};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::federation::Federation;
use crate::net::{Headers, NetError};
use crate::operations::news::EnsurePushKey;
use crate::store::pushes::{self, Push};
use crate::store::{Db, Res};

/// How often it is looked for what nobody announced.
const EVERY: Duration = Duration::from_secs(15);
/// What is sent at once, and looked for at once.
const AT_ONCE: usize = 8;
const BATCH: u32 = 100;
/// Tries, and the pause after the first in seconds; it doubles with every other.
const TRIES: i32 = 6;
const FIRST_PAUSE: i64 = 60;
/// A signature of the hub is good for so many seconds (at most a day; RFC 8292, section 2).
const SIGNED_FOR: i64 = 12 * 3600;

/// What is done with something that was sent, or not.
enum Outcome {
    Sent,
    /// It can never be sent.
    Hopeless,
    /// The browser takes nothing any more.
    Gone,
    /// Another time, after so many seconds.
    Later(i64),
}

/// Sends until the hub stops.
pub(super) async fn run(
    federation: &Federation,
    metrics: &Metrics,
    stopping: &Stopping,
) -> Res<()> {
    let mut posted = federation.operations.posted();
    loop {
        posted.mark_unchanged();
        let more = tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            more = once(federation, metrics) => more?,
        };
        if more {
            continue;
        }
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            () = tokio::time::sleep(EVERY) => {}
            Ok(()) = posted.changed() => {}
        }
    }
}

/// Sends what is due; whether there is more.
pub(super) async fn once(federation: &Federation, metrics: &Metrics) -> Res<bool> {
    let Some(key) = key(federation).await else {
        return Ok(false);
    };
    let now = federation.now();
    let store = &federation.operations.store;
    let due = store
        .read(move |db| pushes::list_due(db, now, BATCH))
        .await?;
    let more = due.len() >= BATCH as usize;
    let sending = due.into_iter().map(|push| {
        let key = &key;
        async move {
            let outcome = send(federation, key, &push, now).await;
            (push, outcome)
        }
    });
    let mut done = futures_util::stream::iter(sending).buffer_unordered(AT_ONCE);
    while let Some((push, outcome)) = done.next().await {
        metrics.push(match outcome {
            Outcome::Sent => "sent",
            Outcome::Hopeless => "hopeless",
            Outcome::Gone => "gone",
            Outcome::Later(_) => "put_off",
        });
        let write = move |db: &mut Db| match outcome {
            Outcome::Sent | Outcome::Hopeless => pushes::delete(db, push.id),
            Outcome::Gone => pushes::delete_subscription(db, push.to.id),
            Outcome::Later(pause) => pushes::set_due(db, push.id, now.plus_seconds(pause)),
        };
        store.write(write).await?;
    }
    Ok(more)
}

/// The key by which push services know the hub; made where there is none.
async fn key(federation: &Federation) -> Option<VapidKey> {
    let found = federation
        .operations
        .store
        .read(crate::views::news::push_key);
    let found: Res<Option<VapidKey>> = found.await;
    if let Ok(Some(key)) = found {
        return Some(key);
    }
    let made = federation
        .operations
        .run(Caller::System, EnsurePushKey)
        .await;
    let made = made.map_err(|refusal| tracing::error!(why = %refusal, "no key for push services"));
    VapidKey::parse(&made.ok()?).ok()
}

async fn send(federation: &Federation, key: &VapidKey, push: &Push, now: Ts) -> Outcome {
    let life = push.expires_at.seconds() - now.seconds();
    if life <= 0 || push.attempts >= TRIES {
        return Outcome::Hopeless;
    }
    let Ok(url) = Url::parse(&push.to.endpoint) else {
        return Outcome::Gone;
    };
    let body = Receiver::parse(&push.to.public_key, &push.to.secret)
        .and_then(|receiver| receiver.encrypt(push.payload.as_bytes()));
    let (Ok(body), Some(headers)) = (body, headers(federation, key, &url, life, now)) else {
        return Outcome::Hopeless;
    };
    let pause = FIRST_PAUSE << push.attempts.clamp(0, TRIES);
    match federation.client.post(&url, headers, body.into()).await {
        Ok(answer) if answer.status.is_success() => Outcome::Sent,
        Ok(answer) if matches!(answer.status.as_u16(), 404 | 410) => Outcome::Gone,
        Ok(answer) if answer.status.as_u16() == 429 || answer.status.is_server_error() => {
            let asked = answer.retry_after.map_or(0, |wait| wait.as_secs());
            Outcome::Later(pause.max(i64::try_from(asked).unwrap_or(pause)))
        }
        Ok(answer) => {
            tracing::warn!(status = %answer.status, said = %answer.body_start, "a push service refused");
            Outcome::Hopeless
        }
        Err(NetError::Refused(_)) => Outcome::Gone,
        Err(_away) => Outcome::Later(pause),
    }
}

fn headers(
    federation: &Federation,
    key: &VapidKey,
    url: &Url,
    life: i64,
    now: Ts,
) -> Option<Headers> {
    let audience = url.origin().ascii_serialization();
    let contact = federation.names().base();
    let until = now.seconds() + SIGNED_FOR;
    let proof = key.authorization(&audience, contact, until).ok()?;
    Some(vec![
        (AUTHORIZATION, HeaderValue::from_str(&proof).ok()?),
        (CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (HeaderName::from_static("ttl"), HeaderValue::from(life)),
        (
            HeaderName::from_static("urgency"),
            HeaderValue::from_static("normal"),
        ),
    ])
}
