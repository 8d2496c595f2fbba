//! Deviations by software: which kind of peer a host is, and which documents of a group each kind
//! can do anything with (federation.md 4.0.6 to 4.0.8, 4.6). Nothing else asks for software names.

/// What a peer makes of a group's activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum PeerClass {
    /// Forums: unwrap an Announce of an activity.
    Threadiverse,
    /// Lemmy from 1.0 on: a forum that knows no polls, and refuses the whole activity.
    Lemmy,
    /// Lemmy before that: private messages come as `ChatMessage` or not at all.
    OldLemmy,
    /// Mbin: a forum whose private messages are `ChatMessage`s, too.
    Mbin,
    /// Microblogs: show an Announce of a post as a boost, and nothing else.
    Microblog,
    /// A microblog of the Misskey family: reads a Like with an emoji.
    Misskey,
    /// A microblog of the Pleroma family: reads `EmojiReact`.
    Pleroma,
    /// PieFed: a forum that reads `EmojiReact`.
    PieFed,
    /// Mobilizon: takes boosts of events and articles.
    EventSite,
    /// PeerTube: cannot read our groups; hears from people only (P8).
    PeerTube,
    /// Unknown or both: gets both forms, as Lemmy does to everybody.
    #[default]
    Both,
}

const FORUMS: &[&str] = &[
    "nodebb",
    "friendica",
    "hubzilla",
    "streams",
    "forte",
    "sublinks",
    "guildhall",
];

const MICROBLOGS: &[&str] = &[
    "mastodon",
    "hometown",
    "gotosocial",
    "pixelfed",
    "bookwyrm",
    "threads",
    "snac",
    "snac2",
    "takahe",
    "wordpress",
    "writefreely",
    "flipboard",
    "micro.blog",
    "owncast",
    "fedibird",
    "ecko",
    "kmyblue",
];

const MISSKEYS: &[&str] = &[
    "misskey",
    "sharkey",
    "firefish",
    "calckey",
    "foundkey",
    "iceshrimp",
    "catodon",
    "cherrypick",
    "magnetar",
];

/// How a peer reads a reaction with an emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReactionForm {
    /// A Like with `content`.
    Like,
    /// An `EmojiReact`.
    EmojiReact,
}

impl PeerClass {
    /// The class of the software and version that a host's NodeInfo names, if they are known. A
    /// Lemmy of unknown version is taken for an old one, whose messages the new one reads as well.
    ///
    /// Discourse is a forum, but refuses wrapped activities since June 2026 and reads boosts, so
    /// it gets both (4.6.5).
    pub(crate) fn of(software: Option<&str>, version: Option<&str>) -> Self {
        let name = software.unwrap_or_default().trim().to_lowercase();
        match name.as_str() {
            "lemmy" if version.is_some_and(is_new_lemmy) => Self::Lemmy,
            "lemmy" => Self::OldLemmy,
            "mbin" | "kbin" => Self::Mbin,
            "mobilizon" => Self::EventSite,
            "peertube" => Self::PeerTube,
            "piefed" => Self::PieFed,
            "pleroma" | "akkoma" => Self::Pleroma,
            name if MISSKEYS.contains(&name) => Self::Misskey,
            name if FORUMS.contains(&name) => Self::Threadiverse,
            name if MICROBLOGS.contains(&name) => Self::Microblog,
            _ => Self::Both,
        }
    }

    /// The class that a User-Agent gives away, for requests of unknown hosts: the first product
    /// that is known, as in `http.rb/5 (Mastodon/4.5; +https://m/)`. `None` tells nothing.
    pub(crate) fn of_user_agent(agent: &str) -> Option<Self> {
        let head: String = agent.chars().take(512).collect::<String>().to_lowercase();
        let words = head.split([' ', '(', ')', ';', ',', '/']);
        words
            .map(|word| Self::of(Some(word), None))
            .find(|class| *class != Self::Both)
    }

