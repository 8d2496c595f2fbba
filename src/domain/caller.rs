//! Who asks for something to be done.

use super::ids::{ActorId, InstanceId};
use super::membership::Role;

/// Who is behind a call; every permission is decided from this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody is signed in.
    Visitor,
    /// A member of this hub, by session or token.
    Member {
        /// Their actor.
        actor: ActorId,
        /// Their role on the hub.
        role: Role,
    },
    /// An actor of another server, proven by a signature.
    Remote {
        /// Their actor.
        actor: ActorId,
    },
    /// The hub itself, or its operator at the command line.
    System,
}

impl Caller {
    /// The actor behind the call, if it is one.
    pub(crate) fn actor(self) -> Option<ActorId> {
        match self {
            Self::Member { actor, .. } | Self::Remote { actor } => Some(actor),
            Self::Visitor | Self::System => None,
        }
    }

    /// Whether the hub's own rules bind the caller no more than an admin.
    pub(crate) fn is_admin(self) -> bool {
        matches!(
            self,
            Self::System
                | Self::Member {
                    role: Role::Admin,
                    ..
                }
        )
    }

    /// Whether the caller moderates the whole hub.
    pub(crate) fn moderates_hub(self) -> bool {
        self.is_admin()
            || matches!(
                self,
                Self::Member {
                    role: Role::Moderator,
                    ..
                }
            )
    }
}

/// For whom something is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// Anybody.
    Visitor,
    /// Somebody, here or elsewhere.
    Person(ActorId),
    /// A server that proved by a signature who it is, for its people.
    Server(InstanceId),
    /// A server for which the server of this private group elsewhere vouches.
    Guest(ActorId),
}

impl From<ActorId> for Viewer {
    fn from(actor: ActorId) -> Self {
        Self::Person(actor)
    }
}

impl From<Option<ActorId>> for Viewer {
    fn from(actor: Option<ActorId>) -> Self {
        actor.map_or(Self::Visitor, Self::Person)
    }
}
