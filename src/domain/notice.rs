//! Notices: what a member is told happened to them.

use super::clock::Ts;
use super::ids::{ActorId, PostId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeKind {
    /// Somebody answered their post or comment.
    Answer,
    /// Somebody mentioned them.
    Mention,
    /// A poll ended that they made or voted in.
    PollEnded,
    /// Somebody wants to come to an event of theirs.
    JoinAsked,
    /// An organiser decided whether they may come to an event.
    JoinAnswered,
    /// A group elsewhere turned their request down, or ended their membership.
    Refused,
    /// Their answer to a question is the one that helped.
    Accepted,
    /// Somebody wrote in a thread that they follow.
    Thread,
    /// Somebody signed up and waits for the hub's moderators.
    SignedUp,
    /// Somebody likes their post or comment.
    Liked,
    /// Somebody follows them.
    Followed,
    /// Somebody began a thread in a group of which they want to hear everything.
    NewThread,
}

/// What a member may want to look through on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// What others answered.
    Answers,
    /// Where they are named.
    Mentions,
    /// Meetings and polls.
    Dates,
    /// What those who run groups decided.
    Moderation,
    /// What others like.
    Votes,
    /// Who follows them.
    Followers,
    /// What began in their groups.
    Threads,
}

impl Subject {
    /// All of them.
    pub(crate) const ALL: [Self; 7] = [
        Self::Answers,
        Self::Mentions,
        Self::Threads,
        Self::Votes,
        Self::Followers,
        Self::Dates,
        Self::Moderation,
    ];

    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Mentions => "mentions",
            Self::Dates => "dates",
            Self::Moderation => "moderation",
            Self::Votes => "votes",
            Self::Followers => "followers",
            Self::Threads => "threads",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The kinds of notices about it.
    pub(crate) fn kinds(self) -> impl Iterator<Item = NoticeKind> {
        let about = move |kind: &NoticeKind| kind.subject() == self;
        NoticeKind::ALL.into_iter().filter(about)
    }
}

impl NoticeKind {
    /// All of them.
    const ALL: [Self; 12] = [
        Self::Answer,
        Self::Mention,
        Self::PollEnded,
        Self::JoinAsked,
        Self::JoinAnswered,
        Self::Refused,
        Self::Accepted,
        Self::Thread,
        Self::SignedUp,
        Self::Liked,
        Self::Followed,
        Self::NewThread,
    ];

    /// What it is about.
    fn subject(self) -> Subject {
        match self {
            Self::Answer | Self::Accepted | Self::Thread => Subject::Answers,
            Self::Mention => Subject::Mentions,
            Self::PollEnded | Self::JoinAsked | Self::JoinAnswered => Subject::Dates,
            Self::Refused | Self::SignedUp => Subject::Moderation,
            Self::Liked => Subject::Votes,
            Self::Followed => Subject::Followers,
            Self::NewThread => Subject::Threads,
        }
    }

    /// Whether who mutes the thread does not hear of it.
    pub(crate) fn can_be_muted(self) -> bool {
        matches!(
            self,
            Self::Answer
                | Self::Mention
                | Self::PollEnded
                | Self::Thread
                | Self::Liked
                | Self::NewThread
        )
    }

    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Mention => "mention",
            Self::PollEnded => "poll_ended",
            Self::JoinAsked => "join_asked",
            Self::JoinAnswered => "join_answered",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Thread => "thread",
            Self::SignedUp => "signed_up",
            Self::Liked => "liked",
            Self::Followed => "followed",
            Self::NewThread => "new_thread",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "answer" => Self::Answer,
            "poll_ended" => Self::PollEnded,
            "join_asked" => Self::JoinAsked,
            "join_answered" => Self::JoinAnswered,
            "refused" => Self::Refused,
            "accepted" => Self::Accepted,
            "thread" => Self::Thread,
            "signed_up" => Self::SignedUp,
            "liked" => Self::Liked,
            "followed" => Self::Followed,
            "new_thread" => Self::NewThread,
            _ => Self::Mention,
        }
    }
}

/// What decides who hears of something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ears {
    /// Of whom nobody hears: their servers are kept away, or they are suspended.
    pub(crate) kept_away: Vec<ActorId>,
    /// Who does not want to see whom.
    pub(crate) unwanted: Vec<(ActorId, ActorId)>,
    /// Who does not want to hear of which thread.
    pub(crate) muted: Vec<(ActorId, PostId)>,
}

impl Ears {
    /// Whether a member hears of what somebody did, in a thread that may be muted if it is in one.
    pub(crate) fn hears(&self, to: ActorId, by: ActorId, thread: Option<PostId>) -> bool {
        let mutes = |thread| self.muted.contains(&(to, thread));
        !self.kept_away.contains(&by)
            && !self.unwanted.contains(&(to, by))
            && !thread.is_some_and(mutes)
    }
}

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// The row.
    pub(crate) id: i64,
    /// What happened.
    pub(crate) kind: NoticeKind,
    /// Who did it.
    pub(crate) by: ActorId,
    /// The number of the post or comment in which it happened, or of the group or person that did it.
    pub(crate) object: i64,
    /// When.
    pub(crate) created_at: Ts,
    /// When the member read it.
    pub(crate) read_at: Option<Ts>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_to_hears_of_it() {
        let (anna, ben, carl) = (ActorId(1), ActorId(2), ActorId(3));
        let (tea, pots) = (PostId(7), PostId(8));
        let ears = Ears {
            kept_away: vec![carl],
            unwanted: vec![(anna, ben)],
            muted: vec![(ben, tea)],
        };
        for (to, by, thread, hears) in [
            (ben, anna, None, true),
            (ben, anna, Some(pots), true),
            (ben, anna, Some(tea), false),
            (anna, ben, Some(pots), false),
            (ben, carl, None, false),
        ] {
            assert_eq!(ears.hears(to, by, thread), hears, "{to:?} of {by:?}");
        }
    }
}
