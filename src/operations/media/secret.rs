//! The secret with which addresses of pictures elsewhere are signed: drawn once for ever.

use crate::crypto::token;
use crate::domain::caller::Caller;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::secrets;

struct KeepSecret(String);

impl Operation for KeepSecret {
    type Output = String;
    const NAME: &'static str = "keep_secret";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<String, Refusal> {
        Ok(secrets::ensure(desk.db, "pictures", &self.0)?)
    }
}

/// Takes the hub's secret for the addresses of pictures elsewhere into use.
///
/// # Errors
/// If the store cannot be written.
pub(crate) async fn prepare(operations: &Operations) -> Result<(), Refusal> {
    let keep = KeepSecret(token::random());
    let secret = operations.run(Caller::System, keep).await?;
    operations.media.set_secret(secret);
    Ok(())
}
