//! Reports, and the log of what moderators did.

use super::clock::Ts;
use super::ids::{ActorId, FlagId, Uri};

/// A report of a person, or of what they wrote, to the moderators of a group or of the hub.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Flag {
    /// The row.
    pub(crate) id: FlagId,
    /// The id of the Flag activity.
    pub(crate) uri: Uri,
    /// The group whose moderators are asked; `None`: the hub's own.
    pub(crate) group: Option<ActorId>,
    /// Who reports.
    pub(crate) reporter: ActorId,
    /// The numbers of the posts and comments; none where the person alone is reported.
    pub(crate) objects: Vec<i64>,
    /// The person who is reported, or who wrote what is.
    pub(crate) subject: ActorId,
    /// Why.
    pub(crate) reason: String,
    /// When.
    pub(crate) created_at: Ts,
    /// When moderators were done with it.
    pub(crate) resolved_at: Option<Ts>,
    /// Which of them.
    pub(crate) resolved_by: Option<ActorId>,
}

/// One line of the moderation log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LogEntry {
    /// Where; `None`: on the whole hub.
    pub(crate) group: Option<ActorId>,
    /// Who did it; `None`: the hub itself, or the server of a remote group.
    pub(crate) moderator: Option<ActorId>,
    /// What, as a stable word: `remove`, `restore`, `lock`, `ban` and so on.
    pub(crate) action: String,
    /// The number of the post or comment.
    pub(crate) object: Option<i64>,
    /// The person.
    pub(crate) actor: Option<ActorId>,
    /// The server.
    pub(crate) host: Option<String>,
    /// Why.
    pub(crate) reason: String,
    /// When.
    pub(crate) at: Ts,
}

/// Whose reports are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Docket {
    /// Those for a group's moderators.
    Group(ActorId),
    /// Those for the hub's own: about people, and about what lies in groups elsewhere.
    Hub,
}

/// Which lines of the log are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// A group's, as everybody may read them.
    Group(ActorId),
    /// A group's with what concerns its moderators only: what was refused.
    GroupInside(ActorId),
    /// The hub's own and those of its groups that are listed, as everybody may read them.
    Hub,
}
