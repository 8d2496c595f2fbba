//! What people find: posts and comments by their words, people and groups by their names.
//!
//! What somebody elsewhere wrote is found by its words only where they agree to that (FEP-5feb), or
//! by those who joined the group in which it stands: they can read all of it anyway. Words of this
//! hub's own people are found on it.

use std::collections::BTreeSet;

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::actors::ActorRow;
use super::comments::CommentRow;
use super::dialect::Multi;
use super::posts::{PostRow, within_reach};
use super::schema::{
    actors, comments, follows, instances, personal_blocks, personal_host_blocks, posts, questions,
};
use super::{Db, Res, blocks, privacy};
use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::{Post, PostKind};
use crate::domain::search::{Filter, Kind, Related};

/// Words of one search that count.
const WORDS: usize = 20;
/// Comments of a thread whose authors are offered first.
const LATELY: i64 = 200;

/// Letters of a word that count; PostgreSQL takes no lexeme of more than 2,046 bytes.
const LETTERS: usize = 100;
/// Bytes of words that are kept of one text; PostgreSQL takes a mebibyte.
const BYTES: usize = 256 * 1024;

/// The words of a text, each once and in lower case, as they are kept and as they are searched for:
/// letters and digits in a row, so neither database reads anything else in them.
pub(super) fn words_of(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let mut room = BYTES;
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LETTERS).collect::<String>())
        .take_while(|word| {
            let fits = room > word.len();
            room = room.saturating_sub(word.len() + 1);
            fits
        })
        .collect()
}

/// Whether signs alone are looked for, which are not kept.
fn is_of_signs(text: &str) -> bool {
    !text.trim().is_empty() && words_of(text).is_empty()
}

/// Words quoted for a database and put together by what it calls "and" or "or".
fn quoted<'a>(words: impl IntoIterator<Item = &'a String>, quote: char, between: &str) -> String {
    let quoted = words
        .into_iter()
        .map(|word| format!("{quote}{word}{quote}"));
    quoted.collect::<Vec<_>>().join(between)
}

/// The words in the form that a database searches with, around the column of ids that it is for:
/// what stands before the words, the words, and what stands after them. `None` without words.
fn matching(db: &Db, column: &str, text: &str) -> Option<(String, String, &'static str)> {
    let words = words_of(text);
    let words = words.iter().take(WORDS);
    if words.len() == 0 {
        return None;
    }
    Some(match db {
        Db::Sqlite(_) => {
            let before =
                format!("{column} IN (SELECT rowid FROM search_index WHERE search_index MATCH ");
            (before, quoted(words, '"', " "), ")")
        }
        Db::Pg(_) => (
            format!("{column} IN (SELECT object_id FROM search_texts WHERE words @@ CAST("),
            quoted(words, '\'', " & "),
            " AS tsquery))",
        ),
    })
}

/// Whether the words of an author may be found by a viewer: a filter for queries of posts. What the
/// author says is read as a value: PostgreSQL would read everybody whom the hub knows for an `EXISTS`.
macro_rules! found_by {
    ($author:expr, $viewer:expr) => {{
        let (person, _, _) = privacy::keys($viewer);
        let agrees = actors::table
            .filter(actors::id.eq($author))
            .select(actors::local.or(actors::indexable))
            .single_value();
        let joined = follows::table
            .filter(follows::target_id.eq(posts::group_id))
            .filter(follows::follower_id.eq(person))
            .filter(follows::state.eq("accepted"));
        agrees.or(exists(joined))
    }};
}

