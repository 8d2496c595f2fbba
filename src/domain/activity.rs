//! What an operation did, in ids: the entry that it leaves in the outbox log.
//!
//! The federation room turns entries into documents when they are sent, so a log row is small and
//! an entry survives any change of the wire. Entries are persisted as JSON: change them compatibly.

use super::clock::Ts;
use super::ids::{ActorId, CommentId, FlagId, MessageId, ObjectId, PostId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Activity {
    /// A follow of a local actor was accepted.
    FollowAccepted {
        /// Who follows.
        follower: ActorId,
        /// The id of their Follow.
        follow: String,
    },
    /// A follow of a local actor was turned down, or ended by the followed.
    FollowRejected {
        /// Who wanted to follow.
        follower: ActorId,
        /// The id of their Follow.
        follow: String,
    },
    /// A local person asks to follow a remote actor.
    Followed {
        /// Whom.
        target: ActorId,
    },
    /// A local person no longer follows a remote actor.
    Unfollowed {
        /// Whom.
        target: ActorId,
        /// The id of the Follow that is undone.
        follow: String,
    },
    /// A post or comment came into being.
    Created {
        /// It.
        object: ObjectId,
    },
    /// Its author changed it.
    Updated {
        /// It.
        object: ObjectId,
    },
    /// Its author deleted it.
    Deleted {
        /// It.
        object: ObjectId,
    },
    /// Its author took the deletion back.
    Restored {
        /// It.
        object: ObjectId,
    },
    /// A moderator removed it.
    Removed {
        /// It.
        object: ObjectId,
        /// Why.
        reason: String,
        /// Whether the answers went with it.
        #[serde(default)]
        with_replies: bool,
    },
    /// A moderator took the removal back.
    Unremoved {
        /// It.
        object: ObjectId,
        /// Why it had been removed.
        reason: String,
    },
    /// A vote: 1 or -1.
    Voted {
        /// On what.
        object: ObjectId,
        /// 1 likes, -1 dislikes.
        value: i16,
    },
    /// A vote was taken back.
    Unvoted {
        /// On what.
        object: ObjectId,
        /// The value it had.
        value: i16,
        /// The uuid in the id of the vote that is taken back; `None` where it was not kept.
        #[serde(default)]
        vote: Option<String>,
    },
    /// Somebody here reacted with an emoji; the vote that it is as well is an entry of its own.
    Reacted {
        /// To what.
        object: ObjectId,
        /// The emoji.
        content: String,
    },
    /// A reaction was taken back.
    Unreacted {
        /// To what.
        object: ObjectId,
        /// The emoji.
        content: String,
        /// The uuid in the id of the reaction.
        reaction: String,
    },
    /// The votes in a poll made here were counted anew.
    Tallied {
        /// The post that asks.
        post: PostId,
    },
    /// A local person chose in a poll made elsewhere.
    PollVoted {
        /// The post that asks.
        post: PostId,
        /// The place of the choice, from 0.
        choice: i32,
    },
    /// Who asked a question, or a moderator, said which answer helped.
    AnswerChosen {
        /// The answer.
        comment: CommentId,
        /// Whether it is chosen, or no longer.
        chosen: bool,
    },
    /// A local person wants to come to an event elsewhere.
    Joined {
        /// The post that announces it.
        post: PostId,
    },
    /// A local person does not come to an event elsewhere after all.
    Left {
        /// The post that announces it.
        post: PostId,
    },
    /// Somebody may come to an event of this hub.
    JoinAccepted {
        /// The post that announces it.
        post: PostId,
        /// Who.
        attendee: ActorId,
        /// The id of their Join.
        join: String,
    },
    /// Somebody may not come to an event of this hub.
    JoinRejected {
        /// The post that announces it.
        post: PostId,
        /// Who.
        attendee: ActorId,
        /// The id of their Join.
        join: String,
    },
    /// A private message was written; one entry for each recipient elsewhere.
    MessageSent {
        /// The message.
        message: MessageId,
        /// Who gets it.
        to: ActorId,
    },
    /// A private message was deleted; one entry for each recipient elsewhere.
    MessageDeleted {
        /// The message.
        message: MessageId,
        /// Who got it.
        to: ActorId,
    },
    /// A thread was locked or opened again, or the answers to one comment.
    Locked {
        /// The thread.
        post: PostId,
        /// The comment, if it is not the whole thread.
        #[serde(default)]
        comment: Option<CommentId>,
        /// Whether it takes no more answers.
        locked: bool,
        /// Why.
        reason: String,
    },
    /// A post was pinned to its group, or unpinned.
    Featured {
        /// The post.
        post: PostId,
        /// Whether it is pinned.
        featured: bool,
    },
    /// A group got or lost a moderator.
    ModeratorChanged {
        /// Who.
        moderator: ActorId,
        /// Whether they moderate now.
        added: bool,
    },
    /// Somebody was banned from the group (or the hub), or let in again.
    Banned {
        /// Who.
        actor: ActorId,
        /// Whether the ban begins (or ends).
        banned: bool,
        /// Why.
        reason: String,
        /// When it ends by itself.
        until: Option<i64>,
        /// Whether what they wrote goes too.
        remove_content: bool,
    },
    /// A report goes to the moderators' servers.
    Flagged {
        /// The report.
        flag: FlagId,
    },
    /// A moderator is done with a report.
    FlagResolved {
        /// The report.
        flag: FlagId,
    },
    /// Somebody elsewhere asked to quote what was written here, and was answered.
    QuoteAnswered {
        /// The quote.
        quote: i64,
    },
    /// An author no longer allows a quote.
    QuoteRevoked {
        /// The quote.
        quote: i64,
    },
    /// The author of a post or comment asks to quote what was written elsewhere.
    QuoteAsked {
        /// The thread.
        post: PostId,
        /// The comment that quotes; `None`: the post itself.
        #[serde(default)]
        comment: Option<CommentId>,
    },
    /// Somebody of this hub moved to another account.
    Moved {
        /// The new account.
        target: ActorId,
    },
    /// A thread went from one group of this hub to another.
    ThreadMoved {
        /// The thread.
        post: PostId,
        /// Where it was.
        from: ActorId,
        /// Where it is.
        to: ActorId,
    },
    /// A local profile changed: person or group.
    ProfileUpdated {
        /// Whose.
        actor: ActorId,
    },
    /// A local person or group is gone.
    ProfileDeleted {
        /// Whose.
        actor: ActorId,
    },
}

impl Activity {
    /// Whether others than those who were told may know of it: a report is for the moderators it
    /// was sent to, how somebody voted in a poll for the server that counts, and a message for
    /// whom it is written to.
    pub(crate) fn is_for_everybody(&self) -> bool {
        !matches!(
            self,
            Self::Flagged { .. }
                | Self::FlagResolved { .. }
                | Self::PollVoted { .. }
                | Self::MessageSent { .. }
                | Self::MessageDeleted { .. }
        )
    }
}

/// Content is never held up by votes: each lane has cursors of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// Everything but votes.
    Content,
    /// Votes.
    Votes,
}

