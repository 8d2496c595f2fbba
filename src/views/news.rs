//! What members are to be told of by mail and by their browsers: what they have not seen of what
//! happened since they were told last, as far as they may see it.

use crate::crypto::webpush::VapidKey;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Ids};
use crate::domain::news::{ByMail, News, Parcel, Topic, Wish};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::settings::DigestRhythm;
use crate::store::{Db, Res, actors, blocks, messages, notices, pushes, secrets, wishes};

use super::feed::{self, Feed};
use super::notice::{self, NoticeCard, Place};
use super::post::PostCard;

/// Rows that are looked at at once.
const MOST: u32 = 200;
/// The most news in one letter.
const MOST_IN_LETTER: u32 = 20;
/// The most threads in a digest, and how many they are chosen from.
const BEST: usize = 5;
const CANDIDATES: u32 = 100;

/// What happened between two ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// Everything up to this id is in it.
    pub(crate) upto: i64,
    /// What each member is told.
    pub(crate) parcels: Vec<Parcel>,
}

/// What happened after an id and before a moment; not all of it, if it is much. Three queries, and
/// four more for each member who is told.
pub(crate) fn since(db: &mut Db, after: i64, moment: Ts) -> Res<Batch> {
    let end = Ids::floor(moment);
    let noticed = notices::list_unread_between(db, after, end, MOST)?;
    let written = messages::list_unseen_between(db, after, end, MOST)?;
    let cut = |count: usize, last: Option<i64>| match last {
        Some(last) if count >= MOST as usize => last,
        _ => end - 1,
    };
    let upto = cut(noticed.len(), noticed.last().map(|(id, _)| *id))
        .min(cut(written.len(), written.last().map(|row| row.id.0)));
    let writers: Vec<ActorId> = written.iter().map(|row| row.author).collect();
    let authors = actors::list_by_ids(db, &writers)?;
    let mut people: Vec<ActorId> = noticed
        .iter()
        .map(|(_, to)| *to)
        .chain(written.iter().map(|row| row.member))
        .collect();
    people.sort_unstable();
    people.dedup();
    let mut parcels = Vec::new();
    for to in people {
        let found = notices::list_unread_of(db, to, after, upto + 1, MOST_IN_LETTER)?;
        let cards = notice::cards(db, to, found)?;
        let mut news: Vec<News> = cards.iter().map(of_card).collect();
        let unwanted = blocks::list_unwanted(db, to, &writers)?;
        let own = written
            .iter()
            .filter(|row| row.member == to && row.id.0 <= upto)
            .filter(|row| !unwanted.contains(&row.author));
        news.extend(own.take(MOST_IN_LETTER as usize).filter_map(|row| {
            let author = authors.iter().find(|author| author.id == row.author)?;
            Some(News {
                topic: Topic::Messages,
                said: "item-message",
                who: author.title.clone(),
                // What was written in private stays out of mailboxes.
                title: author.handle().to_string(),
                path: format!("/messages/{}", row.conversation),
            })
        }));
        if !news.is_empty() {
            parcels.push(Parcel { to, news });
        }
    }
    Ok(Batch { upto, parcels })
}

fn of_card(card: &NoticeCard) -> News {
    let path = match card.place {
        Place::Post(post) => format!("/post/{post}"),
        Place::Comment(post, id) => format!("/post/{post}?comment={id}#comment-{id}"),
        Place::Group => format!("/c/{}", card.by.handle()),
        Place::Person => format!("/u/{}", card.by.handle()),
        Place::Queue => "/mod?kind=sign_up".to_owned(),
    };
    News {
        topic: Topic::of(card.notice.kind),
        said: said(card.notice.kind),
        who: card.by.title.clone(),
        title: card.excerpt.clone(),
        path,
    }
}

fn said(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Answer => "item-answer",
        NoticeKind::Accepted => "item-accepted",
        NoticeKind::Thread => "item-watched",
        NoticeKind::Mention => "item-mention",
        NoticeKind::PollEnded => "item-poll_ended",
        NoticeKind::JoinAsked => "item-join_asked",
        NoticeKind::JoinAnswered => "item-join_answered",
        NoticeKind::Refused => "item-refused",
        NoticeKind::SignedUp => "item-signed_up",
        NoticeKind::Liked => "item-liked",
        NoticeKind::Followed => "item-followed",
        NoticeKind::NewThread => "item-new_thread",
    }
}

