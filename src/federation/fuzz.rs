//! Every reader of foreign bytes in this room, behind one door for the fuzzers of `tests/fuzz`.
//!
//! Each function reads its bytes as the real path does, and asserts what must hold whatever they are.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;

use crate::crypto::keypair::{PrivateKey, PublicKey};
use crate::domain::clock::Ts;
use crate::domain::ids::{Handle, Uri};
use crate::settings::Settings;
use crate::text::{sanitise, title};

use super::read;
use super::verify::{self, Ours, Window};
use super::wire::{self, Bounds, Ref};

/// The settings that nobody changed.
static USUAL: LazyLock<Settings> = LazyLock::new(Settings::default);
/// 2026-06-01T12:00:00Z, the arrival of everything.
const NOW: Ts = Ts(1_780_315_200_000_000);

/// A document that was posted or fetched: an activity with what is inside it, an object, an actor,
/// its keys, a collection.
pub(crate) fn document(bytes: &[u8]) {
    let Ok(value) = wire::parse_bounded(bytes, Bounds::of(&USUAL)) else {
        return;
    };
    if let Ok(activity) = wire::Activity::from_value(&value) {
        assert!(Uri::parse(&activity.id).is_some(), "an id is an address");
        assert!(Uri::parse(&activity.actor).is_some(), "so is an actor");
        for inner in activity.objects.iter().filter_map(Ref::embedded) {
            object(Some(&activity), inner);
            drop(wire::Activity::inner(inner));
        }
    }
    object(None, &value);
    actor(&value);
    drop(wire::PublicKey::from_value(&value, "https://m.example/key"));
    drop(wire::Collection::from_value(&value));
}

fn object(activity: Option<&wire::Activity>, value: &Value) {
    let Ok(object) = wire::Object::from_value(value) else {
        return;
    };
    let candidates = read::candidates(activity, &object, USUAL.intake.addressees);
    assert!(candidates.len() <= 60, "{} candidates", candidates.len());
    if activity.is_some_and(|activity| read::is_public(Some(activity), &object)) {
        let open = object.to.is_empty() && object.cc.is_empty();
        assert!(
            open || read::is_public(None, &object),
            "an audience was widened"
        );
    }
    let mentioned = read::mentioned(&object, USUAL.intake.mentions);
    assert!(mentioned.len() <= 30, "too many mentions");
    assert!(
        read::edited_at(&object, NOW, NOW) <= NOW,
        "edited in the future"
    );
    let draft = read::draft(&object, "tea", Vec::new(), NOW, &USUAL.intake);
    assert!(
        draft.published_at <= NOW && draft.published_at.0 > 0,
        "published at {:?}",
        draft.published_at
    );
    let named = draft.title(&object, "mia@m.example");
    one_line(&named, title::LONGEST);
    assert!(!named.is_empty(), "a title is empty");
    assert!(draft.attachments.len() <= 16, "too many attachments");
    for url in draft.link_url.iter().chain(&draft.url) {
        assert!(Uri::parse(url).is_some(), "{url} is no link");
    }
}

fn actor(value: &Value) {
    let Ok(actor) = wire::Actor::from_value(value) else {
        return;
    };
    let Ok(actor) = read::remote_actor(&actor) else {
        return;
    };
    one_line(&actor.title, 120);
    assert_eq!(
        sanitise::clean(&actor.summary_html),
        actor.summary_html,
        "a summary is not clean"
    );
    for address in [&actor.outbox, &actor.followers, &actor.shared_inbox]
        .into_iter()
        .flatten()
    {
        let own = Uri::parse(address).is_some_and(|address| address.same_host(&actor.uri));
        assert!(own, "{address} lies elsewhere");
    }
}

/// What a name or title is, wherever it is shown.
fn one_line(text: &str, most: usize) {
    assert!(text.chars().count() <= most, "{text:?} is too long");
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(
        !text.contains(|c: char| c.is_control() || turns(c)),
        "{text:?} is no line"
    );
}

/// A signed request: a line `METHOD target`, lines `name: value`, an empty line, the body. Nobody
/// who writes it holds the key, so nothing of it may be believed.
pub(crate) fn signature(bytes: &[u8]) {
    static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
        let rsa = PrivateKey::generate().and_then(|key| key.public());
        // The point of the first test of RFC 8032, 7.1.
        let point = b"\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";
        rsa.into_iter()
            .chain(PublicKey::from_ed25519(point))
            .collect()
    });
    let hosts = ["hub.example".to_owned()];
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let (method, target) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or_default();
    let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST);
    let headers: HeaderMap = lines
        .filter_map(|line| line.split_once(':'))
        .take(64)
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value.trim()).ok()?))
        })
        .collect();
    for development in [false, true] {
        let ours = Ours {
            hosts: &hosts,
            development,
            window: Window::default(),
        };
        let Ok(presented) = verify::parse(&method, target, &headers, &ours, NOW) else {
            continue;
        };
        assert!(presented.key_id_text.len() <= 512, "a long key id");
        let fits = |body: &str| presented.check_digest(body.as_bytes()).is_ok();
        assert!(
            !fits(body) || !fits("another body") || body == "another body",
            "a digest fits two bodies"
        );
        for key in KEYS.iter() {
            assert!(presented.verify(key).is_err(), "a forgery was believed");
        }
    }
}

/// What a server answers about its accounts and itself: `WebFinger` and `NodeInfo`.
pub(crate) fn discovery(bytes: &[u8]) {
    let Ok(value) = wire::parse_bounded(bytes, Bounds::of(&USUAL)) else {
        return;
    };
    if let Ok(answer) = wire::WebFinger::from_value(&value) {
        for wanted in [None, Some("Group"), Some("Person")] {
            let id = answer.actor_id(wanted);
            assert!(
                id.is_none_or(|id| Uri::parse(id).is_some()),
                "{id:?} is no id"
            );
        }
        let handle = Handle::parse(answer.subject.trim_start_matches("acct:"));
        let odd = |text: &str| text.contains(|c: char| c.is_control() || c.is_whitespace());
        assert!(
            handle.is_none_or(|handle| !odd(&handle.name)),
            "a handle with blanks"
        );
    }
    if let Ok(links) = wire::NodeInfoLinks::from_value(&value) {
        assert!(
            Uri::parse(&links.newest).is_some(),
            "{} is no link",
            links.newest
        );
    }
    if let Ok(info) = wire::NodeInfo::from_value(&value) {
        one_line(&info.software, 400);
        one_line(&info.name.unwrap_or_default(), 400);
    }
}
