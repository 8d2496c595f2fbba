//! Flag, in every dialect: Lemmy names one object, Mastodon the account and its posts, Mbin both
//! (federation.md 4.8).

use crate::domain::ids::Uri;
use crate::domain::refusal::Refusal;
use crate::operations::flag::RaiseFlag;

use super::case::{Case, Handled, Verdict};
use super::delete;

/// Things of one report that are looked at (security.md H113).
const MOST: usize = 50;

/// One report for each reported post or comment that local moderators can judge.
pub(super) async fn flag(case: &Case<'_>) -> Handled {
    let mut reports = Vec::new();
    let ids = case
        .activity
        .objects
        .iter()
        .filter_map(|object| object.id())
        .take(MOST);
    for (place, id) in ids.enumerate() {
        if let Some(report) = report(case, place, id).await? {
            reports.push(report);
        }
    }
    let Some(last) = reports.pop() else {
        return Ok(Verdict::Ignored(
            "nothing of what it reports is judged here",
        ));
    };
    for report in reports {
        let caller = crate::domain::caller::Caller::Remote { actor: case.by.id };
        Box::pin(case.federation.operations.run(caller, report)).await?;
    }
    case.run(last).await
}

/// The report of one thing: of local words, or of words in a local group.
async fn report(case: &Case<'_>, place: usize, id: &str) -> Result<Option<RaiseFlag>, Refusal> {
    let Some(known) = case.resolver.known_object(id).await? else {
        return Ok(None);
    };
    let group = case.actor_of(known.group).await?;
    let author = case.actor_of(known.author).await?;
    if !group.local && !author.local {
        return Ok(None);
    }
    let words = case
        .activity
        .summary
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let reason = delete::reason(words.or(case.activity.content.as_deref()));
    let uri = match place {
        0 => case.activity.id.clone(),
        _ => format!("{}#{place}", case.activity.id),
    };
    Ok(Some(RaiseFlag {
        group: group.id,
        object: Some(known.id),
        subject: author.id,
        reason,
        uri: Uri::parse(&uri),
    }))
}
