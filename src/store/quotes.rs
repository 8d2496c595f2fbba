//! Quotes of what was written here, what posts and comments quote, and who may.

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::{quote_policies, quotes, quoting};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::quote::{Quote, QuotePolicy, QuoteState, Quoted};

type QuoteRow = (i64, String, i64, i64, i64, String, String, String, i64);

fn quote((id, uuid, object, author, quoter, uri, request, state, at): QuoteRow) -> Quote {
    Quote {
        id,
        uuid,
        object,
        author: ActorId(author),
        quoter: ActorId(quoter),
        uri,
        request,
        state: QuoteState::parse(&state),
        created_at: Ts(at),
    }
}

/// The quote of a row.
pub(crate) fn find(db: &mut Db, id: i64) -> Res<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table.find(id).first(db).optional()?;
    Ok(row.map(quote))
}

/// The quote whose stamp bears this uuid.
pub(crate) fn find_by_uuid(db: &mut Db, uuid: &str) -> Res<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table
        .filter(quotes::uuid.eq(uuid))
        .first(db)
        .optional()?;
    Ok(row.map(quote))
}

/// The quote of an object by the text of this id.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str, object: i64) -> Res<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table
        .filter(quotes::uri.eq(uri).and(quotes::object_id.eq(object)))
        .first(db)
        .optional()?;
    Ok(row.map(quote))
}

/// The quotes by the texts of these ids.
pub(crate) fn list_by_uris(db: &mut Db, uris: &[&str]) -> Res<Vec<Quote>> {
    let rows: Vec<QuoteRow> = quotes::table.filter(quotes::uri.eq_any(uris)).load(db)?;
    Ok(rows.into_iter().map(quote).collect())
}

/// The quotes that an author allows, newest first.
pub(crate) fn list_of_author(db: &mut Db, author: ActorId, page: PageRequest) -> Res<Page<Quote>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let rows: Vec<QuoteRow> = quotes::table
        .filter(quotes::author_id.eq(author.0).and(quotes::id.lt(before)))
        .filter(quotes::state.eq(QuoteState::Accepted.as_str()))
        .order(quotes::id.desc())
        .limit(i64::from(page.limit) + 1)
        .load(db)?;
    let items = rows.into_iter().map(quote).collect();
    Ok(Page::cut(items, page.limit, |quote: &Quote| Cursor {
        key: 0.0,
        id: quote.id,
    }))
}

/// Stores a quote that was asked for.
pub(crate) fn insert(db: &mut Db, quote: &Quote) -> Res<()> {
    diesel::insert_into(quotes::table)
        .values((
            quotes::id.eq(quote.id),
            quotes::uuid.eq(&quote.uuid),
            quotes::object_id.eq(quote.object),
            quotes::author_id.eq(quote.author.0),
            quotes::quoter_id.eq(quote.quoter.0),
            quotes::uri.eq(&quote.uri),
            quotes::request.eq(&quote.request),
            quotes::state.eq(quote.state.as_str()),
            quotes::created_at.eq(quote.created_at.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Changes where a quote stands, and by which request it was asked for last.
pub(crate) fn set_state(db: &mut Db, id: i64, state: QuoteState, request: &str) -> Res<()> {
    diesel::update(quotes::table.find(id))
        .set((
            quotes::state.eq(state.as_str()),
            quotes::request.eq(request),
        ))
        .execute(db)?;
    Ok(())
}

type QuotedRow = (i64, String, Option<i64>, Option<String>);

fn quoted((object, uri, author, stamp): QuotedRow) -> Quoted {
    Quoted {
        object,
        uri,
        author: author.map(ActorId),
        stamp,
    }
}

/// What the post or comment of this number quotes.
pub(crate) fn find_quoted(db: &mut Db, object: i64) -> Res<Option<Quoted>> {
    let row: Option<QuotedRow> = quoting::table.find(object).first(db).optional()?;
    Ok(row.map(quoted))
}

/// What the posts and comments of these numbers quote, those of them that do.
pub(crate) fn list_quoted(db: &mut Db, objects: &[i64]) -> Res<Vec<Quoted>> {
    let quoting =
        quoting::table.filter(quoting::object_id.eq_any(rounded(objects.iter().copied())));
    let rows: Vec<QuotedRow> = Steady(quoting).load(db)?;
    Ok(rows.into_iter().map(quoted).collect())
}

/// Notes what a post or comment quotes.
pub(crate) fn insert_quoted(db: &mut Db, row: &Quoted) -> Res<()> {
    Both(
        diesel::insert_into(quoting::table)
            .values((
                quoting::object_id.eq(row.object),
                quoting::uri.eq(&row.uri),
                quoting::author_id.eq(row.author.map(|author| author.0)),
                quoting::stamp.eq(row.stamp.as_deref()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// Keeps the stamp by which a post or comment may quote, or takes it away.
pub(crate) fn set_stamp(db: &mut Db, object: i64, stamp: Option<&str>) -> Res<()> {
    diesel::update(quoting::table.find(object))
        .set(quoting::stamp.eq(stamp))
        .execute(db)?;
    Ok(())
}

/// What is quoted by this stamp.
pub(crate) fn list_by_stamp(db: &mut Db, stamp: &str) -> Res<Vec<Quoted>> {
    let rows: Vec<QuotedRow> = quoting::table
        .filter(quoting::stamp.eq(stamp))
        .limit(100)
        .load(db)?;
    Ok(rows.into_iter().map(quoted).collect())
}

/// Who may quote somebody without being asked.
pub(crate) fn policy_of(db: &mut Db, actor: ActorId) -> Res<QuotePolicy> {
    let text: Option<String> = quote_policies::table
        .find(actor.0)
        .select(quote_policies::policy)
        .first(db)
        .optional()?;
    Ok(text
        .and_then(|text| QuotePolicy::parse(&text))
        .unwrap_or_default())
}

/// Sets who may quote somebody without being asked.
pub(crate) fn set_policy(db: &mut Db, actor: ActorId, policy: QuotePolicy) -> Res<()> {
    Both(
        diesel::insert_into(quote_policies::table)
            .values((
                quote_policies::actor_id.eq(actor.0),
                quote_policies::policy.eq(policy.as_str()),
            ))
            .on_conflict(quote_policies::actor_id)
            .do_update()
            .set(quote_policies::policy.eq(policy.as_str())),
    )
    .execute(db)?;
    Ok(())
}
