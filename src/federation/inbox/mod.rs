//! What received activities do. A placeholder: everything is refused.

use super::Federation;
use crate::store::inbox::Received;

/// How the processing of a received activity ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It had its effect, or had it before.
    Done,
    /// It has none; why.
    Refused(String),
    /// It may have one later; why not now.
    Later(String),
}

/// Gives a received activity its effect.
pub(crate) async fn process(_federation: &Federation, _received: Received) -> Outcome {
    std::future::ready(Outcome::Refused("not understood yet".to_owned())).await
}