/// The posts that a viewer finds, the newest first.
pub(crate) fn posts(
    db: &mut Db,
    viewer: Viewer,
    filter: &Filter,
    page: PageRequest,
) -> Res<Page<Post>> {
    if is_of_signs(&filter.words) {
        return Ok(Page::nothing());
    }
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = posts::table
        .filter(posts::id.lt(before))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .filter(within_reach!(super::posts::KEPT_AWAY))
        .order(posts::id.desc())
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    if let Some((head, words, tail)) = matching(db, "posts.id", &filter.words) {
        let words = sql::<Bool>(&head).bind::<Text, _>(words).sql(tail);
        query = query
            .filter(words)
            .filter(found_by!(posts::author_id, viewer));
    }
    let asked = questions::table.filter(questions::post_id.eq(posts::id));
    query = match filter.kind {
        Kind::Posts => query,
        Kind::Questions => query.filter(exists(asked)),
        Kind::Events => query.filter(posts::kind.eq(PostKind::Event.as_str())),
    };
    if let Some(group) = filter.group {
        query = query.filter(posts::group_id.eq(group.0));
    }
    if let Some(author) = filter.author {
        query = query.filter(posts::author_id.eq(author.0));
    }
    if let Some(since) = filter.since {
        query = query.filter(posts::published_at.ge(since.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(posts::published_at.lt(until.0));
    }
    if let Some(language) = &filter.language {
        query = query.filter(posts::language.eq(language.clone()));
    }
    let rows: Vec<PostRow> = query.load(db)?;
    let items = rows.into_iter().map(Post::from).collect();
    Ok(Page::cut(items, page.limit, |post: &Post| Cursor {
        key: 0.0,
        id: post.id.0,
    }))
}

/// Objects among which related posts are looked for: a word that everybody uses costs no more.
const CANDIDATES: u32 = 200;

/// The newest posts that share one of these words with another post and that a viewer may find, but
/// for that one. One query.
pub(crate) fn related(
    db: &mut Db,
    viewer: Viewer,
    words: &[String],
    but: PostId,
    limit: u32,
) -> Res<Vec<Related>> {
    let Some((head, words, tail)) = sharing(db, words) else {
        return Ok(Vec::new());
    };
    let shares = sql::<Bool>(head).bind::<Text, _>(words).sql(&tail);
    let rows: Vec<(i64, String, i64, i64)> = posts::table
        .filter(posts::id.ne(but.0).and(posts::sensitive.eq(false)))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(shares)
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .filter(within_reach!(super::posts::KEPT_AWAY))
        .filter(found_by!(posts::author_id, viewer))
        .order(posts::id.desc())
        .limit(i64::from(limit))
        .select((
            posts::id,
            posts::title,
            posts::group_id,
            posts::comment_count,
        ))
        .load(db)?;
    let related = |(id, title, group, comment_count)| Related {
        id: PostId(id),
        title,
        group: ActorId(group),
        comment_count,
    };
    Ok(rows.into_iter().map(related).collect())
}

/// The newest posts with one of these words, as a filter: what stands before the words, the words
/// in the form that the database searches with, and what stands after them. `None` without words.
fn sharing(db: &Db, words: &[String]) -> Option<(&'static str, String, String)> {
    let words: Vec<String> = words.iter().flat_map(|word| words_of(word)).collect();
    let words = words.iter().take(WORDS);
    if words.len() == 0 {
        return None;
    }
    let (head, words, tail) = match db {
        // `rowid IN (..)` would have the index searched once for each post that there is.
        Db::Sqlite(_) => (
            "posts.id IN (SELECT rowid FROM search_index WHERE search_index MATCH ",
            quoted(words, '"', " OR "),
            " AND EXISTS (SELECT 1 FROM posts AS known WHERE known.id = search_index.rowid) \
             ORDER BY rowid",
        ),
        Db::Pg(_) => (
            // A lateral look is made for each text that has a word; a join would read all posts.
            "posts.id IN (SELECT object_id FROM search_texts, LATERAL \
             (SELECT FROM posts AS known WHERE known.id = object_id LIMIT 1) AS post \
             WHERE words @@ CAST(",
            quoted(words, '\'', " | "),
            " AS tsquery) ORDER BY object_id",
        ),
    };
    Some((head, words, format!("{tail} DESC LIMIT {CANDIDATES})")))
}

#[derive(QueryableByName)]
struct Alike {
    #[diesel(sql_type = BigInt)]
    object_id: i64,
}

/// The numbers of the posts that have most in common with these words, the best first.
pub(crate) fn similar(db: &mut Db, words: &[String], limit: u32) -> Res<Vec<i64>> {
    let words: Vec<String> = words.iter().flat_map(|word| words_of(word)).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let limit = i64::from(limit);
    let rows: Vec<Alike> = match db {
        Db::Sqlite(c) => diesel::sql_query(
            "SELECT rowid AS object_id FROM search_index WHERE search_index MATCH ? \
             AND EXISTS (SELECT 1 FROM posts WHERE posts.id = search_index.rowid) \
             ORDER BY rank LIMIT ?",
        )
        .bind::<Text, _>(quoted(&words, '"', " OR "))
        .bind::<BigInt, _>(limit)
        .load(c)?,
        Db::Pg(c) => diesel::sql_query(
            "SELECT object_id FROM search_texts, CAST($1 AS tsquery) AS wanted \
             WHERE words @@ wanted AND object_id IN (SELECT id FROM posts) \
             ORDER BY ts_rank(words, wanted) DESC, object_id DESC LIMIT $2",
        )
        .bind::<Text, _>(quoted(&words, '\'', " | "))
        .bind::<BigInt, _>(limit)
        .load(c)?,
    };
    Ok(rows.into_iter().map(|alike| alike.object_id).collect())
}

/// The comments that a viewer finds, the newest first.
pub(crate) fn comments(
    db: &mut Db,
    viewer: Viewer,
    filter: &Filter,
    page: PageRequest,
) -> Res<Page<Comment>> {
    if is_of_signs(&filter.words) {
        return Ok(Page::nothing());
    }
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(comments::id.lt(before))
        .filter(
            comments::deleted_at
                .is_null()
                .and(comments::removed_at.is_null()),
        )
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(comments::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .filter(within_reach!(super::posts::KEPT_AWAY))
        .order(comments::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(CommentRow::as_select())
        .into_boxed();
    if let Some((head, words, tail)) = matching(db, "comments.id", &filter.words) {
        let words = sql::<Bool>(&head).bind::<Text, _>(words).sql(tail);
        query = query
            .filter(words)
            .filter(found_by!(comments::author_id, viewer));
    }
    if let Some(group) = filter.group {
        query = query.filter(posts::group_id.eq(group.0));
    }
    if let Some(author) = filter.author {
        query = query.filter(comments::author_id.eq(author.0));
    }
    if let Some(since) = filter.since {
        query = query.filter(comments::published_at.ge(since.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(comments::published_at.lt(until.0));
    }
    if let Some(language) = &filter.language {
        query = query.filter(comments::language.eq(language.clone()));
    }
    let rows: Vec<CommentRow> = query.load(db)?;
    let items = rows.into_iter().map(Comment::from).collect();
    Ok(Page::cut(items, page.limit, |comment: &Comment| Cursor {
        key: 0.0,
        id: comment.id.0,
    }))
}

/// The people (or the groups) in whose name or title a text occurs and who agree to be listed;
/// without a text all of them. The newest first.
pub(crate) fn actors(
    db: &mut Db,
    viewer: Viewer,
    groups: bool,
    text: &str,
    local: bool,
    page: PageRequest,
) -> Res<Page<Actor>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = listed(viewer, groups)
        .filter(actors::id.lt(before))
        .order(actors::id.desc())
        .limit(i64::from(page.limit) + 1);
    if !text.is_empty() {
        let pattern = like(text);
        query = query.filter(
            lower(actors::name)
                .like(pattern.clone())
                .escape('\\')
                .or(lower(actors::title).like(pattern).escape('\\')),
        );
    }
    if local {
        query = query.filter(actors::local);
    }
    let rows: Vec<ActorRow> = query.load(db)?;
    let items = rows.into_iter().map(Actor::from).collect();
    Ok(Page::cut(items, page.limit, |actor: &Actor| Cursor {
        key: 0.0,
        id: actor.id.0,
    }))
}

/// The people (or the groups) whom a viewer may find by a name: those who agree to be listed.
fn listed(viewer: Viewer, groups: bool) -> actors::BoxedQuery<'static, Multi> {
    wanted(viewer, groups).filter(actors::discoverable.eq(true))
}

/// The people (or the groups) whom a viewer has not shut out, nor the hub.
fn wanted(viewer: Viewer, groups: bool) -> actors::BoxedQuery<'static, Multi> {
    let kinds: &[&str] = if groups {
        &["Group"]
    } else {
        &["Person", "Service"]
    };
    let (person, _, _) = privacy::keys(viewer);
    let unwanted = personal_blocks::table
        .filter(personal_blocks::actor_id.eq(person))
        .filter(personal_blocks::target_id.eq(actors::id));
    let unwanted_host = personal_host_blocks::table
        .filter(personal_host_blocks::actor_id.eq(person))
        .filter(personal_host_blocks::instance_id.eq(actors::instance_id));
    let kept_away = instances::table
        .filter(instances::id.eq(actors::instance_id))
        .filter(instances::severity.eq_any(super::posts::KEPT_AWAY));
    actors::table
        .filter(actors::kind.eq_any(kinds.to_vec()))
        .filter(actors::deleted_at.is_null())
        .filter(privacy::visible_to!(actors::id, viewer))
        .filter(not(exists(unwanted)))
        .filter(not(exists(unwanted_host)))
        .filter(not(exists(kept_away)))
        .into_boxed()
}

/// Whose name, or a word of whose title, begins like a text.
macro_rules! begins {
    ($start:expr) => {{
        let first = format!("{}%", escaped($start));
        let later = format!("% {first}");
        lower(actors::name)
            .like(first.clone())
            .escape('\\')
            .or(lower(actors::title).like(first).escape('\\'))
            .or(lower(actors::title).like(later).escape('\\'))
    }};
}

/// People (or groups) of this hub whose name or a word of whose title begins like this and who agree
/// to be listed, by name.
pub(crate) fn named_here(
    db: &mut Db,
    viewer: Viewer,
    groups: bool,
    start: &str,
    limit: usize,
) -> Res<Vec<Actor>> {
    let rows: Vec<ActorRow> = listed(viewer, groups)
        .filter(actors::local)
        .filter(begins!(start))
        .order((actors::name, actors::id))
        .limit(most(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// The same of other servers, by the name in their address alone: there may be very many of them.
pub(crate) fn named_elsewhere(
    db: &mut Db,
    viewer: Viewer,
    groups: bool,
    start: &str,
    limit: usize,
) -> Res<Vec<Actor>> {
    let pattern = format!("{}%", escaped(start));
    let mut query = listed(viewer, groups)
        .filter(actors::local.eq(false))
        .filter(lower(actors::name).like(pattern).escape('\\'))
        .order((lower(actors::name), actors::id))
        .limit(most(limit));
    if matches!(db, Db::Sqlite(_)) {
        // SQLite looks a pattern up in no index of an expression, but a range; PostgreSQL does.
        let start = start.to_lowercase();
        let end = format!("{start}{}", char::MAX);
        query = query
            .filter(lower(actors::name).ge(start))
            .filter(lower(actors::name).lt(end));
    }
    let rows: Vec<ActorRow> = query.load(db)?;
    Ok(rows.into_iter().map(Actor::from).collect())
}

/// People who wrote lately in a thread that a viewer may read, and whose name or a word of whose title
/// begins like this; who wrote last comes first. They stand on its page already, so that they need
/// not agree to be listed.
pub(crate) fn named_in_thread(
    db: &mut Db,
    viewer: Viewer,
    post: PostId,
    start: &str,
    limit: usize,
) -> Res<Vec<Actor>> {
    let authors = authors_lately(db, viewer, post)?;
    let rows: Vec<ActorRow> = wanted(viewer, false)
        .filter(actors::id.eq_any(authors.clone()))
        .filter(begins!(start))
        .load(db)?;
    let mut found: Vec<Actor> = rows.into_iter().map(Actor::from).collect();
    found.sort_by_key(|actor| authors.iter().position(|author| *author == actor.id.0));
    found.truncate(limit);
    Ok(found)
}

/// Who wrote the newest comments of a thread that a viewer may read, and its post; some perhaps more
/// than once.
fn authors_lately(db: &mut Db, viewer: Viewer, post: PostId) -> Res<Vec<i64>> {
    let poster: Option<i64> = posts::table
        .filter(posts::id.eq(post.0))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .select(posts::author_id)
        .first(db)
        .optional()?;
    let Some(poster) = poster else {
        return Ok(Vec::new());
    };
    let mut authors: Vec<i64> = comments::table
        .filter(comments::post_id.eq(post.0))
        .filter(comments::deleted_at.is_null())
        .filter(comments::removed_at.is_null())
        .order(comments::id.desc())
        .limit(LATELY)
        .select(comments::author_id)
        .load(db)?;
    authors.push(poster);
    Ok(authors)
}

/// People of this hub who agree to be listed and are in a group, the newest first; of everybody
/// where `all` says so.
pub(crate) fn members(
    db: &mut Db,
    group: ActorId,
    all: bool,
    page: PageRequest,
) -> Res<Page<Actor>> {
    let before = page.after.map_or(i64::MAX, |cursor| cursor.id);
    let mut query = follows::table
        .inner_join(actors::table.on(actors::id.eq(follows::follower_id)))
        .filter(follows::target_id.eq(group.0))
        .filter(follows::state.eq("accepted"))
        .filter(actors::deleted_at.is_null().and(actors::id.lt(before)))
        .order(actors::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ActorRow::as_select())
        .into_boxed();
    if !all {
        query = query.filter(actors::discoverable.eq(true));
    }
    let rows: Vec<ActorRow> = query.load(db)?;
    let items = rows.into_iter().map(Actor::from).collect();
    Ok(Page::cut(items, page.limit, |actor: &Actor| Cursor {
        key: 0.0,
        id: actor.id.0,
    }))
}

/// A number of rows as the databases count them.
fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

diesel::define_sql_function! {
    /// A text in small letters.
    fn lower(text: Text) -> Text;
}

/// A pattern for a text that occurs anywhere, in small letters; nothing in it is a wildcard.
pub(super) fn like(text: &str) -> String {
    let blank = |letter: char| letter.is_whitespace() || letter == '\0';
    format!("%{}%", escaped(text.trim_matches(blank)))
}

/// A text as a pattern stands for it, in small letters.
fn escaped(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.replace('\0', " ").to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        words_of(text).into_iter().collect()
    }

    #[test]
    fn words_are_letters_and_digits_each_once_in_lower_case() {
        assert_eq!(
            words(
                "Tüll und TÜLL, <b>shop.example</b>\0 \u{201c}PH2\u{201d} und 3\u{2014}4 \u{1f600}"
            ),
            ["3", "4", "b", "example", "ph2", "shop", "tüll", "und"]
        );
        assert_eq!(words(" \"' *) & | ! :").len(), 0);
    }

    #[test]
    fn what_a_database_would_refuse_is_cut() {
        assert_eq!(words(&"\u{e9}".repeat(5_000)), ["\u{e9}".repeat(LETTERS)]);
        let many: Vec<String> = (0..200_000).map(|n| n.to_string()).collect();
        let kept = words(&many.join(" "));
        let kept: usize = kept.iter().map(|word| word.len() + 1).sum();
        assert!((BYTES - 10..=BYTES).contains(&kept), "{kept}");
    }
}
