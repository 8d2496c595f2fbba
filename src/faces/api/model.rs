//! The shapes of the hub API (INTERFACES.md). Field names are stable; their order is the document's.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::clock::Ts;
use crate::domain::link_preview::LinkCard;
use crate::domain::media::Focus;
use crate::domain::membership::FollowState;
use crate::domain::poll::Choice;
use crate::domain::post::Attachment;
use crate::domain::reading::Level;
use crate::faces::shared::State;
use crate::faces::shared::pictures::Pictures;
use crate::views::group::GroupPage;
use crate::views::post::{self, CommentCard, EventCard, PollCard, PostCard};

/// A person as others see them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Author")]
pub(super) struct Author {
    /// `name` for people here, `name@host` for others.
    handle: String,
    /// The display name.
    name: String,
    /// The ActivityPub id.
    ap_id: String,
    /// Whether they are of this hub.
    local: bool,
    /// Their picture.
    icon_url: Option<String>,
}

impl Author {
    pub(super) fn of(actor: &Actor) -> Self {
        Self {
            handle: actor.handle().to_string(),
            name: actor.title.clone(),
            ap_id: actor.uri.to_string(),
            local: actor.local,
            icon_url: actor.icon_url.clone(),
        }
    }
}

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub(super) struct Group {
    id: i64,
    /// `name` for groups here, `name@host` for others.
    name: String,
    /// The ActivityPub id.
    ap_id: String,
    /// The page for people.
    url: String,
    /// What people call it.
    title: String,
    /// Its description in Markdown, where known.
    summary: Option<String>,
    /// Its description as safe HTML.
    summary_html: String,
    /// Whether it lives on this hub.
    local: bool,
    /// How many people are in it, as far as this hub knows.
    member_count: i64,
    /// Whether only moderators start threads.
    posting_restricted: bool,
    /// Whether it is listed in directories.
    discoverable: bool,
    /// Whether only its members read and write in it; others are told no more than its name.
    private: bool,
    /// Whose posts wait for a moderator: `none`, `newcomers` or `all`.
    approval: &'static str,
    /// Its picture.
    icon_url: Option<String>,
    /// The cover above its page.
    image_url: Option<String>,
    created_at: String,
    /// Its moderators; only where one group is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    moderators: Option<Vec<Author>>,
    /// Where the caller's membership stands; only where one group is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    membership: Option<Membership>,
}

impl Group {
    pub(super) fn of(group: &Actor) -> Self {
        Self {
            id: group.id.0,
            name: group.handle().to_string(),
            ap_id: group.uri.to_string(),
            url: group.url.clone(),
            title: group.title.clone(),
            summary: group.summary_source.clone(),
            summary_html: group.summary_html.clone(),
            local: group.local,
            member_count: group.followers_count,
            posting_restricted: group.posting_restricted,
            discoverable: group.discoverable,
            private: group.is_private_group(),
            approval: group.approval.as_str(),
            icon_url: group.icon_url.clone(),
            image_url: group.image_url.clone(),
            created_at: group.created_at.rfc3339(),
            moderators: None,
            membership: None,
        }
    }

    pub(super) fn page(page: &GroupPage) -> Self {
        Self {
            moderators: Some(page.moderators.iter().map(Author::of).collect()),
            membership: Some(Membership::seen(page)),
            ..Self::of(&page.group)
        }
    }
}

/// How somebody stands to a group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Membership")]
pub(super) struct Membership {
    /// The group's `name`, or `name@host`.
    group: String,
    /// `accepted`; `pending` until the group's server, or in a private group a moderator, answers;
    /// `unreachable` while that server does not take the request; `refused` where it said no; or
    /// null for none.
    state: Option<&'static str>,
    /// What the caller hears of it: `all` for every new thread, `own` for what concerns them, or
    /// `nothing`; only where one group is asked for that they follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    news: Option<&'static str>,
}

impl Membership {
    pub(super) fn of(group: &Actor, state: Option<FollowState>) -> Self {
        Self {
            group: group.handle().to_string(),
            state: state.map(FollowState::as_str),
            news: None,
        }
    }

