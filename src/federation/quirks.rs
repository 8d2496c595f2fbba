//! Deviations by software. A placeholder: every server gets both forms.

/// What a server's software can do with what groups send (federation.md 4.0.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PeerClass {
    /// Knows groups: gets announced activities.
    Threadiverse,
    /// Knows posts of people: gets announced posts.
    Microblog,
    /// Unknown: gets both.
    Both,
}

impl PeerClass {
    /// The class of a software by its NodeInfo name.
    pub(crate) fn of(software: Option<&str>) -> Self {
        match software {
            Some("lemmy" | "piefed" | "mbin" | "nodebb" | "guildhall") => Self::Threadiverse,
            Some("mastodon" | "gotosocial" | "misskey" | "pleroma" | "akkoma") => Self::Microblog,
            _ => Self::Both,
        }
    }
}
