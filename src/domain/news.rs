//! News: what members are told of by mail and by their browsers, and how each of them wants it.

use super::ids::ActorId;
use super::notice::NoticeKind;

/// Under this name the hub notes up to which id members were told.
pub(crate) const MARK: &str = "news";

/// The name of the secret by which push services know the hub.
pub(crate) const PUSH_KEY: &str = "vapid";

/// A sort of news that members want, or not, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// Somebody answered them.
    Answers,
    /// Somebody mentioned them.
    Mentions,
    /// Somebody wrote to them in private.
    Messages,
    /// Somebody wrote in a thread that they follow, or began one in a group that they follow whole.
    Threads,
    /// Who comes to an event, and whether they may.
    Events,
    /// A poll ended.
    Polls,
    /// What groups say of their membership.
    Groups,
    /// What waits for moderators.
    Moderation,
    /// Somebody likes what they wrote.
    Votes,
    /// Somebody follows them.
    Followers,
}

impl Topic {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 10] = [
        Self::Answers,
        Self::Mentions,
        Self::Messages,
        Self::Threads,
        Self::Votes,
        Self::Followers,
        Self::Events,
        Self::Polls,
        Self::Groups,
        Self::Moderation,
    ];

    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Mentions => "mentions",
            Self::Messages => "messages",
            Self::Threads => "threads",
            Self::Events => "events",
            Self::Polls => "polls",
            Self::Groups => "groups",
            Self::Moderation => "moderation",
            Self::Votes => "votes",
            Self::Followers => "followers",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == text)
    }

    /// What a notice belongs to.
    pub(crate) fn of(kind: NoticeKind) -> Self {
        match kind {
            NoticeKind::Answer | NoticeKind::Accepted => Self::Answers,
            NoticeKind::Thread | NoticeKind::NewThread => Self::Threads,
            NoticeKind::Mention => Self::Mentions,
            NoticeKind::PollEnded => Self::Polls,
            NoticeKind::JoinAsked | NoticeKind::JoinAnswered => Self::Events,
            NoticeKind::Refused => Self::Groups,
            NoticeKind::SignedUp => Self::Moderation,
            NoticeKind::Liked => Self::Votes,
            NoticeKind::Followed => Self::Followers,
        }
    }

    /// How members hear of it who have not chosen themselves.
    pub(crate) fn usual(self) -> Wish {
        let mail = match self {
            Self::Answers | Self::Mentions | Self::Messages | Self::Events | Self::Moderation => {
                ByMail::AtOnce
            }
            Self::Threads | Self::Polls | Self::Groups | Self::Followers => ByMail::Digest,
            Self::Votes => ByMail::Off,
        };
        let push = !matches!(self, Self::Votes | Self::Followers);
        Wish { mail, push }
    }
}

/// How a member wants to hear of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// By mail.
    pub(crate) mail: ByMail,
    /// By the browsers in which they switched that on.
    pub(crate) push: bool,
}

/// When a member gets a letter about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByMail {
    /// Never.
    Off,
    /// As soon as it happened, unless they have seen it.
    AtOnce,
    /// With the digest.
    Digest,
}

impl ByMail {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::AtOnce => "at_once",
            Self::Digest => "digest",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            "at_once" => Some(Self::AtOnce),
            "digest" => Some(Self::Digest),
            _ => None,
        }
    }
}

/// One thing that a member is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// What it belongs to.
    pub(crate) topic: Topic,
    /// The key of the text that says what happened.
    pub(crate) said: &'static str,
    /// Who did it.
    pub(crate) who: String,
    /// What it is about, in a line.
    pub(crate) title: String,
    /// Where it is, as a path of this hub.
    pub(crate) path: String,
}

/// What one member is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Who.
    pub(crate) to: ActorId,
    /// What, oldest first.
    pub(crate) news: Vec<News>,
}

/// What a link in a letter ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Letters about one topic.
    Topic(Topic),
    /// Letters about any topic.
    Topics,
    /// The digest.
    Digest,
}

impl Ended {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Topic(topic) => topic.as_str(),
            Self::Topics => "topics",
            Self::Digest => "digest",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "topics" => Some(Self::Topics),
            "digest" => Some(Self::Digest),
            text => Topic::parse(text).map(Self::Topic),
        }
    }
}
