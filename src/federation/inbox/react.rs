//! Like, Dislike and `EmojiReact`, and their Undo: one vote per person and object
//! (federation.md 4.7); and what people share.

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::refusal::Refusal;
use crate::operations::reaction::{ReceiveShare, ReceiveVote, Vote};
use crate::store::traces::Trace;

use super::super::wire::Activity;
use super::case::{Case, Handled, Verdict};

/// A vote on what is stored; nothing is fetched for a vote on anything else (statement 136).
pub(super) async fn react(case: &Case<'_>) -> Handled {
    cast(case, value(&case.activity.kind)).await
}

/// A vote is taken back, whichever it was: Lemmy words every Undo as that of a Like. Where there is
/// nothing to vote on yet, the vote is void when it comes late.
pub(super) async fn unreact(case: &Case<'_>) -> Handled {
    cast(case, 0).await
}

async fn cast(case: &Case<'_>, value: i16) -> Handled {
    match voted_on(case).await? {
        Ok((known, group)) => {
            let vote = Vote {
                object: known.id,
                value,
                relay: case.relay(&group),
            };
            case.run(ReceiveVote {
                vote,
                content: emoji(&case.activity),
                activity: case.activity.id.clone(),
                via_group: case.via.is_some(),
            })
            .await
        }
        Err(why) => {
            case.remember_undone().await?;
            Ok(Verdict::Ignored(why))
        }
    }
}

/// Somebody shares something that is stored, or (`false`) no longer does.
pub(super) async fn share(case: &Case<'_>, shared: bool) -> Handled {
    if case.via.is_some() {
        return Ok(Verdict::Ignored("a group does not pass shares on"));
    }
    match case.resolver.known_object(case.object_id()?).await? {
        Some(known) => {
            case.run(ReceiveShare {
                object: known.id,
                shared,
                activity: case.activity.id.clone(),
            })
            .await
        }
        None => Ok(Verdict::Ignored("what is shared is not here")),
    }
}

/// What a reaction says beside the vote that it is.
fn emoji(activity: &Activity) -> Option<String> {
    let content = activity.content.as_deref().map(str::trim);
    content
        .filter(|content| !content.is_empty() && activity.kind != "Dislike")
        .map(str::to_owned)
}

fn value(kind: &str) -> i16 {
    if kind == "Dislike" { -1 } else { 1 }
}

/// What is voted on, if the vote of this actor counts (statement 137).
async fn voted_on(case: &Case<'_>) -> Result<Result<(Trace, Actor), &'static str>, Refusal> {
    if matches!(
        case.by.kind,
        ActorKind::Service | ActorKind::Application | ActorKind::Group
    ) {
        return Ok(Err("only people vote"));
    }
    let Some((known, group)) = case.subject().await? else {
        return Ok(Err("what it is about is not here"));
    };
    Ok(Ok((known, group)))
}
