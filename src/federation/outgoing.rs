//! What is sent for an entry of the outbox log. A placeholder: nothing is rendered.

use std::sync::Arc;

use super::quirks::PeerClass;
use crate::domain::activity::Logged;
use crate::domain::ids::ActorId;
use crate::domain::names::Names;
use crate::settings::Settings;
use crate::store::{Db, Res};

/// A document ready to be signed and sent.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    /// Who signs it.
    pub(crate) signer: ActorId,
    /// The exact bytes.
    pub(crate) body: Arc<[u8]>,
}

/// In which role a server reads an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    /// It has followers of the group.
    Follower(PeerClass),
    /// Somebody there is told in any case.
    Direct(PeerClass),
}

/// The documents that an entry means for a reader; none where there is nothing for its class.
///
/// # Errors
/// What the store says.
pub(crate) fn documents(
    _db: &mut Db,
    _names: &Names,
    _settings: &Settings,
    _logged: &Logged,
    _reader: Reader,
) -> Res<Vec<Sending>> {
    Ok(Vec::new())
}
