//! What moderators did, for everybody to read; and reports that they are done with.

use serde::Serialize;

use crate::domain::flag::Lines;
use crate::domain::ids::FlagId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::flag::ResolveFlag;
use crate::views::moderation::{self, LogLine};

use super::answer::{Answer, Led, Page, next};
use super::form::Submission;
use super::group::seen;
use super::model::{Face, List};
use super::moderate::PAGE;
use super::visit::Visit;

/// Where reports are looked at.
const REPORTS: &str = "/mod?kind=report";

#[derive(Serialize)]
struct Model {
    of: Option<Face>,
    log: List<Logged>,
}

/// A line of the log.
#[derive(Serialize)]
pub(super) struct Logged {
    /// What was done, in words.
    action: String,
    by: Option<Face>,
    about: Option<Face>,
    group: Option<Face>,
    host: Option<String>,
    href: Option<String>,
    reason: String,
    at: i64,
}

impl Logged {
    pub(super) fn new(visit: &Visit, line: LogLine) -> Self {
        let LogLine {
            entry,
            by,
            about,
            group,
        } = line;
        Self {
            action: match in_words(&entry.action) {
                Some(key) => visit.text(key),
                None => entry.action,
            },
            by: by.as_ref().map(Face::new),
            about: about.as_ref().map(Face::new),
            group: group.as_ref().map(Face::new),
            host: entry.host,
            href: entry.object.map(|id| format!("/comment/{id}")),
            reason: entry.reason,
            at: entry.at.0,
        }
    }
}

/// The text that says what was done; other versions of the hub may have done more.
fn in_words(action: &str) -> Option<&'static str> {
    Some(match action {
        "approve" => "log-approve",
        "reject" => "log-reject",
        "lock" => "log-lock",
        "unlock" => "log-unlock",
        "feature" => "log-feature",
        "unfeature" => "log-unfeature",
        "remove" => "log-remove",
        "restore" => "log-restore",
        "ban" => "log-ban",
        "unban" => "log-unban",
        "appoint" => "log-appoint",
        "dismiss" => "log-dismiss",
        "let_in" => "log-let-in",
        "turn_down" => "log-turn-down",
        "move_in" => "log-move-in",
        "move_out" => "log-move-out",
        "moved" => "log-moved",
        "purge" => "log-purge",
        "purge-lift" => "log-purge-lift",
        "role-admin" => "log-role-admin",
        "role-moderator" => "log-role-moderator",
        "role-member" => "log-role-member",
        "rule" => "log-rule",
        "rule-drop" => "log-rule-drop",
        "server-suspend" => "log-server-suspend",
        "server-limit" => "log-server-limit",
        "server-none" => "log-server-none",
        "server-lift" => "log-server-lift",
        "server-import" => "log-server-import",
        "server-retry" => "log-server-retry",
        "server-pause" => "log-server-pause",
        "server-resume" => "log-server-resume",
        _ => return None,
    })
}

/// `/log`: what was moderated on the hub and in its groups.
pub(super) async fn hub(visit: Visit) -> Result<Answer, Refusal> {
    page(&visit, Lines::Hub, None, "/log").await
}

/// `/c/{name}/log`: what was moderated in a group.
pub(super) async fn group(visit: Visit) -> Result<Answer, Refusal> {
    let seen = seen(&visit).await?;
    let face = Face::new(&seen.group);
    let path = format!("{}/log", face.href);
    page(&visit, Lines::Group(seen.group.id), Some(face), &path).await
}

async fn page(
    visit: &Visit,
    lines: Lines,
    of: Option<Face>,
    path: &str,
) -> Result<Answer, Refusal> {
    let (viewer, request) = (visit.actor(), visit.page(PAGE));
    let log = visit
        .state
        .read(move |db| moderation::log(db, viewer, lines, request))
        .await?;
    let model = Model {
        of,
        log: List::new(log, path, |line| Logged::new(visit, line)),
    };
    Ok(Page::new("log.html", visit.text("log-title"), &model)
        .unlisted()
        .into())
}

/// `/reports`: the part of the desk where reports are.
pub(super) async fn reports(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_hub_moderator(visit.caller())?;
    Ok(Led::to(REPORTS).into())
}

/// `/reports`, sent: a report is done with.
pub(super) async fn resolve(form: Submission) -> Result<Answer, Refusal> {
    let flag = FlagId(form.fields.text("flag").parse().unwrap_or(0));
    let visit = &form.visit;
    let resolve = ResolveFlag { flag };
    visit
        .state
        .operations()
        .run(visit.caller(), resolve)
        .await?;
    Ok(Led::to(next(&form.fields, REPORTS)).note("resolved").into())
}
