//! The notices of a member.

use std::collections::HashSet;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::filter::{Effect, Filter};
use crate::domain::ids::{ActorId, CommentId, PostId};
use crate::domain::notice::{Notice, NoticeKind, Subject};
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, actors, comments, notices, posts};
use crate::text::plain::excerpt_html;

use super::filter::Sieve;

/// A notice with who did it and where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NoticeCard {
    /// The notice.
    pub(crate) notice: Notice,
    /// Who did it.
    pub(crate) by: Actor,
    /// Where it happened.
    pub(crate) place: Place,
    /// The title of the post, the beginning of the comment, or the name of who did it.
    pub(crate) excerpt: String,
}

impl Place {
    /// The thread, if it is in one.
    fn thread(self) -> Option<PostId> {
        match self {
            Self::Post(post) | Self::Comment(post, _) => Some(post),
            Self::Group | Self::Person | Self::Queue => None,
        }
    }
}

/// Notices of one kind about one thing (or of one group), or of all new followers, on one day, as one
/// line: the newest first, and never none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bundle {
    /// They.
    pub(crate) cards: Vec<NoticeCard>,
}

/// What happened on one day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Day {
    /// Such as `2026-06-01`, as the calendar of a time zone has it.
    pub(crate) date: String,
    /// Its lines, in the order of the newest notice of each.
    pub(crate) lines: Vec<Bundle>,
}

/// The days on which something happened as a time zone has them, the last first.
pub(crate) fn days(cards: Vec<NoticeCard>, zone: &str) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for card in cards {
        let date = card.notice.created_at.date(zone);
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.add(card),
            None => days.push(Day {
                date,
                lines: vec![Bundle { cards: vec![card] }],
            }),
        }
    }
    days
}

impl Day {
    fn add(&mut self, card: NoticeCard) {
        match self.lines.iter_mut().find(|line| line.takes(&card)) {
            Some(line) => line.cards.push(card),
            None => self.lines.push(Bundle { cards: vec![card] }),
        }
    }
}

impl Bundle {
    /// Whether a notice says what those of the line say.
    fn takes(&self, card: &NoticeCard) -> bool {
        self.cards.first().is_some_and(|first| {
            let same = match card.notice.kind {
                // One may well have written more than one thing in a thread that others like.
                NoticeKind::Liked => first.place == card.place,
                _ => first.place.thread() == card.place.thread(),
            };
            let together = card.notice.kind == NoticeKind::Followed;
            let by = together || card.place.thread().is_some() || first.by.id == card.by.id;
            same && by && first.notice.kind == card.notice.kind
        })
    }

    /// Who did it, each once, the last first.
    pub(crate) fn people(&self) -> Vec<&Actor> {
        let mut seen = HashSet::new();
        let people = self.cards.iter().map(|card| &card.by);
        people.filter(|actor| seen.insert(actor.id)).collect()
    }

    /// Whether some of it was not read.
    pub(crate) fn is_unread(&self) -> bool {
        self.cards.iter().any(|card| card.notice.read_at.is_none())
    }
}

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a post.
    Post(PostId),
    /// In a comment of this thread.
    Comment(PostId, CommentId),
    /// With the one who did it, a group.
    Group,
    /// With the one who did it, a person.
    Person,
    /// In the queue of moderators.
    Queue,
}

/// The notices of a member about what they can see, newest first: five queries. What their
/// filters hide is left out.
pub(crate) fn page(
    db: &mut Db,
    member: ActorId,
    about: Option<Subject>,
    request: PageRequest,
) -> Res<Page<NoticeCard>> {
    let page = notices::list(db, member, about, request)?;
    let items = cards(db, member, page.items)?;
    let next = page.next;
    Ok(Page { items, next })
}

/// Who did what and where, as far as the member can see it: four queries.
pub(super) fn cards(db: &mut Db, member: ActorId, of: Vec<Notice>) -> Res<Vec<NoticeCard>> {
    let by: Vec<ActorId> = of.iter().map(|notice| notice.by).collect();
    let people = actors::list_by_ids(db, &by)?;
    let post_ids: Vec<PostId> = of.iter().map(|notice| PostId(notice.object)).collect();
    let comment_ids: Vec<CommentId> = of.iter().map(|notice| CommentId(notice.object)).collect();
    let sieve = Sieve::of(db, Some(member))?;
    let viewer = Viewer::Person(member);
    let posts = posts::list_for(db, viewer, &post_ids)?;
    let comments = comments::list_for(db, viewer, &comment_ids)?;
    let card = |notice: Notice| {
        let by = people.iter().find(|actor| actor.id == notice.by)?.clone();
        let elsewhere = match notice.kind {
            NoticeKind::Refused if by.kind != ActorKind::Group => Some(Place::Person),
            NoticeKind::Refused => Some(Place::Group),
            NoticeKind::Followed => Some(Place::Person),
            NoticeKind::SignedUp => Some(Place::Queue),
            _ => None,
        };
        if let Some(place) = elsewhere {
            let excerpt = match place {
                Place::Person => format!("@{}", by.full_handle()),
                _ => by.title.clone(),
            };
            return Some(NoticeCard {
                notice,
                by,
                place,
                excerpt,
            });
        }
        if let Some(post) = posts.iter().find(|post| post.id.0 == notice.object) {
            let excerpt = veiled(sieve.post(post), || post.title.clone())?;
            return Some(NoticeCard {
                notice,
                by,
                place: Place::Post(post.id),
                excerpt,
            });
        }
        let comment = comments
            .iter()
            .find(|comment| comment.id.0 == notice.object)?;
        let begins = || excerpt_html(&comment.html, 160);
        Some(NoticeCard {
            notice,
            by,
            place: Place::Comment(comment.post, comment.id),
            excerpt: veiled(sieve.comment(comment), begins)?,
        })
    };
    Ok(of.into_iter().filter_map(card).collect())
}

/// What is shown of something by a member's filters: nothing at all, no words, or its words.
fn veiled(filtered: Option<Filter>, words: impl FnOnce() -> String) -> Option<String> {
    match filtered.map(|filter| filter.effect) {
        Some(Effect::Hide) => None,
        Some(Effect::Warn) => Some(String::new()),
        None => Some(words()),
    }
}

/// How many notices a member has not read.
pub(crate) fn unread(db: &mut Db, member: ActorId) -> Res<i64> {
    notices::count_unread(db, member)
}
