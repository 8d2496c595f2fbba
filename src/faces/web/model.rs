//! What templates are filled with: people, groups, posts and comments as plain data.

use serde::Serialize;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::filter::Effect;
use crate::domain::ids::ActorId;
use crate::domain::link_preview::{LinkCard, LinkPreview};
use crate::domain::media::Focus;
use crate::domain::page::{Cursor, Page};
use crate::domain::poll::Choice;
use crate::domain::post::Attachment;

use super::quotes::QuoteModel;
use crate::views::post::{CommentCard, EventCard, PollCard, PostCard, Reaction};

/// Letters of a post in a list.
const EXCERPT: usize = 220;

/// A person or group beside what they wrote.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Face {
    pub(super) name: String,
    pub(super) handle: String,
    pub(super) href: String,
    pub(super) host: Option<String>,
    pub(super) icon: Option<String>,
    pub(super) initial: String,
    pub(super) bot: bool,
    /// Groups look a little different from people.
    pub(super) group: bool,
    /// Whether the account is deleted: then nobody is named any more.
    pub(super) gone: bool,
    /// One of eight colours, for whoever has no picture.
    pub(super) tint: u8,
}

/// A post as lists and its own page show it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PostModel {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) html: String,
    pub(super) excerpt: String,
    pub(super) link: Option<Link>,
    /// The page to which it links, if that said something of itself.
    pub(super) preview: Option<PreviewModel>,
    pub(super) language: Option<String>,
    pub(super) warning: Option<String>,
    pub(super) sensitive: bool,
    pub(super) attachments: Vec<Attached>,
    pub(super) author: Face,
    pub(super) group: Face,
    pub(super) group_id: i64,
    pub(super) source_url: Option<String>,
    pub(super) at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) score: i64,
    pub(super) upvotes: i64,
    pub(super) downvotes: i64,
    pub(super) comment_count: i64,
    pub(super) my_vote: i16,
    pub(super) locked: bool,
    pub(super) featured: bool,
    pub(super) state: State,
    pub(super) reason: Option<String>,
    pub(super) mine: bool,
    pub(super) reactions: Vec<ReactionModel>,
    pub(super) poll: Option<PollModel>,
    pub(super) event: Option<EventModel>,
    pub(super) question: Option<QuestionModel>,
    pub(super) saved: bool,
    pub(super) fresh: i64,
    /// The words for which the viewer wants to be warned of it.
    pub(super) filtered: Option<String>,
}

/// A question as it stands.
#[derive(Clone, Debug, Serialize)]
pub(super) struct QuestionModel {
    answered: bool,
}

/// A meeting.
#[derive(Clone, Debug, Serialize)]
pub(super) struct EventModel {
    starts_at: i64,
    ends_at: Option<i64>,
    /// What a clock at its place shows then, as if it were in UTC.
    pub(super) starts: i64,
    ends: Option<i64>,
    /// Whether it ends on the day on which it begins.
    one_day: bool,
    timezone: String,
    place: Option<String>,
    online_url: Option<String>,
    join_mode: &'static str,
    capacity: Option<i64>,
    attendees: i64,
    /// `none`, `pending` or `accepted`.
    mine: &'static str,
}

/// A poll as it stands.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PollModel {
    multiple: bool,
    ends_at: Option<i64>,
    closed: bool,
    voters: i64,
    voted: bool,
    choices: Vec<ChoiceModel>,
}

/// One answer of a poll.
#[derive(Clone, Debug, Serialize)]
struct ChoiceModel {
    place: i32,
    name: String,
    votes: i64,
    percent: i64,
    mine: bool,
}

/// The address a link post is about.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    url: String,
    host: String,
}

/// What a page elsewhere says of itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PreviewModel {
    url: String,
    host: String,
    title: Option<String>,
    description: Option<String>,
    /// What the website is called, where that says more than its host.
    site: Option<String>,
    picture: Option<String>,
}

impl PreviewModel {
    fn new(card: &LinkCard) -> Option<Self> {
        let Link { url, host } = link(&card.url)?;
        let LinkPreview {
            title,
            description,
            site,
            picture,
        } = card.preview.clone();
        let site = site.filter(|site| !site.eq_ignore_ascii_case(&host));
        Some(Self {
            url,
            host,
            title,
            description,
            site,
            picture,
        })
    }
}