    /// As the viewer of a group's page sees it.
    fn seen(page: &GroupPage) -> Self {
        let mut membership = Self::of(&page.group, page.membership);
        membership.news = page.level.map(Level::as_str);
        if page.unreachable {
            membership.state = Some("unreachable");
        }
        membership
    }
}

/// A post that starts a thread.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Post")]
pub(super) struct Post {
    id: i64,
    /// The ActivityPub id.
    ap_id: String,
    /// The page for people.
    url: String,
    /// The group's `name`, or `name@host`.
    group: String,
    author: Author,
    title: String,
    /// The Markdown source; null where a peer sent none.
    body: Option<String>,
    /// Safe HTML.
    content_html: String,
    /// The address that a link post is about.
    link_url: Option<String>,
    /// What the page says of itself to which it links; null: it links to none, or nothing is known.
    link_preview: Option<LinkPreview>,
    published_at: String,
    edited_at: Option<String>,
    upvotes: i64,
    downvotes: i64,
    comment_count: i64,
    locked: bool,
    featured: bool,
    /// Deleted by its author or removed by a moderator; then its words are left out.
    deleted: bool,
    /// BCP 47 tag.
    language: Option<String>,
    /// Not for everybody's eyes.
    sensitive: bool,
    /// The author's content warning, behind which the words are to be folded.
    warning: Option<String>,
    /// Pictures and files.
    attachments: Vec<File>,
    /// The caller's own vote: 1, 0 or -1.
    my_vote: i16,
    /// What people choose from; null: it asks nothing.
    poll: Option<Poll>,
    /// Where and when people meet; null: it announces nothing of the kind.
    event: Option<Event>,
    /// Where it stands, if it asks for an answer that helps; otherwise null.
    question: Option<Question>,
    /// Whether the caller saved it for later.
    saved: bool,
    /// Comments that came since the caller read the thread; null: they never did.
    new_comments: Option<i64>,
    /// With what people reacted, the most chosen first.
    reactions: Vec<Reaction>,
    /// The words of the caller's filter for which it is to be folded.
    filtered: Option<String>,
}

/// What a page elsewhere says of itself.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LinkPreview")]
pub(super) struct LinkPreview {
    /// The page.
    url: String,
    title: Option<String>,
    /// What it is about, as plain text.
    description: Option<String>,
    /// What the website is called.
    site_name: Option<String>,
    /// Its picture, as this hub keeps it.
    image_url: Option<String>,
}

impl LinkPreview {
    fn of(card: LinkCard, pictures: &Pictures) -> Self {
        let LinkCard { url, preview } = card;
        Self {
            url,
            title: preview.title,
            description: preview.description,
            site_name: preview.site,
            image_url: preview.picture.and_then(|url| pictures.whole_address(&url)),
        }
    }
}

/// A question.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Question")]
pub(super) struct Question {
    /// The comment that helped; null: the question is open.
    answer_id: Option<i64>,
    /// Since when it is known.
    answered_at: Option<String>,
}

/// A reaction that people chose.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reaction")]
pub(super) struct Reaction {
    /// The emoji, or `:its name:`.
    content: String,
    /// How many people.
    count: i64,
    /// Whether the caller is one of them.
    mine: bool,
}

impl Reaction {
    fn all(hidden: bool, found: Vec<post::Reaction>) -> Vec<Self> {
        let one = |one: post::Reaction| Self {
            content: one.content,
            count: one.count,
            mine: one.mine,
        };
        found.into_iter().filter(|_| !hidden).map(one).collect()
    }
}

/// A meeting.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(super) struct Event {
    starts_at: String,
    ends_at: Option<String>,
    /// IANA name of the time zone of the place.
    timezone: String,
    place: Option<String>,
    online_url: Option<String>,
    /// `free`, `restricted` (the organiser decides), `invite` or `external`.
    join_mode: &'static str,
    /// How many may come; null: as many as want to.
    capacity: Option<i64>,
    /// How many come.
    attendees: i64,
    /// `accepted` if the caller comes, `pending` until the organiser answers, or null.
    attendance: Option<&'static str>,
}

