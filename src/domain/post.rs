//! Posts: what starts a thread in a group.

use super::clock::Ts;
use super::event::Event;
use super::ids::{ActorId, InstanceId, PostId, Uri};
use super::media::Focus;
use super::poll::Poll;

/// The form in which a post came into being; it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum PostKind {
    /// A text with a title.
    Article,
    /// A link or picture with a title.
    Page,
    /// A title-less text of a microblog.
    Note,
    /// A title with answers to choose from.
    Question,
    /// A meeting.
    Event,
    /// Anything else a peer posts, such as a video.
    Other,
}

impl PostKind {
    /// The form of what is written here: a bare link is a page, everything else an article, which
    /// Discourse reads too.
    pub(crate) fn written(body: &str, link: Option<&str>) -> Self {
        if link.is_some() && body.trim().is_empty() {
            Self::Page
        } else {
            Self::Article
        }
    }

    /// The stable name in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Article => "Article",
            Self::Page => "Page",
            Self::Note => "Note",
            Self::Question => "Question",
            Self::Event => "Event",
            Self::Other => "Other",
        }
    }

    /// Reads an ActivityPub type or the stored name.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "Article" => Self::Article,
            "Page" => Self::Page,
            "Note" => Self::Note,
            "Question" => Self::Question,
            "Event" => Self::Event,
            _ => Self::Other,
        }
    }
}

/// A file or picture that goes with a post or comment, by its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Attachment {
    /// Where it is.
    pub(crate) url: String,
    /// Its media type, where known.
    pub(crate) media_type: Option<String>,
    /// The description for those who cannot see it.
    pub(crate) alt: Option<String>,
    /// Pixels across and down, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<(u32, u32)>,
    /// A blurred preview in a few letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) blurhash: Option<String>,
    /// What stays in view where it is cropped, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) focus: Option<Focus>,
}

/// What a post carries besides its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Extra {
    /// Nothing.
    #[default]
    Nothing,
    /// Answers to choose from.
    Poll(Poll),
    /// Where and when people meet.
    Event(Event),
    /// A wish for an answer that helps.
    Question,
}

impl Extra {
    /// The kind of post that carries this.
    pub(crate) fn kind(&self) -> Option<PostKind> {
        match self {
            Self::Nothing | Self::Question => None,
            Self::Poll(_) => Some(PostKind::Question),
            Self::Event(_) => Some(PostKind::Event),
        }
    }
}

/// The most attachments that are kept; peers' others are ignored (federation.md 4.2.3).
pub(crate) const MAX_ATTACHMENTS: usize = 16;

/// A post as the hub knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Post {
    /// The row, and the number in its address.
    pub(crate) id: PostId,
    /// The ActivityPub id.
    pub(crate) uri: Uri,
    /// The page for people.
    pub(crate) url: String,
    /// The group it was posted into.
    pub(crate) group: ActorId,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// Its form.
    pub(crate) kind: PostKind,
    /// One plain line.
    pub(crate) title: String,
    /// The Markdown source; `None` where a peer sent none.
    pub(crate) source: Option<String>,
    /// Safe HTML.
    pub(crate) html: String,
    /// The address a link post is about.
    pub(crate) link_url: Option<String>,
    /// BCP 47 tag of its language.
    pub(crate) language: Option<String>,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// When it was published.
    pub(crate) published_at: Ts,
    /// When its author last changed it.
    pub(crate) edited_at: Option<Ts>,
    /// Takes no more answers.
    pub(crate) locked: bool,
    /// Pinned to the top of its group since.
    pub(crate) featured_at: Option<Ts>,
    /// Deleted by its author.
    pub(crate) deleted_at: Option<Ts>,
    /// Removed by a moderator.
    pub(crate) removed_at: Option<Ts>,
    /// Why it was removed.
    pub(crate) removal_reason: Option<String>,
    /// Likes.
    pub(crate) upvotes: i64,
    /// Dislikes.
    pub(crate) downvotes: i64,
    /// Comments that are visible.
    pub(crate) comment_count: i64,
    /// When it was last answered, or published.
    pub(crate) active_at: Ts,
    /// Written on this hub.
    pub(crate) local: bool,
}