/// A picture or file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Attached {
    url: String,
    alt: Option<String>,
    pub(super) picture: bool,
    width: Option<u32>,
    height: Option<u32>,
    /// A blurred likeness in a few letters, for a script to paint until the picture is there.
    blurhash: Option<String>,
    /// What stays in view where it is cropped, in steps from left to right and from top to bottom.
    focus: Option<(i32, i32)>,
}

/// Whether something can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// By everybody.
    Visible,
    /// Its author deleted it.
    Deleted,
    /// A moderator removed it.
    Removed,
}

/// A comment in its place.
#[derive(Clone, Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the template asks for each of them by its name"
)]
pub(super) struct CommentModel {
    pub(super) id: i64,
    pub(super) post: i64,
    /// What its thread is called, where it stands alone.
    pub(super) thread: Option<String>,
    pub(super) parent: Option<i64>,
    pub(super) html: String,
    pub(super) language: Option<String>,
    pub(super) warning: Option<String>,
    pub(super) sensitive: bool,
    pub(super) attachments: Vec<Attached>,
    pub(super) author: Face,
    pub(super) source_url: Option<String>,
    pub(super) at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) score: i64,
    pub(super) upvotes: i64,
    pub(super) downvotes: i64,
    pub(super) my_vote: i16,
    pub(super) distinguished: bool,
    pub(super) locked: bool,
    pub(super) by_poster: bool,
    pub(super) state: State,
    pub(super) reason: Option<String>,
    pub(super) mine: bool,
    pub(super) reactions: Vec<ReactionModel>,
    /// What it quotes.
    pub(super) quote: Option<QuoteModel>,
    /// Where an answer that quotes it is written.
    pub(super) quote_href: String,
    /// Whether the viewer keeps its author away.
    pub(super) unwanted: bool,
    /// The words for which the viewer does not want to read it.
    pub(super) filtered: Option<String>,
    /// Whether those hide it.
    pub(super) sifted: bool,
    /// Whether the viewer keeps it for later.
    pub(super) saved: bool,
    /// Whether it is the answer that helped.
    pub(super) accepted: bool,
    /// Whether the viewer has not seen it before.
    pub(super) fresh: bool,
    /// Whether the page is about it.
    pub(super) focus: bool,
    /// What the viewer typed as an answer to it.
    pub(super) kept: String,
    /// How many comments lie below it that the page does not show.
    pub(super) below: usize,
    /// Whether it begins a list of answers.
    pub(super) enters: bool,
    /// Whether that list answers a comment of the page, so that it can be folded.
    pub(super) folds: bool,
    /// The lists of answers that end after it: of each, whether it can be folded.
    pub(super) leaves: Vec<bool>,
    /// Whether its own place in the list ends then, too.
    pub(super) ends: bool,
}

impl Face {
    /// Somebody as shown beside what they wrote.
    pub(super) fn new(actor: &Actor) -> Self {
        let handle = actor.handle().to_string();
        let door = if actor.kind == ActorKind::Group {
            "c"
        } else {
            "u"
        };
        let initial = actor.title.chars().find(|letter| letter.is_alphanumeric());
        Self {
            name: actor.title.clone(),
            href: format!("/{door}/{handle}"),
            group: actor.kind == ActorKind::Group,
            gone: actor.deleted_at.is_some(),
            tint: handle.bytes().fold(0, u8::wrapping_add) % 8,
            handle,
            host: (!actor.local).then(|| actor.host.clone()),
            icon: actor.icon_url.clone(),
            initial: initial
                .map_or_else(|| "·".to_owned(), |letter| letter.to_uppercase().collect()),
            bot: actor.kind == ActorKind::Service,
        }
    }
}

