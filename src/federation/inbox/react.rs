//! Like, Dislike and `EmojiReact`, and their Undo: one vote per person and object
//! (federation.md 4.7).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::refusal::Refusal;
use crate::operations::reaction::Vote;

use super::super::resolve::Known;
use super::case::{Case, Handled, Verdict};

/// A vote on what is stored; nothing is fetched for a vote on anything else (statement 136).
pub(super) async fn react(case: &Case<'_>) -> Handled {
    let value = value(&case.activity.kind);
    match voted_on(case).await? {
        Ok((known, group)) => {
            let relay = case.relay(&group);
            case.run(Vote {
                object: known.id,
                value,
                relay,
            })
            .await
        }
        Err(why) => Ok(Verdict::Ignored(why)),
    }
}

/// A vote is taken back, whichever it was: Lemmy words every Undo as that of a Like. Where there is
/// nothing to vote on yet, the vote is void when it comes late.
pub(super) async fn unreact(case: &Case<'_>) -> Handled {
    match voted_on(case).await? {
        Ok((known, group)) => {
            let relay = case.relay(&group);
            case.run(Vote {
                object: known.id,
                value: 0,
                relay,
            })
            .await
        }
        Err(why) => {
            case.remember_undone().await?;
            Ok(Verdict::Ignored(why))
        }
    }
}

fn value(kind: &str) -> i16 {
    if kind == "Dislike" { -1 } else { 1 }
}

/// What is voted on, if the vote of this actor counts (statement 137).
async fn voted_on(case: &Case<'_>) -> Result<Result<(Known, Actor), &'static str>, Refusal> {
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
