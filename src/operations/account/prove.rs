//! Somebody who is signed in says their password once more, before something that matters.

use super::passwords::refuse_long;
use crate::domain::caller::Caller;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::Operations;
use crate::store::accounts;

/// Checks the caller's own password, which stood in this field; the hash that it fits, which must
/// still be the account's when something is done by it.
///
/// # Errors
/// If it is wrong.
pub(crate) async fn prove(
    operations: &Operations,
    caller: Caller,
    field: &'static str,
    password: &str,
) -> Result<String, Refusal> {
    let actor = policy::require_actor(caller)?;
    refuse_long(password).map_err(|_long| not_yours(field))?;
    let found = operations
        .store
        .read(move |db| accounts::find(db, actor))
        .await?;
    let hash = found.map(|account| account.password_hash);
    let fits = operations.passwords.verify(password, hash.clone()).await?;
    hash.filter(|_| fits).ok_or_else(|| not_yours(field))
}

pub(super) fn not_yours(field: &'static str) -> Refusal {
    Refusal::invalid(
        field,
        "password.not_yours",
        "This is not your password. Please try again.",
    )
}