impl PostModel {
    /// A post for somebody.
    pub(super) fn new(card: &PostCard, viewer: Option<ActorId>) -> Self {
        let post = &card.post;
        Self {
            id: post.id.0,
            title: post.title.clone(),
            html: post.html.clone(),
            excerpt: crate::text::plain::excerpt_html(&post.html, EXCERPT),
            link: post.link_url.as_deref().and_then(link),
            preview: card.link.as_ref().and_then(PreviewModel::new),
            language: post.language.clone(),
            warning: post.warning.clone(),
            sensitive: post.sensitive,
            attachments: attached(&post.attachments),
            author: Face::new(&card.author),
            group: Face::new(&card.group),
            group_id: card.group.id.0,
            source_url: (!post.local)
                .then(|| post.url.clone())
                .filter(|url| is_web(url)),
            at: post.published_at.0,
            edited_at: post.edited_at.map(|at| at.0),
            score: post.upvotes - post.downvotes,
            upvotes: post.upvotes,
            downvotes: post.downvotes,
            comment_count: post.comment_count,
            my_vote: card.my_vote,
            locked: post.locked,
            featured: post.featured_at.is_some(),
            state: state(post.deleted_at, post.removed_at),
            reason: post.removal_reason.clone(),
            mine: viewer == Some(post.author),
            reactions: card.reactions.iter().map(ReactionModel::new).collect(),
            poll: card.poll.as_ref().map(PollModel::new),
            event: card.event.as_ref().map(EventModel::new),
            question: card.question.map(|question| QuestionModel {
                answered: question.answer.is_some(),
            }),
            saved: card.saved,
            fresh: card.fresh.unwrap_or(0),
            filtered: card.filtered.as_ref().map(|filter| filter.phrase.clone()),
        }
    }
}

/// A reaction that people chose.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ReactionModel {
    content: String,
    count: i64,
    mine: bool,
}

impl ReactionModel {
    fn new(reaction: &Reaction) -> Self {
        Self {
            content: reaction.content.clone(),
            count: reaction.count,
            mine: reaction.mine,
        }
    }
}

/// This time zone, or UTC if nobody here knows it: a time is told in this one.
pub(super) fn known_zone(at: Ts, zone: &str) -> &str {
    at.local(zone).map_or("UTC", |_| zone)
}

impl EventModel {
    fn new(card: &EventCard) -> Self {
        let event = &card.event;
        // A zone that nobody here knows comes from elsewhere.
        let zone = known_zone(event.starts_at, &event.timezone);
        let shown = |at: Ts| at.on_clock(zone).0;
        let day = |at: Ts| at.date(zone);
        Self {
            starts_at: event.starts_at.0,
            ends_at: event.ends_at.map(|at| at.0),
            starts: shown(event.starts_at),
            ends: event.ends_at.map(shown),
            one_day: event.ends_at.map(day) == Some(day(event.starts_at)),
            timezone: zone.to_owned(),
            place: event.place.clone(),
            online_url: event.online_url.clone().filter(|url| is_web(url)),
            join_mode: event.join_mode.as_str(),
            capacity: event.capacity,
            attendees: event.attendees,
            mine: match card.mine {
                None => "none",
                Some(false) => "pending",
                Some(true) => "accepted",
            },
        }
    }
}

impl PollModel {
    fn new(card: &PollCard) -> Self {
        let poll = &card.poll;
        let choice = |(place, choice): (i32, &Choice)| ChoiceModel {
            place,
            name: choice.name.clone(),
            votes: choice.votes,
            percent: percent(choice.votes, poll.voters),
            mine: card.mine.contains(&place),
        };
        Self {
            multiple: poll.multiple,
            ends_at: poll.ends_at.map(|at| at.0),
            closed: poll.closed_at.is_some(),
            voters: poll.voters,
            voted: !card.mine.is_empty(),
            choices: (0i32..).zip(&poll.choices).map(choice).collect(),
        }
    }
}

/// How many of a hundred; servers elsewhere may count nonsense.
fn percent(part: i64, whole: i64) -> i64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}

impl CommentModel {
    /// A comment for somebody, below a post.
    pub(super) fn new(
        card: &CommentCard,
        poster: Option<ActorId>,
        viewer: Option<ActorId>,
    ) -> Self {
        let comment = &card.comment;
        Self {
            id: comment.id.0,
            post: comment.post.0,
            thread: card.thread.clone(),
            parent: comment.parent.map(|parent| parent.0),
            html: comment.html.clone(),
            language: comment.language.clone(),
            warning: comment.warning.clone(),
            sensitive: comment.sensitive,
            attachments: attached(&comment.attachments),
            author: Face::new(&card.author),
            source_url: (!comment.local)
                .then(|| comment.url.clone())
                .filter(|url| is_web(url)),
            at: comment.published_at.0,
            edited_at: comment.edited_at.map(|at| at.0),
            score: comment.upvotes - comment.downvotes,
            upvotes: comment.upvotes,
            downvotes: comment.downvotes,
            my_vote: card.my_vote,
            distinguished: comment.distinguished,
            locked: comment.locked,
            by_poster: poster == Some(comment.author),
            state: state(comment.deleted_at, comment.removed_at),
            reason: comment.removal_reason.clone(),
            mine: viewer == Some(comment.author),
            reactions: card.reactions.iter().map(ReactionModel::new).collect(),
            quote: card.quote.as_ref().and_then(QuoteModel::new),
            quote_href: quote_href(comment),
            unwanted: card.unwanted,
            filtered: card.filtered.as_ref().map(|filter| filter.phrase.clone()),
            sifted: card
                .filtered
                .as_ref()
                .is_some_and(|filter| filter.effect == Effect::Hide),
            saved: card.saved,
            accepted: false,
            fresh: false,
            focus: false,
            kept: String::new(),
            below: 0,
            enters: false,
            folds: false,
            leaves: Vec::new(),
            ends: false,
        }
    }
}

