//! The shapes of what moderators look at: reports, bans, requests to join.

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Author;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::views::moderation::Report as ReportView;

/// What was reported, with the reasons of everybody who reported it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
#[expect(clippy::struct_field_names, reason = "the names are stable")]
pub(super) struct Report {
    /// The newest of its reports.
    id: i64,
    /// The first of the reported posts, comments and private messages; null where a person is
    /// reported.
    object_id: Option<i64>,
    /// All of them.
    object_ids: Vec<i64>,
    /// The thread in which the first stands; null for a message.
    post_id: Option<i64>,
    /// The person, or who wrote the object.
    subject: Option<Author>,
    /// The title of the post, the beginning of the comment, or the message.
    excerpt: String,
    /// Who reported it, why and when.
    reasons: Vec<Reason>,
    report_count: usize,
    /// When moderators were done with it.
    resolved_at: Option<String>,
}

/// Why somebody reported something.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reason")]
#[expect(clippy::struct_field_names, reason = "the names are stable")]
pub(super) struct Reason {
    reason: String,
    reporter: Option<Author>,
    created_at: String,
}

impl Report {
    /// Reports of one thing become one, in the order of the newest.
    pub(super) fn gather(views: Vec<ReportView>) -> Vec<Self> {
        let mut gathered: Vec<(ActorId, Self)> = Vec::new();
        for view in views {
            let reason = Reason {
                reason: view.flag.reason.clone(),
                reporter: view.reporter.as_ref().map(Author::of),
                created_at: view.flag.created_at.rfc3339(),
            };
            let same = gathered.iter_mut().find(|(subject, report)| {
                *subject == view.flag.subject
                    && report.object_ids == view.flag.objects
                    && report.resolved_at.is_some() == view.flag.resolved_at.is_some()
            });
            if let Some((_, report)) = same {
                report.reasons.push(reason);
                report.report_count += 1;
            } else {
                gathered.push((view.flag.subject, Self::first(view, reason)));
            }
        }
        gathered.into_iter().map(|(_, report)| report).collect()
    }

    fn first(view: ReportView, reason: Reason) -> Self {
        let first = view.things.first();
        Self {
            id: view.flag.id.0,
            object_id: first.map(|thing| thing.number),
            post_id: first.and_then(|thing| Some(thing.place?.1.0)),
            excerpt: first.map(|thing| thing.excerpt.clone()).unwrap_or_default(),
            subject: view.subject.as_ref().map(Author::of),
            object_ids: view.flag.objects,
            reasons: vec![reason],
            report_count: 1,
            resolved_at: view.flag.resolved_at.map(Ts::rfc3339),
        }
    }
}

/// Somebody who asked to join a private group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Request")]
pub(super) struct Request {
    /// Who.
    pub(super) person: Author,
    /// When.
    pub(super) asked_at: String,
}

/// A ban in force.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ban")]
pub(super) struct Ban {
    pub(super) person: Author,
    pub(super) reason: String,
    /// When it ends by itself; null: it does not.
    pub(super) until: Option<String>,
}
