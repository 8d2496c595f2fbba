//! Roles on the hub, the state of a follow, and bans.

use super::clock::Ts;
use super::reading::Level;

/// What a member may do on the whole hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Takes part.
    Member,
    /// Moderates every local group.
    Moderator,
    /// Runs the hub.
    Admin,
}

impl Role {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "member" => Some(Self::Member),
            "moderator" => Some(Self::Moderator),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// Where a follow of a group or person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FollowState {
    /// Asked for, not answered yet.
    Pending,
    /// In force: a membership, if the target is a group.
    Accepted,
    /// Turned down, or ended by the one who was followed; kept so that the follower sees it.
    Refused,
}

impl FollowState {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            _ => Self::Pending,
        }
    }
}

/// Which of the hub's people are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among {
    /// All with an account.
    Everybody,
    /// Those of a standing.
    Standing(Standing),
    /// Those with a role on the hub.
    Moderators,
}

/// Which of the hub's groups are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AmongGroups {
    /// All that are there.
    All,
    /// Those whose words are for their members.
    Private,
    /// Those that stand in no list.
    Unlisted,
    /// Those that nobody moderates.
    Unmoderated,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// May sign in.
    Active,
    /// Waits for an admin's approval.
    Pending,
    /// Shut out by an admin.
    Suspended,
}

impl Standing {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
        }
    }

    /// Reads the stable name; what is unknown may not sign in.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "pending" => Self::Pending,
            _ => Self::Suspended,
        }
    }
}

/// A ban in force: from one group, or from the whole hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ban {
    /// Why, as the moderator wrote it.
    pub(crate) reason: String,
    /// When it ends; `None`: it does not.
    pub(crate) until: Option<Ts>,
}

/// A follow as its follower takes it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Followed<T> {
    /// Who is followed.
    pub(crate) target: T,
    /// How it stands.
    pub(crate) state: FollowState,
    /// What the follower hears of it.
    pub(crate) level: Level,
    /// Since when.
    pub(crate) since: Ts,
}