/// What a digest tells a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    /// The best threads of their groups.
    pub(crate) threads: Vec<News>,
    /// What they have not seen: answers, mentions, and what they want to hear of in digests.
    pub(crate) waiting: Vec<News>,
}

/// What happened in the groups of a member since a moment. At most a dozen queries.
pub(crate) fn digest(db: &mut Db, member: ActorId, since: Ts, until: Ts) -> Res<Digest> {
    let request = PageRequest::first(CANDIDATES);
    let page = feed::page(db, Some(member), Feed::Joined(member), Sort::New, request)?;
    let mut best = page.items;
    best.retain(|card| card.post.published_at >= since && card.author.id != member);
    best.sort_by_key(|card| {
        let post = &card.post;
        std::cmp::Reverse(post.upvotes - post.downvotes + 2 * post.comment_count)
    });
    let thread = |card: PostCard| News {
        topic: Topic::Groups,
        said: "item-thread",
        who: card.group.title,
        path: format!("/post/{}", card.post.id),
        title: card.post.title,
    };
    let threads = best.into_iter().take(BEST).map(thread).collect();
    let (after, before) = (Ids::floor(since), Ids::floor(until));
    let unread = notices::list_unread_of(db, member, after, before, MOST)?;
    let wishes = wishes_of(db, member)?;
    let wanted = |topic: Topic| {
        let mail = wish(&wishes, topic).mail;
        let unanswered = matches!(topic, Topic::Answers | Topic::Mentions);
        mail == ByMail::Digest || (unanswered && mail != ByMail::Off)
    };
    let cards = notice::cards(db, member, unread)?;
    let waiting = cards.iter().map(of_card).filter(|news| wanted(news.topic));
    let waiting = waiting.take(MOST_IN_LETTER as usize).collect();
    Ok(Digest { threads, waiting })
}

/// How a member hears of everything, in the order of [`Topic::ALL`].
pub(crate) fn wishes_of(db: &mut Db, member: ActorId) -> Res<Vec<(Topic, Wish)>> {
    let chosen = wishes::list_of(db, member)?;
    let own = |topic: Topic| (topic, wish(&chosen, topic));
    Ok(Topic::ALL.into_iter().map(own).collect())
}

fn wish(chosen: &[(Topic, Wish)], topic: Topic) -> Wish {
    let own = chosen.iter().find(|(of, _)| *of == topic);
    own.map_or_else(|| topic.usual(), |(_, wish)| *wish)
}

/// How often a member gets a digest who chose; `None`: as the hub has it.
pub(crate) fn rhythm_of(db: &mut Db, member: ActorId) -> Res<Option<DigestRhythm>> {
    Ok(wishes::find_digest(db, member)?.and_then(|digest| digest.rhythm))
}

/// How far members were told; `None`: nobody was ever told.
pub(crate) fn told_upto(db: &mut Db) -> Res<Option<i64>> {
    wishes::find_mark(db, crate::domain::news::MARK)
}

/// Whose digest is due, since when they were told, and whether they are to get one.
pub(crate) fn due_digests(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<wishes::Digest>> {
    wishes::list_due_digests(db, now, limit)
}

/// Whether there are members of whose digest nobody thought yet.
pub(crate) fn lacks_digests(db: &mut Db) -> Res<bool> {
    Ok(!wishes::list_without_digest(db, 1)?.is_empty())
}

/// The key by which push services know the hub, once there is one.
pub(crate) fn push_key(db: &mut Db) -> Res<Option<VapidKey>> {
    let secret = secrets::find(db, crate::domain::news::PUSH_KEY)?;
    Ok(secret.and_then(|secret| VapidKey::parse(&secret).ok()))
}

/// Whether the browser of a session is told.
pub(crate) fn is_subscribed(db: &mut Db, session_hash: &str) -> Res<bool> {
    pushes::is_subscribed(db, session_hash)
}
