//! `ChooseAnswer`: which answer to a question helped, as `PieFed` says it. Its object is the answer.

use crate::domain::ids::ObjectId;
use crate::operations::question::ChooseAnswer;

use super::case::{Case, Handled, Verdict};

/// The asker, or a moderator, chooses an answer or takes that back. Who else sends it is refused:
/// peers look at the author of the answer, which anybody can be.
pub(super) async fn choose(case: &Case<'_>, chosen: bool) -> Handled {
    let Some((known, group)) = case.subject().await? else {
        return Ok(Verdict::Ignored("the answer is not here"));
    };
    let ObjectId::Comment(answer) = known.id else {
        return Ok(Verdict::Ignored("a question does not answer itself"));
    };
    let choose = ChooseAnswer {
        answer,
        chosen,
        relay: case.relay(&group),
    };
    case.moderate(&group, None, choose).await
}