    /// The stable name in the store.
    #[cfg(test)]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Threadiverse => "threadiverse",
            Self::Lemmy => "lemmy",
            Self::OldLemmy => "old_lemmy",
            Self::Mbin => "mbin",
            Self::Microblog => "microblog",
            Self::Misskey => "misskey",
            Self::Pleroma => "pleroma",
            Self::PieFed => "piefed",
            Self::EventSite => "event_site",
            Self::PeerTube => "peertube",
            Self::Both => "both",
        }
    }

    /// Reads the stored name.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Self {
        [
            Self::Threadiverse,
            Self::Lemmy,
            Self::OldLemmy,
            Self::Mbin,
            Self::Microblog,
            Self::Misskey,
            Self::Pleroma,
            Self::PieFed,
            Self::EventSite,
            Self::PeerTube,
        ]
        .into_iter()
        .find(|class| class.as_str() == text)
        .unwrap_or_default()
    }

    /// Whether it unwraps what a group passes on.
    pub(crate) fn is_forum(self) -> bool {
        matches!(
            self,
            Self::Threadiverse | Self::PieFed | Self::Lemmy | Self::OldLemmy | Self::Mbin
        )
    }

    /// Whether it can read a poll, and what is said below one.
    pub(crate) fn reads_questions(self) -> bool {
        !matches!(self, Self::Lemmy | Self::OldLemmy)
    }

    /// Whether a private message must be a `ChatMessage` (federation.md 4.13).
    pub(crate) fn reads_chat_messages(self) -> bool {
        matches!(self, Self::OldLemmy | Self::Mbin)
    }

    /// Whether a post is served to it as a Note (the amendment at the head of federation.md).
    pub(crate) fn reads_notes(self) -> bool {
        matches!(self, Self::Microblog | Self::Misskey | Self::Pleroma)
    }

    /// How it reads a reaction with an emoji; `None`: it counts the vote alone (federation.md 4.7).
    pub(crate) fn reads_reactions(self) -> Option<ReactionForm> {
        match self {
            Self::Pleroma | Self::PieFed => Some(ReactionForm::EmojiReact),
            Self::Misskey | Self::Both => Some(ReactionForm::Like),
            _ => None,
        }
    }

    /// Whether it may know which answer was chosen; Lemmy and Mbin refuse what they do not know.
    pub(crate) fn reads_choices(self) -> bool {
        matches!(self, Self::Threadiverse | Self::PieFed | Self::Both)
    }

    /// Whether it knows what a Dislike is.
    pub(crate) fn reads_dislikes(self) -> bool {
        self.is_forum() || matches!(self, Self::PeerTube | Self::Both)
    }
}

/// Whether it is Lemmy 0.20 or later; the first of these is called 1.0.
fn is_new_lemmy(version: &str) -> bool {
    let mut parts = version.split(['.', '-']).map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(0)), Some(Ok(minor))) => minor >= 20,
        (Some(Ok(major)), _) => major > 0,
        _ => false,
    }
}

/// What happened in a group, as far as peers tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Happening {
    /// A new post that starts a thread.
    Post,
    /// A new comment.
    Comment,
    /// An author's edit.
    Edit,
    /// An author's deletion.
    Deletion,
    /// An author took the deletion back.
    Restoration,
    /// A moderator removed what was written here.
    RemovalOfOurs,
    /// A moderator removed what was written elsewhere.
    RemovalOfTheirs,
    /// A vote or its Undo.
    Vote,
    /// Lock, pin, moderators, ban, and their Undo.
    Governance,
    /// Which answer to a question helped.
    Choice,
    /// Somebody of this hub moved to another account.
    AccountMoved,
    /// A thread went to another group of this hub.
    ThreadMoved,
    /// The group's profile changed.
    GroupChanged,
    /// The group is gone.
    GroupGone,
}

/// The documents that a follower's host gets of one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Forms {
    /// The group's Announce of the activity.
    pub(crate) wrapped: bool,
    /// The group's Announce of the post by id.
    pub(crate) boost: bool,
    /// The group's Undo of that boost.
    pub(crate) unboost: bool,
    /// The activity itself, signed by its local author (for a removal of ours: by the hub in the
    /// author's name).
    pub(crate) by_author: bool,
    /// The activity itself, signed by the group.
    pub(crate) by_group: bool,
}