impl Event {
    fn of(card: EventCard) -> Self {
        let EventCard { event, mine } = card;
        Self {
            starts_at: event.starts_at.rfc3339(),
            ends_at: event.ends_at.map(Ts::rfc3339),
            timezone: event.timezone,
            place: event.place,
            online_url: event.online_url,
            join_mode: event.join_mode.as_str(),
            capacity: event.capacity,
            attendees: event.attendees,
            attendance: mine.map(attendance),
        }
    }
}

fn attendance(accepted: bool) -> &'static str {
    if accepted { "accepted" } else { "pending" }
}

/// Somebody who comes to an event, or wants to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Attendee")]
pub(super) struct Attendee {
    person: Author,
    /// `accepted`, or `pending` until the organiser answers.
    attendance: &'static str,
}

impl Attendee {
    pub(super) fn of((actor, accepted): (Actor, bool)) -> Self {
        Self {
            person: Author::of(&actor),
            attendance: attendance(accepted),
        }
    }
}

/// A poll as it stands.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Poll")]
pub(super) struct Poll {
    /// Whether several options may be chosen.
    multiple: bool,
    /// Until when votes count; null: for ever.
    ends_at: Option<String>,
    /// Whether it has ended.
    closed: bool,
    /// How many people voted.
    voters: i64,
    options: Vec<PollOption>,
}

/// One option of a poll.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PollOption")]
pub(super) struct PollOption {
    name: String,
    votes: i64,
    /// Whether the caller chose it.
    chosen: bool,
}

impl Poll {
    fn of(card: PollCard, now: Ts) -> Self {
        let PollCard { poll, mine } = card;
        let option = |(place, choice): (i32, Choice)| PollOption {
            name: choice.name,
            votes: choice.votes,
            chosen: mine.contains(&place),
        };
        Self {
            multiple: poll.multiple,
            ends_at: poll.ends_at.map(Ts::rfc3339),
            closed: poll.is_over(now),
            voters: poll.voters,
            options: (0i32..).zip(poll.choices).map(option).collect(),
        }
    }
}

/// A picture or file of a post or comment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "File")]
pub(super) struct File {
    url: String,
    media_type: Option<String>,
    /// The description for those who cannot see it.
    alt: Option<String>,
    /// Pixels across, where known.
    width: Option<u32>,
    /// Pixels down, where known.
    height: Option<u32>,
    /// A blurred preview in a few letters.
    blurhash: Option<String>,
    /// What stays in view where it is cropped, where somebody said: from -1 to 1, to the right and
    /// upwards.
    focal_point: Option<[f64; 2]>,
}

impl File {
    /// The files of something, unless it is hidden.
    pub(super) fn all(hidden: bool, attachments: Vec<Attachment>) -> Vec<Self> {
        let shown = attachments.into_iter().filter(|_| !hidden);
        let file = |one: Attachment| Self {
            url: one.url,
            media_type: one.media_type,
            alt: one.alt,
            width: one.size.map(|(width, _)| width),
            height: one.size.map(|(_, height)| height),
            blurhash: one.blurhash,
            focal_point: one.focus.map(Focus::point),
        };
        shown.map(file).collect()
    }
}

impl Post {
    /// A post as it stands now.
    pub(super) fn of(card: PostCard, state: &State) -> Self {
        let now = state.now();
        let PostCard {
            post,
            author,
            group,
            my_vote,
            poll,
            event,
            question,
            link,
            saved,
            fresh,
            reactions,
            filtered,
        } = card;
        let deleted = post.hidden();
        Self {
            id: post.id.0,
            ap_id: post.uri.to_string(),
            url: post.url,
            group: group.handle().to_string(),
            author: Author::of(&author),
            title: shown(deleted, post.title),
            body: post.source.filter(|_| !deleted),
            content_html: shown(deleted, post.html),
            link_url: post.link_url.filter(|_| !deleted),
            link_preview: link
                .filter(|_| !deleted)
                .map(|link| LinkPreview::of(link, &state.pictures)),
            published_at: post.published_at.rfc3339(),
            edited_at: post.edited_at.map(Ts::rfc3339),
            upvotes: post.upvotes,
            downvotes: post.downvotes,
            comment_count: post.comment_count,
            locked: post.locked,
            featured: post.featured_at.is_some(),
            deleted,
            language: post.language,
            sensitive: post.sensitive,
            warning: post.warning.filter(|_| !deleted),
            attachments: File::all(deleted, post.attachments),
            my_vote,
            poll: poll.filter(|_| !deleted).map(|poll| Poll::of(poll, now)),
            event: event.filter(|_| !deleted).map(Event::of),
            question: question.map(|question| Question {
                answer_id: question.answer.map(|chosen| chosen.comment.0),
                answered_at: question.answer.map(|chosen| chosen.at.rfc3339()),
            }),
            saved,
            new_comments: fresh,
            reactions: Reaction::all(deleted, reactions),
            filtered: filtered.map(|filter| filter.phrase),
        }
    }
}

