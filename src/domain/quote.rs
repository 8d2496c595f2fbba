//! Quotes: who may quote whom, and whether they do with the author's consent (FEP-044f).

use super::clock::Ts;
use super::ids::ActorId;

/// Who may quote somebody's public words without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum QuotePolicy {
    /// Everybody.
    #[default]
    Everybody,
    /// The people who follow the author.
    Followers,
    /// Nobody but the author.
    Nobody,
}

impl QuotePolicy {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Followers => "followers",
            Self::Nobody => "nobody",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "everybody" => Some(Self::Everybody),
            "followers" => Some(Self::Followers),
            "nobody" => Some(Self::Nobody),
            _ => None,
        }
    }
}

/// Where a quote of what was written here stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuoteState {
    /// Its author allows it: there is a stamp.
    Accepted,
    /// Its author did not allow it.
    Rejected,
    /// Its author allowed it once and does no more.
    Revoked,
}

impl QuoteState {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the stable name; what is unknown is not allowed.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "accepted" => Self::Accepted,
            "revoked" => Self::Revoked,
            _ => Self::Rejected,
        }
    }
}

/// A quote of what was written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    /// The row.
    pub(crate) id: i64,
    /// Names the stamp.
    pub(crate) uuid: String,
    /// The number of the post or comment that is quoted.
    pub(crate) object: i64,
    /// Who wrote that.
    pub(crate) author: ActorId,
    /// Who quotes.
    pub(crate) quoter: ActorId,
    /// The id of the text that quotes.
    pub(crate) uri: String,
    /// The id of the request.
    pub(crate) request: String,
    /// Where it stands.
    pub(crate) state: QuoteState,
    /// When it was asked for.
    pub(crate) created_at: Ts,
}

/// What a post or comment quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quoted {
    /// The number of the post or comment that quotes.
    pub(crate) object: i64,
    /// The id of what it quotes.
    pub(crate) uri: String,
    /// Who wrote that, where known.
    pub(crate) author: Option<ActorId>,
    /// The stamp by which its author allows it.
    pub(crate) stamp: Option<String>,
}
