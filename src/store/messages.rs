//! Private messages. Whoever reads one is named in the query, but for those who deliver it.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{accounts, conversation_members as members, conversations, messages};
use super::{Db, Res, blocks};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ConversationId, MessageId, Uri};
use crate::domain::message::{Conversation, Message};
use crate::domain::page::{Cursor, Page, PageRequest};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
struct MessageRow {
    id: i64,
    uri: String,
    conversation_id: i64,
    author_id: i64,
    source: Option<String>,
    html: String,
    published_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
    local: bool,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        Self {
            id: MessageId(row.id),
            uri: Uri::trusted(row.uri),
            conversation: ConversationId(row.conversation_id),
            author: ActorId(row.author_id),
            source: row.source,
            html: row.html,
            published_at: Ts(row.published_at),
            edited_at: row.edited_at.map(Ts),
            deleted_at: row.deleted_at.map(Ts),
            local: row.local,
        }
    }
}

/// The conversation among these people, who are in ascending order; begun with this id if there is
/// none yet.
pub(crate) fn ensure_conversation(
    db: &mut Db,
    people: &[ActorId],
    fresh: ConversationId,
    now: Ts,
) -> Res<ConversationId> {
    let key: Vec<String> = people.iter().map(ToString::to_string).collect();
    let key = key.join(",");
    let begun = Both(
        diesel::insert_into(conversations::table)
            .values((
                conversations::id.eq(fresh.0),
                conversations::members.eq(&key),
                conversations::created_at.eq(now.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    if begun == 0 {
        let known: i64 = conversations::table
            .filter(conversations::members.eq(&key))
            .select(conversations::id)
            .first(db)?;
        return Ok(ConversationId(known));
    }
    for person in people {
        diesel::insert_into(members::table)
            .values((
                members::conversation_id.eq(fresh.0),
                members::actor_id.eq(person.0),
                members::last_id.eq(0),
                members::read_id.eq(0),
            ))
            .execute(db)?;
    }
    Ok(fresh)
}

/// Stores a new message; its author has read the conversation up to it, and these of its members do
/// not learn that there is one.
pub(crate) fn insert(db: &mut Db, message: &Message, unaware: &[ActorId]) -> Res<()> {
    let row = MessageRow {
        id: message.id.0,
        uri: message.uri.as_str().to_owned(),
        conversation_id: message.conversation.0,
        author_id: message.author.0,
        source: message.source.clone(),
        html: message.html.clone(),
        published_at: message.published_at.0,
        edited_at: message.edited_at.map(|at| at.0),
        deleted_at: message.deleted_at.map(|at| at.0),
        local: message.local,
    };
    diesel::insert_into(messages::table)
        .values(row)
        .execute(db)?;
    let unaware: Vec<i64> = unaware.iter().map(|member| member.0).collect();
    let of = members::table
        .filter(members::conversation_id.eq(message.conversation.0))
        .filter(members::actor_id.ne_all(unaware));
    diesel::update(of)
        .set(members::last_id.eq(message.id.0))
        .execute(db)?;
    set_read(db, message.conversation, message.author)
}

/// The message of a row.
pub(crate) fn find(db: &mut Db, id: MessageId) -> Res<Option<Message>> {
    let row: Option<MessageRow> = messages::table.find(id.0).first(db).optional()?;
    Ok(row.map(Message::from))
}

/// The message with this ActivityPub id.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Message>> {
    let row: Option<MessageRow> = messages::table
        .filter(messages::uri.eq(uri))
        .first(db)
        .optional()?;
    Ok(row.map(Message::from))
}

/// The last message of somebody else before this one in its conversation.
pub(crate) fn find_answered(db: &mut Db, message: &Message) -> Res<Option<Message>> {
    let row: Option<MessageRow> = messages::table
        .filter(messages::conversation_id.eq(message.conversation.0))
        .filter(messages::id.lt(message.id.0))
        .filter(messages::author_id.ne(message.author.0))
        .filter(messages::deleted_at.is_null())
        .order(messages::id.desc())
        .first(db)
        .optional()?;
    Ok(row.map(Message::from))
}

/// All of these messages, in no order.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[MessageId]) -> Res<Vec<Message>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<MessageRow> = messages::table.filter(messages::id.eq_any(ids)).load(db)?;
    Ok(rows.into_iter().map(Message::from).collect())
}

/// The messages that somebody wrote, or got from people whom they want to see, of one conversation
/// or of all, newest first.
pub(crate) fn list(
    db: &mut Db,
    member: ActorId,
    of: Option<ConversationId>,
    page: PageRequest,
) -> Res<Page<Message>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = messages::table
        .inner_join(members::table.on(members::conversation_id.eq(messages::conversation_id)))
        .filter(members::actor_id.eq(member.0).and(messages::id.lt(before)))
        .filter(blocks::wanted_by!(messages::author_id, member.into()))
        .order(messages::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(MessageRow::as_select())
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(messages::conversation_id.eq(of.0));
    }
    let rows: Vec<MessageRow> = query.load(db)?;
    let items = rows.into_iter().map(Message::from).collect();
    Ok(Page::cut(items, page.limit, |message: &Message| Cursor {
        key: 0.0,
        id: message.id.0,
    }))
}

type MemberRow = (i64, i64, i64);

fn conversation((id, last, read): MemberRow) -> Conversation {
    Conversation {
        id: ConversationId(id),
        last: MessageId(last),
        read: MessageId(read),
    }
}

/// The conversations of somebody, the last written in first.
pub(crate) fn list_conversations(
    db: &mut Db,
    member: ActorId,
    page: PageRequest,
) -> Res<Page<Conversation>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let rows: Vec<MemberRow> = members::table
        .filter(
            members::actor_id
                .eq(member.0)
                .and(members::last_id.lt(before)),
        )
        .filter(members::last_id.gt(0))
        .order(members::last_id.desc())
        .limit(i64::from(page.limit) + 1)
        .select((members::conversation_id, members::last_id, members::read_id))
        .load(db)?;
    let items = rows.into_iter().map(conversation).collect();
    Ok(Page::cut(items, page.limit, |one: &Conversation| Cursor {
        key: 0.0,
        id: one.last.0,
    }))
}

