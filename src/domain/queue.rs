//! What waits for moderators, who looks at it, and what they often write.

use std::fmt;

use super::clock::Ts;
use super::ids::{ActorId, FlagId, PostId, WordingId};

/// A sort of what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    /// Reports.
    Report,
    /// Posts that are held back.
    Held,
    /// People who signed up.
    SignUp,
    /// People who asked to join a private group.
    Request,
}

impl TaskKind {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 4] = [Self::Report, Self::Held, Self::SignUp, Self::Request];

    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Held => "held",
            Self::SignUp => "sign_up",
            Self::Request => "request",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One thing that waits. As text, `report-7` or `request-3-7`, it is known to pages and programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// A report.
    Report(FlagId),
    /// A post that is held back.
    Held(PostId),
    /// Somebody who signed up.
    SignUp(ActorId),
    /// Somebody who asked to join.
    Request {
        /// Which group.
        group: ActorId,
        /// Who.
        person: ActorId,
    },
}

impl Task {
    /// Of which sort it is.
    pub(crate) fn kind(self) -> TaskKind {
        match self {
            Self::Report(_) => TaskKind::Report,
            Self::Held(_) => TaskKind::Held,
            Self::SignUp(_) => TaskKind::SignUp,
            Self::Request { .. } => TaskKind::Request,
        }
    }

    /// Its own number, by which things of the same moment are ordered.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Report(id) => id.0,
            Self::Held(id) => id.0,
            Self::SignUp(person) | Self::Request { person, .. } => person.0,
        }
    }

    /// Reads the text of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let kind = TaskKind::parse(parts.next()?)?;
        let mut number = || parts.next()?.parse::<i64>().ok().filter(|id| *id > 0);
        let task = match kind {
            TaskKind::Report => Self::Report(FlagId(number()?)),
            TaskKind::Held => Self::Held(PostId(number()?)),
            TaskKind::SignUp => Self::SignUp(ActorId(number()?)),
            TaskKind::Request => Self::Request {
                group: ActorId(number()?),
                person: ActorId(number()?),
            },
        };
        // One text for each: no signs, zeros or further parts.
        (task.to_string() == text).then_some(task)
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind().as_str();
        match self {
            Self::Request { group, person } => write!(f, "{kind}-{group}-{person}"),
            _ => write!(f, "{kind}-{}", self.number()),
        }
    }
}

/// How much of the hub somebody looks after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of it.
    Hub,
    /// These groups.
    Groups(Vec<ActorId>),
}

impl Scope {
    /// Whether it holds what is in a group; `None`: what is of the whole hub.
    pub(crate) fn holds(&self, group: Option<ActorId>) -> bool {
        match (self, group) {
            (Self::Hub, _) => true,
            (Self::Groups(groups), Some(group)) => groups.contains(&group),
            (Self::Groups(_), None) => false,
        }
    }
}

/// So long, in seconds, a claim stands that nobody released.
pub(crate) const CLAIM_STANDS: i64 = 30 * 60;

/// Somebody looks at a thing that waits, so that nobody else does the same work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Who.
    pub(crate) by: ActorId,
    /// Since when.
    pub(crate) at: Ts,
}

impl Claim {
    /// Whether it still stands.
    pub(crate) fn stands(&self, now: Ts) -> bool {
        self.at.plus_seconds(CLAIM_STANDS) > now
    }
}

/// Something that moderators often write to authors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    /// The row.
    pub(crate) id: WordingId,
    /// How they find it.
    pub(crate) title: String,
    /// What it says.
    pub(crate) text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_read_from_its_own_text_alone() {
        for text in ["report-7", "held-8", "sign_up-9", "request-3-7"] {
            assert_eq!(
                Task::parse(text).map(|task| task.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "report",
            "report-",
            "report-0",
            "report-07",
            "report-+7",
            "report--7",
            "report-7-8",
            "request-3",
            "request-3-7-9",
            "vote-7",
            "report-99999999999999999999",
        ] {
            assert_eq!(Task::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_claim_ends_by_itself() {
        let claim = Claim {
            by: ActorId(1),
            at: Ts(0),
        };
        assert!(claim.stands(Ts::from_seconds(CLAIM_STANDS - 1)));
        assert!(!claim.stands(Ts::from_seconds(CLAIM_STANDS)));
    }
}
