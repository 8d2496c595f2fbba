//! Rules about other servers and the lists that the hub follows, for admins.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use crate::domain::block_list;
use crate::domain::clock::Ts;
use crate::domain::host::{HostRule, RuleSource, Severity, Subscription};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::List;
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::federation::block_list as lists;
use crate::operations::host::{
    Changes, ImportRules, LiftHostRule, SetHostRule, Subscribe, Unsubscribe,
};
use crate::views::host;

pub(super) fn calls() -> Vec<Call> {
    let mut calls = vec![
        Call::get(
            "/servers",
            "Every rule about other servers, for admins",
            list,
        )
        .signed()
        .answers::<List<ServerRule>>(200),
        Call::post("/servers", "Set a rule by hand", set)
            .takes::<NewRule>()
            .answers::<ServerRule>(201),
        Call::delete(
            "/servers/{host}",
            "Take a rule back that was set by hand",
            lift,
        ),
        Call::get(
            "/servers/export",
            "The rules set by hand, as Mastodon imports them",
            export,
        )
        .signed()
        .answers::<Csv>(200),
        Call::post(
            "/servers/import",
            "Take over a list, or look at what that would change",
            import,
        )
        .takes::<NewImport>()
        .answers::<ServerChanges>(200),
    ];
    calls.extend(list_calls());
    calls
}

fn list_calls() -> Vec<Call> {
    vec![
        Call::get(
            "/server-lists",
            "The lists that the hub follows",
            subscriptions,
        )
        .signed()
        .answers::<List<ServerList>>(200),
        Call::post(
            "/server-lists",
            "Follow a list, or look at what that would change",
            subscribe,
        )
        .takes::<NewList>()
        .answers::<ServerChanges>(200),
        Call::post(
            "/server-lists/{id}/refresh",
            "Read a list now, or look at what that would change",
            refresh,
        )
        .takes::<Trial>()
        .answers::<ServerChanges>(200),
        Call::delete("/server-lists/{id}", "Follow a list no more", unsubscribe),
    ]
}

/// A rule about a server and everything beneath its name.
#[derive(Debug, Serialize, JsonSchema)]
struct ServerRule {
    /// The name.
    host: String,
    /// `none`, `limit` or `suspend`.
    severity: &'static str,
    /// Whether pictures and files from there are left out.
    reject_media: bool,
    /// Whether reports from there are not taken.
    reject_reports: bool,
    /// Whether the name is kept out of the public log.
    obfuscate: bool,
    /// Why, for everybody.
    comment: String,
    /// Whether it was set by hand.
    by_hand: bool,
    /// The list that it is of; null: none.
    list_id: Option<i64>,
}

impl ServerRule {
    fn of((source, rule): (RuleSource, HostRule)) -> Self {
        Self {
            severity: rule.severity.as_str(),
            reject_media: rule.reject_media,
            reject_reports: rule.reject_reports,
            obfuscate: rule.obfuscate,
            comment: rule.comment,
            host: rule.host,
            by_hand: source == RuleSource::Hand,
            list_id: match source {
                RuleSource::Hand => None,
                RuleSource::List(id) => Some(id),
            },
        }
    }
}

/// A rule to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRule {
    /// The name, such as other.example.
    host: String,
    /// `none`, `limit` or `suspend`.
    severity: String,
    /// Whether pictures and files from there are left out.
    #[serde(default)]
    reject_media: bool,
    /// Whether reports from there are not taken.
    #[serde(default)]
    reject_reports: bool,
    /// Whether the name is kept out of the public log.
    #[serde(default)]
    obfuscate: bool,
    /// Why, for everybody.
    #[serde(default)]
    comment: String,
}

/// A list as text.
#[derive(Serialize, JsonSchema)]
struct Csv {
    /// CSV as Mastodon imports it.
    csv: String,
}

/// A list to be taken over.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewImport {
    /// CSV as Mastodon exports it, or one name a line.
    csv: String,
    /// Only look at what that would change.
    #[serde(default)]
    dry_run: bool,
}

/// A list to be followed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewList {
    /// Where it is read.
    url: String,
    /// Only look at what that would change.
    #[serde(default)]
    dry_run: bool,
}

/// Whether it is only looked.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// Only look at what that would change.
    #[serde(default)]
    dry_run: bool,
}

/// What a list changes, or would change.
#[derive(Serialize, JsonSchema)]
struct ServerChanges {
    /// Rules that are new.
    added: Vec<String>,
    /// Rules that say something else.
    changed: Vec<String>,
    /// Rules that the list has no more.
    removed: Vec<String>,
    /// How many are as they were.
    same: usize,
    /// Follows from there that rest while they are suspended.
    follows_from_there: i64,
    /// Follows from here that rest while they are suspended.
    follows_from_here: i64,
    /// The lines that could not be used.
    unusable_lines: Vec<usize>,
}

