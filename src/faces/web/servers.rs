//! What admins set about other servers: rules by hand, lists that are imported or followed. The servers
//! that the hub knows are `known.rs`.

use serde::Serialize;

use crate::domain::block_list;
use crate::domain::host::{HostRule, RuleSource, Severity, Subscription};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::federation::block_list as lists;
use crate::operations::Operation;
use crate::operations::host::{
    Changes, ImportRules, LiftHostRule, SetHostRule, Subscribe, Unsubscribe,
};
use crate::views::host;

use super::admin::severity;
use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::group::private_file;
use super::known::Known;
use super::visit::Visit;

/// Names of one kind of change that are shown.
const SHOWN: usize = 100;
/// Where the page is.
const AT: &str = "/servers";

#[derive(Serialize)]
struct Model {
    known: Known,
    rules: Vec<Rule>,
    lists: Vec<List>,
    changes: Option<Preview>,
    host: String,
    comment: String,
    csv: String,
    url: String,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Rule {
    host: String,
    severity: String,
    reject_media: bool,
    reject_reports: bool,
    obfuscate: bool,
    comment: String,
}

#[derive(Serialize)]
struct List {
    id: i64,
    url: String,
    rules: usize,
    refreshed_at: Option<i64>,
    error: Option<String>,
}

/// What a list would change.
#[derive(Serialize)]
struct Preview {
    added: Named,
    changed: Named,
    removed: Named,
    same: usize,
    faults: String,
    theirs: i64,
    ours: i64,
}

#[derive(Serialize)]
struct Named {
    count: usize,
    names: String,
}

impl Rule {
    fn new(visit: &Visit, rule: HostRule) -> Self {
        Self {
            severity: visit.text(severity(rule.severity)),
            reject_media: rule.reject_media,
            reject_reports: rule.reject_reports,
            obfuscate: rule.obfuscate,
            comment: rule.comment,
            host: rule.host,
        }
    }
}

impl Preview {
    fn new(changes: &Changes, faults: &[(usize, &'static str)]) -> Self {
        let lines: Vec<String> = faults.iter().map(|(line, _)| line.to_string()).collect();
        Self {
            added: Named::new(&changes.added),
            changed: Named::new(&changes.changed),
            removed: Named::new(&changes.removed),
            same: changes.same,
            theirs: changes.ties.theirs,
            ours: changes.ties.ours,
            faults: lines.join(", "),
        }
    }
}

impl Named {
    fn new(rules: &[HostRule]) -> Self {
        let names: Vec<&str> = rules
            .iter()
            .take(SHOWN)
            .map(|rule| rule.host.as_str())
            .collect();
        Self {
            count: rules.len(),
            names: names.join(", "),
        }
    }
}

/// `/servers`: the rules set by hand and the lists that the hub follows, for admins.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let page = page(&visit, &Fields::default(), None, Wrong::default()).await?;
    Ok(page.into())
}

async fn page(
    visit: &Visit,
    typed: &Fields,
    changes: Option<Preview>,
    wrong: Wrong,
) -> Result<Page, Refusal> {
    policy::require_admin(visit.caller())?;
    let servers = visit.state.read(host::servers).await?;
    let model = Model {
        known: Known::read(visit).await?,
        rules: servers
            .by_hand
            .into_iter()
            .map(|rule| Rule::new(visit, rule))
            .collect(),
        lists: servers.lists.into_iter().map(List::new).collect(),
        changes,
        host: typed.text("host").to_owned(),
        comment: typed.text("comment").to_owned(),
        csv: typed.text("csv").to_owned(),
        url: typed.text("url").to_owned(),
        wrong,
    };
    Ok(Page::new("servers.html", visit.text("servers-title"), &model).unlisted())
}

impl List {
    fn new((list, rules): (Subscription, usize)) -> Self {
        Self {
            id: list.id,
            url: list.url,
            rules,
            refreshed_at: list.refreshed_at.map(|at| at.0),
            error: list.error,
        }
    }
}

/// Runs what an admin decides, and leads back to the page; what was wrong is shown there.
async fn act(
    form: &Submission,
    operation: impl Operation,
    note: &'static str,
) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    match visit
        .state
        .operations()
        .run(visit.caller(), operation)
        .await
    {
        Ok(_) => Ok(Led::to(AT).note(note).into()),
        Err(refusal) => again(form, refusal).await,
    }
}

async fn again(form: &Submission, refusal: Refusal) -> Result<Answer, Refusal> {
    if !matches!(
        refusal.kind,
        Kind::Invalid | Kind::Conflict | Kind::Unavailable
    ) {
        return Err(refusal);
    }
    let wrong = form.visit.wrong(&refusal);
    let page = page(&form.visit, &form.fields, None, wrong).await?;
    Ok(page.rejected(&refusal).into())
}

async fn look(form: &Submission, preview: Preview) -> Result<Answer, Refusal> {
    let page = page(&form.visit, &form.fields, Some(preview), Wrong::default()).await?;
    Ok(page.into())
}

/// `/servers/rules`: sets a rule by hand.
pub(super) async fn set(form: Submission) -> Result<Answer, Refusal> {
    let fields = &form.fields;
    let severity = fields.chosen("severity", Severity::parse)?;
    let rule = HostRule {
        reject_media: fields.ticked("reject_media"),
        reject_reports: fields.ticked("reject_reports"),
        obfuscate: fields.ticked("obfuscate"),
        comment: fields.text("comment").to_owned(),
        ..HostRule::new(fields.text("host").to_owned(), severity)
    };
    act(&form, SetHostRule { rule }, "server-set").await
}

/// `/servers/lift`: takes a rule back.
pub(super) async fn lift(form: Submission) -> Result<Answer, Refusal> {
    let host = form.fields.text("host").to_owned();
    act(&form, LiftHostRule { host }, "server-lifted").await
}

/// `/servers/import`: takes over a list that was pasted, or only says what that would change.
pub(super) async fn import(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let list = block_list::parse(form.fields.text("csv"));
    let dry_run = form.fields.ticked("dry_run");
    let import = ImportRules {
        rules: list.rules,
        source: RuleSource::Hand,
        dry_run,
    };
    if !dry_run {
        return act(&form, import, "server-imported").await;
    }
    let changes = visit.state.operations().run(visit.caller(), import).await?;
    look(&form, Preview::new(&changes, &list.faults)).await
}

/// `/servers/export.csv`: the rules set by hand, as Mastodon imports them.
pub(super) async fn export(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    let servers = visit.state.read(host::servers).await?;
    let text = block_list::write(&servers.by_hand);
    Ok(private_file(text, "text/csv; charset=utf-8"))
}

/// `/servers/lists`: follows a list, or only says what that would change.
pub(super) async fn subscribe(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let url = form.fields.text("url").trim().to_owned();
    let operations = visit.state.operations();
    let client = &visit.state.federation.client;
    if form.fields.ticked("dry_run") {
        // No list has this number: nothing of it is known yet.
        let source = RuleSource::List(-1);
        let seen = lists::preview(operations, client, visit.caller(), &url, source).await;
        return match seen {
            Ok(changes) => look(&form, Preview::new(&changes, &[])).await,
            Err(refusal) => again(&form, refusal).await,
        };
    }
    match operations
        .run(visit.caller(), Subscribe { url: url.clone() })
        .await
    {
        Ok(list) => {
            lists::refresh(operations, client, list, &url).await?;
            Ok(Led::to(AT).note("server-subscribed").into())
        }
        Err(refusal) => again(&form, refusal).await,
    }
}

/// `/servers/lists/end`: follows a list no more.
pub(super) async fn unsubscribe(form: Submission) -> Result<Answer, Refusal> {
    let list = form.fields.text("list").parse().unwrap_or(0);
    act(&form, Unsubscribe { list }, "server-unsubscribed").await
}