impl Post {
    /// Whether nobody but moderators may read it any more.
    pub(crate) fn hidden(&self) -> bool {
        self.deleted_at.is_some() || self.removed_at.is_some()
    }
}

/// A post that waits until a moderator lets it in; until then nobody else knows of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeldPost {
    /// The number that it will have.
    pub(crate) id: PostId,
    /// The ActivityPub id that it has, or will have.
    pub(crate) uri: Uri,
    /// Into which group.
    pub(crate) group: ActorId,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// The author's server.
    pub(crate) instance: InstanceId,
    /// One plain line.
    pub(crate) title: String,
    /// Safe HTML.
    pub(crate) html: String,
    /// The address a link post is about.
    pub(crate) link_url: Option<String>,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// Everything of which it will be made, as the operations room writes and reads it.
    pub(crate) draft: String,
    /// Since when.
    pub(crate) held_at: Ts,
}

/// The order of a list of posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// The newest first.
    #[default]
    New,
    /// Well received and recent first.
    Hot,
    /// The best received first, of those that were published since a moment, if one is said.
    Top(Option<Ts>),
    /// The last answered first.
    Active,
}

impl Sort {
    /// Reads the stable name used in addresses.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "new" => Some(Self::New),
            "hot" => Some(Self::Hot),
            "top" => Some(Self::Top(None)),
            "active" => Some(Self::Active),
            _ => None,
        }
    }

    /// The stable name used in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Hot => "hot",
            Self::Top(_) => "top",
            Self::Active => "active",
        }
    }
}

/// How far back the order `top` looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Range {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// 365 days.
    Year,
    /// To the beginning.
    All,
}

impl Range {
    /// All of them, the shortest first.
    pub(crate) const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Year, Self::All];

    /// Reads the stable name used in addresses.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|range| range.as_str() == text)
    }

    /// The stable name used in addresses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::All => "all",
        }
    }

    /// The order, as far as it looks back; the other orders have no range.
    pub(crate) fn of(self, sort: Sort, now: Ts) -> Sort {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
            Self::All => return sort,
        };
        match sort {
            Sort::Top(_) => Sort::Top(Some(now.plus_seconds(-days * 24 * 3600))),
            other => other,
        }
    }
}

/// How long a tenfold score keeps a post ahead: 12.5 hours, as on Reddit and its heirs.
const HOT_SECONDS: f64 = 45_000.0;

/// The rank of the `hot` order: score on a logarithmic scale plus the time of publication.
///
/// It does not change as time passes, so only votes rewrite it (storage.md 6).
pub(crate) fn hot_rank(upvotes: i64, downvotes: i64, published_at: Ts) -> f64 {
    let score = upvotes.saturating_sub(downvotes);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a rank need not be exact beyond 2^52"
    )]
    let (size, seconds) = (
        score.unsigned_abs().max(1) as f64,
        published_at.seconds() as f64,
    );
    let sign = match score.signum() {
        1 => 1.0,
        -1 => -1.0,
        _ => 0.0,
    };
    sign * size.log10() + seconds / HOT_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s083_a_text_is_an_article_and_a_bare_link_a_page() {
        let link = Some("https://a.example/");
        assert_eq!(PostKind::written("words", None), PostKind::Article);
        assert_eq!(PostKind::written("words", link), PostKind::Article);
        assert_eq!(PostKind::written(" \n", link), PostKind::Page);
        assert_eq!(PostKind::written("", None), PostKind::Article);
    }

    #[test]
    fn ten_times_the_score_is_worth_twelve_and_a_half_hours() {
        let now = Ts::from_seconds(1_000_000);
        let later = now.plus_seconds(45_000);
        assert!((hot_rank(10, 0, now) - hot_rank(1, 0, later)).abs() < 1e-9);
        assert!(hot_rank(0, 10, now) < hot_rank(0, 0, now));
    }
}