/// What the followers of a group on a host of this class get (federation.md 4.0.8). Copies for
/// people who are addressed by name, and for followers of the author, come on top of this.
pub(crate) fn forms(happening: Happening, class: PeerClass) -> Forms {
    use Happening as H;
    let forum = class.is_forum() || class == PeerClass::Both;
    let boosts = class.reads_notes() || matches!(class, PeerClass::Both | PeerClass::EventSite);
    let none = Forms::default();
    if class == PeerClass::PeerTube {
        return none;
    }
    match happening {
        H::Post | H::Restoration => Forms {
            wrapped: forum,
            boost: boosts,
            ..none
        },
        H::Comment | H::Vote | H::Governance | H::ThreadMoved => Forms {
            wrapped: forum,
            ..none
        },
        H::Choice => Forms {
            wrapped: class.reads_choices(),
            ..none
        },
        H::Edit | H::Deletion => Forms {
            wrapped: forum,
            by_author: boosts,
            ..none
        },
        H::RemovalOfOurs => Forms {
            wrapped: forum,
            unboost: boosts,
            by_author: boosts,
            ..none
        },
        H::RemovalOfTheirs => Forms {
            wrapped: forum,
            unboost: boosts,
            ..none
        },
        H::GroupChanged => Forms {
            wrapped: forum,
            by_group: true,
            ..none
        },
        H::GroupGone | H::AccountMoved => Forms {
            by_group: true,
            ..none
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn software_is_told_apart_by_its_nodeinfo_name() {
        for (name, class) in [
            ("lemmy", PeerClass::OldLemmy),
            ("mbin", PeerClass::Mbin),
            ("PieFed", PeerClass::PieFed),
            ("Akkoma", PeerClass::Pleroma),
            ("sharkey", PeerClass::Misskey),
            ("guildhall", PeerClass::Threadiverse),
            ("mastodon", PeerClass::Microblog),
            ("gotosocial", PeerClass::Microblog),
            ("wordpress", PeerClass::Microblog),
            ("mobilizon", PeerClass::EventSite),
            ("peertube", PeerClass::PeerTube),
            ("mitra", PeerClass::Both),
            ("discourse", PeerClass::Both),
            ("", PeerClass::Both),
            ("brand-new", PeerClass::Both),
        ] {
            assert_eq!(PeerClass::of(Some(name), None), class, "{name}");
            assert_eq!(PeerClass::parse(class.as_str()), class);
        }
    }

    #[test]
    fn lemmy_is_told_apart_by_its_version() {
        for (version, class) in [
            ("0.19.20", PeerClass::OldLemmy),
            ("0.18.5", PeerClass::OldLemmy),
            ("0.20.0-alpha.1", PeerClass::Lemmy),
            ("1.0.0-beta.1", PeerClass::Lemmy),
            ("unknown", PeerClass::OldLemmy),
            ("", PeerClass::OldLemmy),
        ] {
            let told = PeerClass::of(Some("lemmy"), Some(version));
            assert_eq!(told, class, "{version}");
            assert!(told.is_forum() && !told.reads_questions());
        }
    }

    #[test]
    fn a_user_agent_gives_its_software_away() {
        for (agent, class) in [
            (
                "http.rb/5.1.1 (Mastodon/4.5.0; +https://m.example/)",
                Some(PeerClass::Microblog),
            ),
            (
                "Mastodon/4.3.0 (http.rb/5.2.0; +https://m.example/)",
                Some(PeerClass::Microblog),
            ),
            (
                "gotosocial/0.20.0 (+https://g.example)",
                Some(PeerClass::Microblog),
            ),
            (
                "Lemmy/0.19.20; +https://l.example",
                Some(PeerClass::OldLemmy),
            ),
            ("Mozilla/5.0 (X11; Linux x86_64)", None),
            ("", None),
        ] {
            assert_eq!(PeerClass::of_user_agent(agent), class, "{agent}");
        }
    }

    #[test]
    fn s082_a_post_goes_wrapped_to_forums_boosted_to_microblogs_and_both_ways_to_unknowns() {
        let got = |class| {
            let forms = forms(Happening::Post, class);
            (forms.wrapped, forms.boost)
        };
        assert_eq!(got(PeerClass::Threadiverse), (true, false));
        assert_eq!(got(PeerClass::Microblog), (false, true));
        assert_eq!(got(PeerClass::EventSite), (false, true));
        assert_eq!(got(PeerClass::Both), (true, true));
        assert_eq!(
            forms(Happening::Post, PeerClass::PeerTube),
            Forms::default()
        );
    }

    #[test]
    fn s099_s139_comments_votes_and_governance_spare_microblogs() {
        for happening in [Happening::Comment, Happening::Vote, Happening::Governance] {
            assert_eq!(
                forms(happening, PeerClass::Microblog),
                Forms::default(),
                "{happening:?}"
            );
            assert!(
                forms(happening, PeerClass::Threadiverse).wrapped,
                "{happening:?}"
            );
        }
    }

    #[test]
    fn a_chosen_answer_goes_to_forums_that_may_know_what_it_is() {
        let told = |class| forms(Happening::Choice, class).wrapped;
        assert!(told(PeerClass::Threadiverse) && told(PeerClass::Both));
        for class in [
            PeerClass::Lemmy,
            PeerClass::OldLemmy,
            PeerClass::Mbin,
            PeerClass::Microblog,
            PeerClass::PeerTube,
        ] {
            assert_eq!(
                forms(Happening::Choice, class),
                Forms::default(),
                "{class:?}"
            );
        }
    }

    #[test]
    fn s109_s116_edits_and_deletions_reach_microblogs_from_their_author() {
        for happening in [Happening::Edit, Happening::Deletion] {
            assert_eq!(
                forms(happening, PeerClass::Microblog),
                Forms {
                    by_author: true,
                    ..Forms::default()
                }
            );
            assert_eq!(
                forms(happening, PeerClass::Threadiverse),
                Forms {
                    wrapped: true,
                    ..Forms::default()
                }
            );
        }
    }

    #[test]
    fn s117_a_removal_of_foreign_content_never_claims_to_be_its_author() {
        for class in [
            PeerClass::Threadiverse,
            PeerClass::Microblog,
            PeerClass::EventSite,
            PeerClass::PeerTube,
            PeerClass::Both,
        ] {
            assert!(
                !forms(Happening::RemovalOfTheirs, class).by_author,
                "{class:?}"
            );
        }
        assert_eq!(
            forms(Happening::RemovalOfTheirs, PeerClass::Microblog),
            Forms {
                unboost: true,
                ..Forms::default()
            }
        );
        assert!(forms(Happening::RemovalOfOurs, PeerClass::Microblog).by_author);
    }
}
