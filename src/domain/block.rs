//! Whom somebody keeps away from themselves, and from whom they take messages.

/// How far somebody keeps another person away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// Sees nothing of them.
    Muted,
    /// Sees nothing of them, and is out of their reach.
    Blocked,
}

impl Distance {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Muted => "mute",
            Self::Blocked => "block",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "mute" => Some(Self::Muted),
            "block" => Some(Self::Blocked),
            _ => None,
        }
    }
}

/// Who may begin to write private messages to somebody. Whom they wrote to may answer, and the
/// hub's moderators reach everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum MessagePolicy {
    /// Everybody.
    #[default]
    Everybody,
    /// People whom they follow or with whom they share a group.
    Known,
    /// Nobody.
    Nobody,
}

impl MessagePolicy {
    /// All of them, the most open first.
    pub(crate) const ALL: [Self; 3] = [Self::Everybody, Self::Known, Self::Nobody];

    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Known => "known",
            Self::Nobody => "nobody",
        }
    }

    /// Reads the stable name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == text)
    }
}
