//! Move: somebody goes to another account (federation.md 4.12, security.md H116).

use crate::operations::moving::ReceiveMove;

use super::case::{Case, Handled, Verdict};

/// Somebody moves to an account that says, by its own document fetched now, that it is theirs.
pub(super) async fn moved(case: &Case<'_>) -> Handled {
    if case.via.is_some() || !case.believed || case.object_id()? != case.by.uri.as_str() {
        return Ok(Verdict::Ignored("only an account itself moves"));
    }
    let Some(target) = case.activity.target.as_ref().and_then(|target| target.id()) else {
        return Ok(Verdict::Ignored("it moves nowhere"));
    };
    let claim = match case.resolver.claim(target).await {
        Ok(claim) => claim,
        Err(refusal) if refusal.is_passing() => return Err(refusal),
        Err(_) => return Ok(Verdict::Ignored("nobody is where it moves")),
    };
    let named = claim
        .also_known_as
        .iter()
        .any(|uri| uri == case.by.uri.as_str());
    if !named || claim.moved_on {
        return Ok(Verdict::Ignored(
            "whoever is there does not name the account",
        ));
    }
    let target = claim.actor.id;
    case.run(ReceiveMove { target }).await
}