/// A comment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Comment")]
pub(super) struct Comment {
    id: i64,
    /// The ActivityPub id.
    ap_id: String,
    /// The thread.
    post_id: i64,
    /// The comment that it answers; null: the post itself.
    parent_id: Option<i64>,
    /// 1 for an answer to the post, one more for each level below.
    depth: i32,
    author: Author,
    /// The Markdown source; null where a peer sent none.
    body: Option<String>,
    /// Safe HTML.
    content_html: String,
    published_at: String,
    edited_at: Option<String>,
    upvotes: i64,
    downvotes: i64,
    /// Deleted by its author or removed by a moderator; then its words are left out.
    deleted: bool,
    /// BCP 47 tag.
    language: Option<String>,
    /// Not for everybody's eyes.
    sensitive: bool,
    /// The author's content warning, behind which the words are to be folded.
    warning: Option<String>,
    /// Pictures and files.
    attachments: Vec<File>,
    /// The caller's own vote: 1, 0 or -1.
    my_vote: i16,
    /// Whether the caller saved it for later.
    saved: bool,
    /// With what people reacted, the most chosen first.
    reactions: Vec<Reaction>,
    /// The ActivityPub id of what it quotes.
    quote: Option<String>,
    /// Written by somebody whom the caller keeps away; then its words are left out.
    unwanted: bool,
    /// The words of the caller's filter for which it is to be folded, or for which its words are
    /// left out.
    filtered: Option<String>,
}

impl Comment {
    pub(super) fn of(card: CommentCard) -> Self {
        let CommentCard {
            comment,
            author,
            my_vote,
            saved,
            reactions,
            quote,
            unwanted,
            filtered,
            thread: _,
        } = card;
        let deleted = comment.hidden();
        Self {
            id: comment.id.0,
            ap_id: comment.uri.to_string(),
            post_id: comment.post.0,
            parent_id: comment.parent.map(|parent| parent.0),
            depth: comment.depth,
            author: Author::of(&author),
            body: comment.source.filter(|_| !deleted),
            content_html: shown(deleted, comment.html),
            published_at: comment.published_at.rfc3339(),
            edited_at: comment.edited_at.map(Ts::rfc3339),
            upvotes: comment.upvotes,
            downvotes: comment.downvotes,
            deleted,
            language: comment.language,
            sensitive: comment.sensitive,
            warning: comment.warning.filter(|_| !deleted),
            attachments: File::all(deleted, comment.attachments),
            my_vote,
            saved,
            reactions: Reaction::all(deleted, reactions),
            quote: quote.map(|quote| quote.uri),
            unwanted,
            filtered: filtered.map(|filter| filter.phrase),
        }
    }
}

fn shown(deleted: bool, text: String) -> String {
    if deleted { String::new() } else { text }
}

/// Something that a search found.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Found")]
#[serde(tag = "type", rename_all = "lowercase")]
#[expect(
    clippy::large_enum_variant,
    reason = "made for one answer and written at once"
)]
pub(super) enum Found {
    Post(Post),
    Comment(Comment),
    Group(Group),
    Person(Author),
}

impl Found {
    /// Somebody, if they may be found.
    pub(super) fn actor(actor: &Actor) -> Option<Self> {
        match actor.kind {
            _ if actor.deleted_at.is_some() => None,
            ActorKind::Group => Some(Self::Group(Group::of(actor))),
            ActorKind::Person | ActorKind::Service => Some(Self::Person(Author::of(actor))),
            ActorKind::Application => None,
        }
    }
}
