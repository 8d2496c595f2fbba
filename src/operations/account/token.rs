//! Bearer tokens: programs that act for a person.

use super::{account, require_self_or_admin};
use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::tokens;

/// What a token may be allowed to do.
const SCOPES: [&str; 2] = ["read", "write"];

/// Stores the hash of a token that was drawn before.
pub(crate) struct CreateToken {
    /// For whom it acts.
    pub(crate) actor: ActorId,
    /// `crypto::token::hash_hex` of it.
    pub(crate) token_hash: String,
    /// Words out of `read` and `write`, with space between; empty: both.
    pub(crate) scopes: String,
}

impl Operation for CreateToken {
    type Output = ();
    const NAME: &'static str = "create_token";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        let scopes = scopes(&self.scopes)?;
        let account = account(desk, self.actor)?;
        if account.standing != Standing::Active {
            return Err(Refusal::forbidden(
                "account.inactive",
                "This account may not sign in, so it gets no token.",
            ));
        }
        tokens::insert(desk.db, &self.token_hash, self.actor, &scopes, desk.now)?;
        Ok(())
    }
}

fn scopes(text: &str) -> Result<String, Refusal> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(strange) = words.iter().find(|word| !SCOPES.contains(word)) {
        let strange: String = strange.chars().take(40).collect();
        return Err(Refusal::invalid(
            "scopes",
            "token.scopes",
            format!("A token can be allowed to read and to write, but not to \"{strange}\"."),
        ));
    }
    let granted = SCOPES
        .into_iter()
        .filter(|scope| words.is_empty() || words.contains(scope));
    Ok(granted.collect::<Vec<_>>().join(" "))
}

/// Draws a token and stores its hash; gives back the token, which nobody can read again.
///
/// # Errors
/// As [`CreateToken`].
pub(crate) async fn create_token(
    operations: &Operations,
    caller: Caller,
    actor: ActorId,
    scopes: &str,
) -> Result<String, Refusal> {
    let token = token::random();
    let create = CreateToken {
        actor,
        token_hash: token::hash_hex(&token),
        scopes: scopes.to_owned(),
    };
    operations.run(caller, create).await?;
    Ok(token)
}

/// Takes a token back.
pub(crate) struct RevokeToken {
    /// For whom it acted.
    pub(crate) actor: ActorId,
    /// `crypto::token::hash_hex` of it.
    pub(crate) token_hash: String,
}

impl Operation for RevokeToken {
    type Output = ();
    const NAME: &'static str = "revoke_token";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        require_self_or_admin(desk.caller, self.actor)?;
        if tokens::delete(desk.db, self.actor, &self.token_hash)? {
            return Ok(());
        }
        Err(Refusal::not_found(
            "token.unknown",
            "There is no such token.",
        ))
    }
}