impl ServerChanges {
    fn of(changes: Changes, faults: &[(usize, &'static str)]) -> Self {
        let names = |rules: Vec<HostRule>| rules.into_iter().map(|rule| rule.host).collect();
        Self {
            added: names(changes.added),
            changed: names(changes.changed),
            removed: names(changes.removed),
            same: changes.same,
            follows_from_there: changes.ties.theirs,
            follows_from_here: changes.ties.ours,
            unusable_lines: faults.iter().map(|(line, _)| *line).collect(),
        }
    }
}

/// A list that the hub follows.
#[derive(Serialize, JsonSchema)]
struct ServerList {
    id: i64,
    /// Where it is read.
    url: String,
    /// How many rules are of it.
    rule_count: usize,
    /// When it was last read.
    refreshed_at: Option<String>,
    /// Why it could not be read the last time.
    error: Option<String>,
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<List<ServerRule>>, Failed> {
    policy::require_admin(caller)?;
    let rules = state.read(host::rules).await?;
    Ok(Json(List {
        items: rules.into_iter().map(ServerRule::of).collect(),
        next: None,
    }))
}

async fn set(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewRule>,
) -> Result<Response, Failed> {
    let severity = Severity::parse(&new.severity).ok_or_else(|| {
        let sentence = "severity must be none, limit or suspend.";
        Refusal::invalid("severity", "host.severity", sentence)
    })?;
    let rule = HostRule {
        reject_media: new.reject_media,
        reject_reports: new.reject_reports,
        obfuscate: new.obfuscate,
        comment: new.comment,
        ..HostRule::new(new.host, severity)
    };
    let set = state
        .operations()
        .run(writer.caller, SetHostRule { rule })
        .await?;
    let shown = ServerRule::of((RuleSource::Hand, set));
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

async fn lift(
    Given(state): Given<State>,
    writer: Writer,
    Path(host): Path<String>,
) -> Result<StatusCode, Failed> {
    state
        .operations()
        .run(writer.caller, LiftHostRule { host })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn export(Given(state): Given<State>, Reader(caller): Reader) -> Result<Json<Csv>, Failed> {
    policy::require_admin(caller)?;
    let servers = state.read(host::servers).await?;
    let csv = block_list::write(&servers.by_hand);
    Ok(Json(Csv { csv }))
}

async fn import(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewImport>,
) -> Result<Json<ServerChanges>, Failed> {
    let list = block_list::parse(&new.csv);
    let import = ImportRules {
        rules: list.rules,
        source: RuleSource::Hand,
        dry_run: new.dry_run,
    };
    let changes = state.operations().run(writer.caller, import).await?;
    Ok(Json(ServerChanges::of(changes, &list.faults)))
}

async fn subscriptions(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<List<ServerList>>, Failed> {
    policy::require_admin(caller)?;
    let servers = state.read(host::servers).await?;
    let shown = |(list, rule_count): (Subscription, usize)| ServerList {
        id: list.id,
        url: list.url,
        rule_count,
        refreshed_at: list.refreshed_at.map(Ts::rfc3339),
        error: list.error,
    };
    Ok(Json(List {
        items: servers.lists.into_iter().map(shown).collect(),
        next: None,
    }))
}

async fn subscribe(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewList>,
) -> Result<Json<ServerChanges>, Failed> {
    let (operations, client) = (state.operations(), &state.federation.client);
    let changes = if new.dry_run {
        let source = RuleSource::List(-1);
        lists::preview(operations, client, writer.caller, &new.url, source).await?
    } else {
        let subscribe = Subscribe {
            url: new.url.clone(),
        };
        let list = operations.run(writer.caller, subscribe).await?;
        lists::refresh(operations, client, list, &new.url).await?
    };
    Ok(Json(ServerChanges::of(changes, &[])))
}

async fn refresh(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(trial): Json<Trial>,
) -> Result<Json<ServerChanges>, Failed> {
    policy::require_admin(writer.caller)?;
    let (operations, client) = (state.operations(), &state.federation.client);
    let list = state.read(move |db| host::list(db, id)).await?;
    let changes = if trial.dry_run {
        let source = RuleSource::List(id);
        lists::preview(operations, client, writer.caller, &list.url, source).await?
    } else {
        lists::refresh(operations, client, id, &list.url).await?
    };
    Ok(Json(ServerChanges::of(changes, &[])))
}

async fn unsubscribe(
    Given(state): Given<State>,
    writer: Writer,
    Path(list): Path<i64>,
) -> Result<StatusCode, Failed> {
    state
        .operations()
        .run(writer.caller, Unsubscribe { list })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
