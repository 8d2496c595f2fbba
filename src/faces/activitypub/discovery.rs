//! What a server looks up before it sends anything: WebFinger, host-meta, NodeInfo
//! (federation.md 1.1 to 1.3).

use axum::extract::State as Given;
use axum::response::Response;
use serde::Deserialize;

use super::answer::plain;
use crate::domain::actor::Actor;
use crate::domain::names::{Local, Names};
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::extract::{Path, Query};
use crate::faces::shared::{Failed, State};
use crate::federation::write::{self, Account, NodeInfoDocument, NodeInfoVersion, host_meta_xml};
use crate::settings::Registration;
use crate::views::{actor, instance};

/// WebFinger's media type, without parameters: GoToSocial knows it so.
const JRD: &str = "application/jrd+json";
/// A day, in seconds.
const DAY: u32 = 86_400;
/// Ten minutes, in seconds.
const TEN_MINUTES: u32 = 600;

/// Whom WebFinger is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    resource: Option<String>,
}

pub(super) async fn webfinger(
    Given(state): Given<State>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let resource = asked.resource.unwrap_or_default();
    let name = wanted(state.names(), &resource)?.ok_or_else(nobody)?;
    let found = state.read(move |db| actor::find_local(db, &name)).await?;
    let found = found.ok_or_else(nobody)?;
    if found.deleted_at.is_some() {
        return Err(Refusal::new(Kind::Gone, "actor.gone", "This account is gone.").into());
    }
    let document = write::webfinger(state.names(), &account(found));
    Ok(plain(document.to_string(), JRD, DAY))
}

fn account(actor: Actor) -> Account {
    Account {
        name: actor.name,
        uri: actor.uri,
        url: actor.url,
        kind: actor.kind,
    }
}

fn nobody() -> Failed {
    Refusal::not_found("webfinger.unknown", "Nobody here is called that.").into()
}

/// The local name that is asked for, the hub's being its host; `None` for names of elsewhere.
///
/// # Errors
/// If the resource is in none of the forms of federation.md 1.1.
fn wanted(names: &Names, resource: &str) -> Result<Option<String>, Failed> {
    let resource = resource.trim();
    let web = resource.get(..8).is_some_and(|start| {
        let start = start.to_ascii_lowercase();
        start.starts_with("http://") || start == "https://"
    });
    if web {
        return Ok(of_address(names, resource));
    }
    let account = match resource.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("acct") => rest,
        _ => resource,
    };
    let account = account.trim_start_matches(['@', '!']);
    let malformed = || {
        let sentence = "The resource must be an account as in acct:name@host, or an address.";
        let refusal = Refusal::invalid("resource", "webfinger.malformed", sentence);
        Failed::from(refusal)
    };
    let (name, host) = account.split_once('@').ok_or_else(malformed)?;
    if name.is_empty() || host.is_empty() || name.len() > 320 {
        return Err(malformed());
    }
    let ours =
        host.eq_ignore_ascii_case(names.host()) || names.is_local(&format!("https://{host}/"));
    Ok(ours.then(|| name.to_ascii_lowercase()))
}

fn of_address(names: &Names, address: &str) -> Option<String> {
    match names.parse(address) {
        Some(Local::Instance) => Some(names.host().to_owned()),
        Some(Local::Person(name) | Local::Group(name)) => Some(name),
        Some(_) => None,
        None => {
            let (_, name) = address.rsplit_once("/@")?;
            let person = format!("{}/u/{}", names.base(), name.to_ascii_lowercase());
            let same = names.is_local(address) && address.matches('/').count() == 3;
            match names.parse(&person).filter(|_| same)? {
                Local::Person(name) => Some(name),
                _ => None,
            }
        }
    }
}

pub(super) async fn host_meta(Given(state): Given<State>) -> Response {
    plain(host_meta_xml(state.names()), "application/xrd+xml", DAY)
}

pub(super) async fn host_meta_json(Given(state): Given<State>) -> Response {
    let document = write::host_meta_json(state.names());
    plain(document.to_string(), JRD, DAY)
}

pub(super) async fn nodeinfo_links(Given(state): Given<State>) -> Response {
    let document = write::nodeinfo_links(state.names());
    plain(document.to_string(), "application/json", DAY)
}

pub(super) async fn nodeinfo(
    Given(state): Given<State>,
    Path(version): Path<String>,
) -> Result<Response, Failed> {
    let version = NodeInfoVersion::parse(&version).ok_or_else(Failed::unknown_address)?;
    let settings = state.settings();
    let counts = if settings.privacy.statistics {
        state.numbers.of(&state).await
    } else {
        instance::Counts::default()
    };
    let number = |count: i64| u64::try_from(count).unwrap_or(0);
    let document = NodeInfoDocument {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        repository: None,
        name: settings.instance.name.clone(),
        description: settings.instance.description.clone(),
        open_registrations: settings.accounts.registration == Registration::Open,
        users: number(counts.users),
        users_half_year: number(counts.active_half_year),
        users_month: number(counts.active_month),
        posts: number(counts.posts),
        comments: number(counts.comments),
    };
    let (kind, document) = (version.content_type(), write::nodeinfo(version, &document));
    Ok(plain(document.to_string(), &kind, TEN_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(resource: &str) -> Option<String> {
        wanted(&Names::new("https://hub.example"), resource)
            .ok()
            .flatten()
    }

    #[test]
    fn s002_s012_every_form_of_a_name_is_understood() {
        for resource in [
            "acct:tea@hub.example",
            "ACCT:Tea@HUB.example",
            "tea@hub.example",
            "@tea@hub.example",
            "!tea@hub.example",
            "acct:!tea@hub.example",
            "https://hub.example/c/tea",
            "https://hub.example/u/tea",
            "https://hub.example/@tea",
            "https://hub.example/@TEA",
        ] {
            assert_eq!(find(resource).as_deref(), Some("tea"), "{resource}");
        }
        for resource in [
            "https://hub.example",
            "https://hub.example/",
            "acct:hub.example@hub.example",
        ] {
            assert_eq!(find(resource).as_deref(), Some("hub.example"), "{resource}");
        }
    }

    #[test]
    fn s003_h148_names_of_elsewhere_are_nobody_and_nonsense_is_refused() {
        for resource in [
            "acct:tea@other.example",
            "https://other.example/c/tea",
            "https://hub.example/x/@tea",
        ] {
            assert!(
                matches!(
                    wanted(&Names::new("https://hub.example"), resource),
                    Ok(None)
                ),
                "{resource}"
            );
        }
        for resource in ["", "acct:", "acct:tea", "tea", "acct:@hub.example"] {
            assert!(
                wanted(&Names::new("https://hub.example"), resource).is_err(),
                "{resource}"
            );
        }
    }
}