/// Where an answer that quotes a comment is written: below their thread.
fn quote_href(comment: &Comment) -> String {
    let uri = comment.uri.as_str().as_bytes();
    let quoted: String = url::form_urlencoded::byte_serialize(uri).collect();
    format!("/post/{}?quote={quoted}#answer", comment.post)
}

/// Comments as nested lists: each says whether it begins a list, and which end after it.
///
/// A page may begin deep in a thread, so only the steps from one depth to the next count.
pub(super) fn nested(
    cards: &[CommentCard],
    poster: Option<ActorId>,
    viewer: Option<ActorId>,
) -> Vec<CommentModel> {
    let mut models: Vec<CommentModel> = Vec::with_capacity(cards.len());
    let mut open: Vec<i32> = Vec::new();
    for card in cards {
        let depth = card.comment.depth;
        let before = open.len();
        open.retain(|level| *level <= depth);
        let enters = open.last() != Some(&depth);
        if let Some(last) = models.last_mut() {
            last.leaves = folding(open.len(), before);
            last.ends = !enters;
        }
        let folds = enters && !open.is_empty();
        if enters {
            open.push(depth);
        }
        models.push(CommentModel {
            enters,
            folds,
            ..CommentModel::new(card, poster, viewer)
        });
    }
    if let Some(last) = models.last_mut() {
        last.leaves = folding(0, open.len());
    }
    models
}

/// The lists that end when of so many open ones so many are left, the innermost first.
fn folding(left: usize, before: usize) -> Vec<bool> {
    (left..before).rev().map(|level| level > 0).collect()
}

/// Posts with the way to the next page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

impl<T> List<T> {
    /// A page of a list at this path (with its query, but without a cursor).
    pub(super) fn new<U>(page: Page<U>, path: &str, item: impl FnMut(U) -> T) -> Self {
        let next = page.next.map(|cursor| with_cursor(path, cursor));
        Self {
            items: page.items.into_iter().map(item).collect(),
            next,
        }
    }
}

/// A page of posts for somebody.
pub(super) fn posts(page: Page<PostCard>, path: &str, viewer: Option<ActorId>) -> List<PostModel> {
    List::new(page, path, |card| PostModel::new(&card, viewer))
}

fn with_cursor(path: &str, cursor: Cursor) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}after={}", cursor.encode())
}

fn state(deleted: Option<Ts>, removed: Option<Ts>) -> State {
    match (deleted, removed) {
        (_, Some(_)) => State::Removed,
        (Some(_), None) => State::Deleted,
        (None, None) => State::Visible,
    }
}

pub(super) fn link(url: &str) -> Option<Link> {
    let parsed = url::Url::parse(url).ok()?;
    let host = crate::domain::ids::host_of(&parsed);
    is_web(url).then(|| Link {
        url: url.to_owned(),
        host,
    })
}

pub(super) fn attached(attachments: &[Attachment]) -> Vec<Attached> {
    let sound = attachments
        .iter()
        .filter(|attachment| is_web(&attachment.url));
    sound
        .map(|attachment| Attached {
            url: attachment.url.clone(),
            alt: attachment.alt.clone(),
            width: attachment.size.map(|(width, _)| width),
            height: attachment.size.map(|(_, height)| height),
            blurhash: attachment.blurhash.clone(),
            focus: attachment.focus.map(Focus::steps),
            picture: attachment
                .media_type
                .as_deref()
                .is_some_and(|kind| kind.starts_with("image/")),
        })
        .collect()
}

/// Peers choose these addresses, so nothing but the web is linked to.
pub(super) fn is_web(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