impl Lane {
    /// Both, the more urgent first.
    pub(crate) const ALL: [Self; 2] = [Self::Content, Self::Votes];

    /// The stable number in the store.
    pub(crate) fn number(self) -> i16 {
        match self {
            Self::Content => 0,
            Self::Votes => 1,
        }
    }

    /// Reads the stable number.
    pub(crate) fn parse(number: i16) -> Self {
        if number == 1 {
            Self::Votes
        } else {
            Self::Content
        }
    }
}

/// One entry of the outbox log, as an operation records it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Who did it.
    pub(crate) by: ActorId,
    /// The group in which it happened, if it did in one. Its followers' servers hear of it when
    /// the group is local; when it is remote, the group itself is the one to tell.
    pub(crate) group: Option<ActorId>,
    /// What happened.
    pub(crate) activity: Activity,
    /// Actors who are told in any case: the author answered, people mentioned.
    pub(crate) to: Vec<ActorId>,
    /// Whether every server is told that ever was told anything.
    pub(crate) everywhere: bool,
    /// The foreign activity that was accepted, to be announced as it came.
    pub(crate) relay: Option<String>,
    /// Sends of one key keep their order; sends of different keys may overtake each other.
    pub(crate) order_key: i64,
}

impl Entry {
    /// An entry with nobody to be told but the group's followers.
    pub(crate) fn new(by: ActorId, group: Option<ActorId>, activity: Activity, key: i64) -> Self {
        Self {
            by,
            group,
            activity,
            to: Vec::new(),
            everywhere: false,
            relay: None,
            order_key: key,
        }
    }

    /// The same entry, also told to these actors.
    pub(crate) fn to(mut self, actors: impl IntoIterator<Item = ActorId>) -> Self {
        self.to.extend(actors);
        self
    }

    /// The same entry, told to every server that ever was told anything.
    pub(crate) fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }

    /// The same entry with the foreign activity to be announced.
    pub(crate) fn relay(mut self, raw: Option<String>) -> Self {
        self.relay = raw;
        self
    }

    /// The lane in which it travels.
    pub(crate) fn lane(&self) -> Lane {
        match self.activity {
            Activity::Voted { .. }
            | Activity::Unvoted { .. }
            | Activity::Reacted { .. }
            | Activity::Unreacted { .. } => Lane::Votes,
            _ => Lane::Content,
        }
    }
}

/// An entry as it is read back from the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logged {
    /// Its place in the log.
    pub(crate) seq: i64,
    /// The entry.
    pub(crate) entry: Entry,
    /// The uuid in the ids of all activities that come of it.
    pub(crate) uuid: String,
    /// When it was written.
    pub(crate) at: Ts,
}

/// Where a thing came from: the only way in which local and remote differ for an operation.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Origin {
    /// Made on this hub.
    Local,
    /// Made elsewhere.
    Remote {
        /// The ActivityPub id of the object (or of the activity, where there is no object).
        uri: super::ids::Uri,
        /// The page for people.
        url: Option<String>,
        /// When it was published, by its author's word, never later than now.
        published_at: Ts,
        /// The activity as it came, to be announced by a local group; `None`: nothing to announce
        /// (it came from the group itself, or was fetched).
        relay: Option<String>,
    },
}

impl Origin {
    /// The activity to be announced.
    pub(crate) fn relay(&self) -> Option<String> {
        match self {
            Self::Local => None,
            Self::Remote { relay, .. } => relay.clone(),
        }
    }

    /// Whether it was made on this hub.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self, Self::Local)
    }
}
