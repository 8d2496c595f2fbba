//! Actors: the people, groups and servers that act, here and elsewhere.

use super::clock::Ts;
use super::ids::{ActorId, Handle, InstanceId, Uri};

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ActorKind {
    /// A person (also an `Organization`, which peers show as one).
    Person,
    /// A group that people join and post into.
    Group,
    /// A bot.
    Service,
    /// A server's own actor.
    Application,
}

impl ActorKind {
    /// The ActivityPub type.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Group => "Group",
            Self::Service => "Service",
            Self::Application => "Application",
        }
    }

    /// Reads an ActivityPub type; `None` for what is no actor.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "Person" | "Organization" => Some(Self::Person),
            "Group" => Some(Self::Group),
            "Service" => Some(Self::Service),
            "Application" => Some(Self::Application),
            _ => None,
        }
    }
}

/// An actor, local or remote, as the hub knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Actor {
    /// The row.
    pub(crate) id: ActorId,
    /// The ActivityPub id.
    pub(crate) uri: Uri,
    /// The page for people.
    pub(crate) url: String,
    /// What it is.
    pub(crate) kind: ActorKind,
    /// `preferredUsername`.
    pub(crate) name: String,
    /// Its host as in ids, also for local actors.
    pub(crate) host: String,
    /// Its server.
    pub(crate) instance: InstanceId,
    /// Whether it lives on this hub.
    pub(crate) local: bool,
    /// The display name, plain text; the name where none is set.
    pub(crate) title: String,
    /// Biography or group description as safe HTML.
    pub(crate) summary_html: String,
    /// Its Markdown source, where known.
    pub(crate) summary_source: Option<String>,
    /// The avatar's address.
    pub(crate) icon_url: Option<String>,
    /// The header picture's address.
    pub(crate) image_url: Option<String>,
    /// Where it receives.
    pub(crate) inbox: String,
    /// Where its whole server receives, if it says so.
    pub(crate) shared_inbox: Option<String>,
    /// Its outbox.
    pub(crate) outbox: Option<String>,
    /// Its followers collection.
    pub(crate) followers: Option<String>,
    /// A group's moderators collection.
    pub(crate) moderators: Option<String>,
    /// Its featured collection.
    pub(crate) featured: Option<String>,
    /// Agrees to be listed.
    pub(crate) discoverable: bool,
    /// Agrees to be searched and analysed.
    pub(crate) indexable: bool,
    /// Answers follows by hand.
    pub(crate) manually_approves: bool,
    /// A group into which only moderators post.
    pub(crate) posting_restricted: bool,
    /// Accepted follows.
    pub(crate) followers_count: i64,
    /// When it came into being.
    pub(crate) created_at: Ts,
    /// When its profile last changed.
    pub(crate) updated_at: Ts,
    /// When it was last fetched; for local actors, never.
    pub(crate) fetched_at: Option<Ts>,
    /// When it was deleted.
    pub(crate) deleted_at: Option<Ts>,
}

impl Actor {
    /// `name` for local actors, `name@host` for others.
    pub(crate) fn handle(&self) -> Handle {
        let host = if self.local {
            None
        } else {
            Some(self.host.clone())
        };
        Handle {
            name: self.name.clone(),
            host,
        }
    }

    /// `name@host`, also for local actors.
    pub(crate) fn full_handle(&self) -> String {
        format!("{}@{}", self.name, self.host)
    }
}

/// Everything a fetched or submitted actor document says of a remote actor.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RemoteActor {
    /// The ActivityPub id.
    pub(crate) uri: Uri,
    /// The page for people.
    pub(crate) url: String,
    /// What it is.
    pub(crate) kind: ActorKind,
    /// `preferredUsername`.
    pub(crate) name: String,
    /// The display name, plain text.
    pub(crate) title: String,
    /// Biography or description as safe HTML.
    pub(crate) summary_html: String,
    /// Its Markdown source.
    pub(crate) summary_source: Option<String>,
    /// The avatar's address.
    pub(crate) icon_url: Option<String>,
    /// The header picture's address.
    pub(crate) image_url: Option<String>,
    /// Where it receives.
    pub(crate) inbox: String,
    /// Where its whole server receives.
    pub(crate) shared_inbox: Option<String>,
    /// Its outbox.
    pub(crate) outbox: Option<String>,
    /// Its followers collection.
    pub(crate) followers: Option<String>,
    /// A group's moderators collection.
    pub(crate) moderators: Option<String>,
    /// Its featured collection.
    pub(crate) featured: Option<String>,
    /// Agrees to be listed.
    pub(crate) discoverable: bool,
    /// Agrees to be searched and analysed.
    pub(crate) indexable: bool,
    /// Answers follows by hand.
    pub(crate) manually_approves: bool,
    /// A group into which only moderators post.
    pub(crate) posting_restricted: bool,
    /// When it came into being, by its own word.
    pub(crate) created_at: Option<Ts>,
    /// Its key's id and the key as SPKI DER.
    pub(crate) key: Option<RemoteKey>,
    /// The keys with which it proves its documents.
    pub(crate) proof_keys: Vec<RemoteKey>,
}

/// A public key as an actor document gives it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RemoteKey {
    /// The key's id.
    pub(crate) uri: String,
    /// The key as SubjectPublicKeyInfo DER.
    pub(crate) der: Vec<u8>,
}

/// Local names that would collide with the hub's own pages or mislead people.
const RESERVED: &[&str] = &[
    "about",
    "activities",
    "activity",
    "actor",
    "admin",
    "administrator",
    "api",
    "auth",
    "authorize_interaction",
    "hub",
    "inbox",
    "instance",
    "login",
    "media",
    "moderator",
    "nodeinfo",
    "outbox",
    "post",
    "comment",
    "root",
    "settings",
    "static",
    "support",
    "system",
];

/// Whether a local person or group may bear this name: `[a-z0-9_]{3,30}` and not reserved.
pub(crate) fn is_local_name(name: &str) -> bool {
    let fits = (3..=30).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    fits && !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_names_are_short_lower_case_and_not_reserved() {
        for good in ["anna", "ab1", "a_b", &"x".repeat(30)] {
            assert!(is_local_name(good), "{good}");
        }
        for bad in [
            "",
            "ab",
            "Anna",
            "a-b",
            "a.b",
            "admin",
            &"x".repeat(31),
            "\u{e4}nna",
        ] {
            assert!(!is_local_name(bad), "{bad}");
        }
    }
}