/// A conversation, if this is one of its members.
pub(crate) fn find_conversation(
    db: &mut Db,
    id: ConversationId,
    member: ActorId,
) -> Res<Option<Conversation>> {
    let row: Option<MemberRow> = members::table
        .find((id.0, member.0))
        .select((members::conversation_id, members::last_id, members::read_id))
        .first(db)
        .optional()?;
    Ok(row.map(conversation))
}

/// Who talks in these conversations.
pub(crate) fn list_members(
    db: &mut Db,
    of: &[ConversationId],
) -> Res<Vec<(ConversationId, ActorId)>> {
    let ids: Vec<i64> = of.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, i64)> = members::table
        .filter(members::conversation_id.eq_any(ids))
        .order((members::conversation_id, members::actor_id))
        .select((members::conversation_id, members::actor_id))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(id, actor)| (ConversationId(id), ActorId(actor)))
        .collect())
}

/// A private message that somebody on this hub has not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unseen {
    /// The message.
    pub(crate) id: MessageId,
    /// In which conversation.
    pub(crate) conversation: ConversationId,
    /// Who wrote it.
    pub(crate) author: ActorId,
    /// Who has not seen it.
    pub(crate) member: ActorId,
}

/// What members of this hub have not seen of what was written between two ids, oldest first.
pub(crate) fn list_unseen_between(
    db: &mut Db,
    after: i64,
    before: i64,
    limit: u32,
) -> Res<Vec<Unseen>> {
    let rows: Vec<(i64, i64, i64, i64)> = messages::table
        .inner_join(members::table.on(members::conversation_id.eq(messages::conversation_id)))
        .inner_join(accounts::table.on(accounts::actor_id.eq(members::actor_id)))
        .filter(messages::id.gt(after).and(messages::id.lt(before)))
        .filter(messages::deleted_at.is_null())
        .filter(members::actor_id.ne(messages::author_id))
        .filter(members::read_id.lt(messages::id))
        .order((messages::id, members::actor_id))
        .limit(i64::from(limit))
        .select((
            messages::id,
            messages::conversation_id,
            messages::author_id,
            members::actor_id,
        ))
        .load(db)?;
    let unseen = |(id, conversation, author, member)| Unseen {
        id: MessageId(id),
        conversation: ConversationId(conversation),
        author: ActorId(author),
        member: ActorId(member),
    };
    Ok(rows.into_iter().map(unseen).collect())
}

/// In how many conversations somebody has not read the newest message.
pub(crate) fn count_unread(db: &mut Db, member: ActorId) -> Res<i64> {
    Ok(members::table
        .filter(members::actor_id.eq(member.0))
        .filter(members::last_id.gt(members::read_id))
        .count()
        .get_result(db)?)
}

/// Notes that somebody has read a conversation to its end.
pub(crate) fn set_read(db: &mut Db, id: ConversationId, member: ActorId) -> Res<()> {
    diesel::update(members::table.find((id.0, member.0)))
        .set(members::read_id.eq(members::last_id))
        .execute(db)?;
    Ok(())
}

/// Whether somebody wrote in a conversation with another.
pub(crate) fn wrote_to(db: &mut Db, author: ActorId, reader: ActorId) -> Res<bool> {
    let own = messages::table
        .inner_join(members::table.on(members::conversation_id.eq(messages::conversation_id)))
        .filter(members::actor_id.eq(reader.0))
        .filter(messages::author_id.eq(author.0));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(db)?)
}

/// Notes that somebody has read what they and another wrote to each other, to its end.
pub(crate) fn set_read_between(db: &mut Db, member: ActorId, other: ActorId) -> Res<()> {
    let key = format!("{},{}", member.min(other), member.max(other));
    let id: Option<i64> = conversations::table
        .filter(conversations::members.eq(key))
        .select(conversations::id)
        .first(db)
        .optional()?;
    match id {
        Some(id) => set_read(db, ConversationId(id), member),
        None => Ok(()),
    }
}

/// Replaces the text of a message.
pub(crate) fn set_content(db: &mut Db, message: &Message) -> Res<()> {
    diesel::update(messages::table.find(message.id.0))
        .set((
            messages::source.eq(message.source.as_deref()),
            messages::html.eq(&message.html),
            messages::edited_at.eq(message.edited_at.map(|at| at.0)),
        ))
        .execute(db)?;
    Ok(())
}

/// Marks a message deleted by its author, or takes that back.
pub(crate) fn set_deleted(db: &mut Db, id: MessageId, at: Option<Ts>) -> Res<()> {
    diesel::update(messages::table.find(id.0))
        .set(messages::deleted_at.eq(at.map(|at| at.0)))
        .execute(db)?;
    Ok(())
}
