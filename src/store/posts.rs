//! Posts: rows, lists in every order, counters.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::dialect::{After, Since, Steady, on_db, rounded};
use super::schema::{actors, instances, posts};
use super::{Db, Res, blocks, filters, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, PostId, Uri};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::post::{Attachment, Post, PostKind, Sort, hot_rank};
use crate::domain::search::Listed;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = posts)]
pub(super) struct PostRow {
    id: i64,
    uri: String,
    url: String,
    group_id: i64,
    author_id: i64,
    kind: String,
    title: String,
    source: Option<String>,
    html: String,
    link_url: Option<String>,
    language: Option<String>,
    sensitive: bool,
    warning: Option<String>,
    attachments: String,
    published_at: i64,
    edited_at: Option<i64>,
    locked: bool,
    featured_at: Option<i64>,
    deleted_at: Option<i64>,
    removed_at: Option<i64>,
    removal_reason: Option<String>,
    upvotes: i64,
    downvotes: i64,
    comment_count: i64,
    score: f64,
    hot_rank: f64,
    new_rank: f64,
    active_rank: f64,
    local: bool,
}

/// A moment as a sortable floating number; exact to the microsecond for the next centuries.
#[expect(
    clippy::cast_precision_loss,
    reason = "micros stay below 2^53 until the year 2255"
)]
pub(super) fn rank(at: i64) -> f64 {
    at as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "made by `rank` from whole micros"
)]
fn moment(rank: f64) -> Ts {
    Ts(rank as i64)
}

#[expect(clippy::cast_precision_loss, reason = "scores stay far below 2^53")]
pub(super) fn score(upvotes: i64, downvotes: i64) -> f64 {
    upvotes.saturating_sub(downvotes) as f64
}

/// Pictures and files as their column holds them.
pub(super) fn attachments_json(attachments: &[Attachment]) -> String {
    serde_json::to_string(attachments).unwrap_or_else(|_| "[]".to_owned())
}

/// Reads what such a column holds.
pub(super) fn attachments_of(column: &str) -> Vec<Attachment> {
    serde_json::from_str(column).unwrap_or_default()
}

impl From<PostRow> for Post {
    fn from(row: PostRow) -> Self {
        Self {
            id: PostId(row.id),
            uri: Uri::trusted(row.uri),
            url: row.url,
            group: ActorId(row.group_id),
            author: ActorId(row.author_id),
            kind: PostKind::parse(&row.kind),
            title: row.title,
            source: row.source,
            html: row.html,
            link_url: row.link_url,
            language: row.language,
            sensitive: row.sensitive,
            warning: row.warning,
            attachments: attachments_of(&row.attachments),
            published_at: Ts(row.published_at),
            edited_at: row.edited_at.map(Ts),
            locked: row.locked,
            featured_at: row.featured_at.map(Ts),
            deleted_at: row.deleted_at.map(Ts),
            removed_at: row.removed_at.map(Ts),
            removal_reason: row.removal_reason,
            upvotes: row.upvotes,
            downvotes: row.downvotes,
            comment_count: row.comment_count,
            active_at: moment(row.active_rank),
            local: row.local,
        }
    }
}

impl From<&Post> for PostRow {
    fn from(post: &Post) -> Self {
        let post = post.clone();
        Self {
            id: post.id.0,
            uri: post.uri.as_str().to_owned(),
            url: post.url,
            group_id: post.group.0,
            author_id: post.author.0,
            kind: post.kind.as_str().to_owned(),
            title: post.title,
            source: post.source,
            html: post.html,
            link_url: post.link_url,
            language: post.language,
            sensitive: post.sensitive,
            warning: post.warning,
            attachments: attachments_json(&post.attachments),
            published_at: post.published_at.0,
            edited_at: post.edited_at.map(|at| at.0),
            locked: post.locked,
            featured_at: post.featured_at.map(|at| at.0),
            deleted_at: post.deleted_at.map(|at| at.0),
            removed_at: post.removed_at.map(|at| at.0),
            removal_reason: post.removal_reason,
            upvotes: post.upvotes,
            downvotes: post.downvotes,
            comment_count: post.comment_count,
            score: score(post.upvotes, post.downvotes),
            hot_rank: hot_rank(post.upvotes, post.downvotes, post.published_at),
            new_rank: rank(post.published_at.0),
            active_rank: rank(post.active_at.0),
            local: post.local,
        }
    }
}

/// The post of a row, hidden ones too.
pub(crate) fn find(db: &mut Db, id: PostId) -> Res<Option<Post>> {
    let row: Option<PostRow> = on_db!(db, |c| posts::table.find(id.0).first(c)).optional()?;
    Ok(row.map(Post::from))
}

/// The post with this ActivityPub id, hidden ones too.
pub(crate) fn find_by_uri(db: &mut Db, uri: &str) -> Res<Option<Post>> {
    let row: Option<PostRow> =
        on_db!(db, |c| posts::table.filter(posts::uri.eq(uri)).first(c)).optional()?;
    Ok(row.map(Post::from))
}

/// The post of a row, hidden ones too, if a viewer may look into its group.
pub(crate) fn find_for(db: &mut Db, viewer: Viewer, id: PostId) -> Res<Option<Post>> {
    let row: Option<PostRow> = posts::table
        .find(id.0)
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .first(db)
        .optional()?;
    Ok(row.map(Post::from))
}

/// All of these posts that a viewer may look into and wants to see, in no order.
pub(crate) fn list_for(db: &mut Db, viewer: Viewer, ids: &[PostId]) -> Res<Vec<Post>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<PostRow> = posts::table
        .filter(posts::id.eq_any(ids))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// The posts of these ids that are there and that a viewer may and wants to see.
pub(crate) fn list_by_uris_for(db: &mut Db, viewer: Viewer, uris: &[&str]) -> Res<Vec<Post>> {
    let rows: Vec<PostRow> = posts::table
        .filter(posts::uri.eq_any(uris))
        .filter(posts::deleted_at.is_null())
        .filter(posts::removed_at.is_null())
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// All of these posts, in no order.
pub(crate) fn list_by_ids(db: &mut Db, ids: &[PostId]) -> Res<Vec<Post>> {
    let ids = rounded(ids.iter().map(|id| id.0));
    let rows: Vec<PostRow> = Steady(posts::table.filter(posts::id.eq_any(ids))).load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// Posts of which neither the author's nor the group's server is kept away as far as these words
/// say (security.md R-24).
macro_rules! within_reach {
    ($severities:expr) => {
        diesel::dsl::not(diesel::dsl::exists(
            actors::table
                .inner_join(instances::table.on(instances::id.eq(actors::instance_id)))
                .filter(
                    actors::id
                        .eq(posts::author_id)
                        .or(actors::id.eq(posts::group_id)),
                )
                .filter(instances::severity.eq_any($severities)),
        ))
        .or($crate::store::dialect::OF_EACH_ROW)
    };
}
pub(super) use within_reach;

/// Left out of the lists of one place.
const SHUT: [&str; 1] = ["suspend"];
/// Left out of the lists of the whole hub.
pub(super) const KEPT_AWAY: [&str; 2] = ["limit", "suspend"];

/// Those of these posts that the lists of the whole hub show, in no order.
pub(crate) fn list_within_reach(db: &mut Db, ids: &[PostId]) -> Res<Vec<Post>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<PostRow> = posts::table
        .filter(posts::id.eq_any(ids))
        .filter(within_reach!(KEPT_AWAY))
        .load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// Which posts a list is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// All groups.
    Everywhere,
    /// One group.
    Group(ActorId),
    /// What stands in some groups or is by some people: those whom somebody follows.
    Followed {
        /// The groups.
        groups: Vec<ActorId>,
        /// The people.
        people: Vec<ActorId>,
    },
    /// One author.
    Author(ActorId),
}

/// A page of visible posts in an order, of groups that the viewer may look into and by people whom
/// the viewer wants to see.
pub(crate) fn list(
    db: &mut Db,
    viewer: Viewer,
    from: &Source,
    sort: Sort,
    page: PageRequest,
) -> Res<Page<Post>> {
    let few = match from {
        Source::Followed { groups, people } => list_few(db, &numbers(groups), &numbers(people))?,
        _ => None,
    };
    let by_ids = few.is_some();
    let mut query = posts::table
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .filter(blocks::wanted_by!(posts::group_id, viewer))
        .limit(i64::from(page.limit) + 1)
        .into_boxed();
    if let (Viewer::Person(person), false) = (viewer, matches!(from, Source::Author(_))) {
        query = query.filter(filters::legible_to!(person));
    }
    query = match from {
        Source::Everywhere => query.filter(within_reach!(KEPT_AWAY)),
        Source::Group(group) => query
            .filter(posts::group_id.eq(group.0))
            .filter(within_reach!(SHUT)),
        Source::Followed { groups, people } => match few {
            Some(ids) => query.filter(posts::id.eq_any(rounded(ids))),
            // What is added keeps either database from the indexes of groups and authors: it would
            // read and sort all of their posts for one page.
            None => query.filter(
                (posts::group_id + 0_i64)
                    .eq_any(numbers(groups))
                    .or((posts::author_id + 0_i64).eq_any(numbers(people))),
            ),
        }
        .filter(within_reach!(SHUT)),
        Source::Author(author) => query
            .filter(posts::author_id.eq(author.0))
            .filter(within_reach!(SHUT)),
    };
    macro_rules! keyset {
        ($column:ident) => {{
            if let Some(after) = page.after {
                query = query.filter(After {
                    key: posts::$column,
                    id: posts::id,
                    place: (after.key, after.id),
                });
            }
            if by_ids {
                query.order(((posts::$column + 0.0_f64).desc(), posts::id.desc()))
            } else {
                query.order((posts::$column.desc(), posts::id.desc()))
            }
        }};
    }
    let query = match sort {
        Sort::New => keyset!(new_rank),
        Sort::Hot => keyset!(hot_rank),
        Sort::Top(since) => {
            if let Some(since) = since {
                query = query.filter(Since {
                    key: posts::new_rank,
                    from: rank(since.0),
                });
            }
            keyset!(score)
        }
        Sort::Active => keyset!(active_rank),
    };
    let rows: Vec<PostRow> = Steady(query).load(db)?;
    let items = rows.into_iter().map(Post::from).collect();
    Ok(Page::cut(items, page.limit, |post| cursor(post, sort)))
}

/// So many posts are sorted; among more, a list meets what it looks for soon in its own order.
const FEW: i64 = 600;

/// All posts of these groups and people, hidden ones too, if they are few.
fn list_few(db: &mut Db, groups: &[i64], people: &[i64]) -> Res<Option<Vec<i64>>> {
    let is_few = |ids: &Vec<i64>| i64::try_from(ids.len()).is_ok_and(|count| count <= FEW);
    let here = posts::table
        .filter(posts::group_id.eq_any(groups))
        .limit(FEW + 1)
        .select(posts::id);
    let mut ids: Vec<i64> = Steady(here).load(db)?;
    if is_few(&ids) {
        let by = posts::table
            .filter(posts::author_id.eq_any(people))
            .limit(FEW + 1)
            .select(posts::id);
        let by: Vec<i64> = Steady(by).load(db)?;
        ids.extend(by);
    }
    Ok(Some(ids).filter(is_few))
}

fn numbers(actors: &[ActorId]) -> Vec<i64> {
    rounded(actors.iter().map(|actor| actor.0))
}

fn cursor(post: &Post, sort: Sort) -> Cursor {
    let key = match sort {
        Sort::New => rank(post.published_at.0),
        Sort::Hot => hot_rank(post.upvotes, post.downvotes, post.published_at),
        Sort::Top(_) => score(post.upvotes, post.downvotes),
        Sort::Active => rank(post.active_at.0),
    };
    Cursor { key, id: post.id.0 }
}

/// Visible posts from elsewhere whose ids lie in a range, the upper end left out: an id is drawn when
/// a post comes.
pub(crate) fn list_foreign_between(
    db: &mut Db,
    first: i64,
    end: i64,
    limit: u32,
) -> Res<Vec<Post>> {
    let rows: Vec<PostRow> = posts::table
        .filter(posts::id.ge(first).and(posts::id.lt(end)))
        .filter(posts::local.eq(false))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .order(posts::id)
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// The local posts that search engines may list and whose ids lie in a range, the upper end left
/// out: visible, and in groups that are listed and open to everybody.
pub(crate) fn list_listed(db: &mut Db, first: i64, end: i64, limit: u32) -> Res<Vec<Listed>> {
    // A value, for the same reason as in `found_by` of the search.
    let listed = actors::table
        .filter(actors::id.eq(posts::group_id))
        .select(actors::discoverable)
        .single_value();
    let rows: Vec<(i64, Option<i64>, f64)> = posts::table
        .filter(posts::id.ge(first).and(posts::id.lt(end)))
        .filter(posts::local.eq(true))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(listed)
        .filter(privacy::visible_to!(posts::group_id, Viewer::Visitor))
        .order(posts::id.desc())
        .limit(i64::from(limit))
        .select((posts::id, posts::edited_at, posts::active_rank))
        .load(db)?;
    let one = |(id, edited, active): (i64, Option<i64>, f64)| Listed {
        id: PostId(id),
        changed: edited
            .map_or_else(|| moment(active), Ts)
            .max(moment(active)),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The oldest local post, whatever became of it.
pub(crate) fn find_oldest_local(db: &mut Db) -> Res<Option<Post>> {
    let row: Option<PostRow> = posts::table
        .filter(posts::local.eq(true))
        .order(posts::id)
        .first(db)
        .optional()?;
    Ok(row.map(Post::from))
}

/// The pinned posts of a group, if the viewer may look into it, the last pinned first.
pub(crate) fn list_featured(db: &mut Db, viewer: Viewer, group: ActorId) -> Res<Vec<Post>> {
    let rows: Vec<PostRow> = posts::table
        .filter(
            posts::group_id
                .eq(group.0)
                .and(posts::featured_at.is_not_null()),
        )
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(within_reach!(SHUT))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .filter(blocks::wanted_by!(posts::author_id, viewer))
        .order(posts::featured_at.desc())
        .limit(50)
        .load(db)?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// Stores a new post.
pub(crate) fn insert(db: &mut Db, post: &Post) -> Res<()> {
    diesel::insert_into(posts::table)
        .values(PostRow::from(post))
        .execute(db)?;
    Ok(())
}

/// Replaces what an author can change.
pub(crate) fn set_content(db: &mut Db, post: &Post) -> Res<()> {
    let row = PostRow::from(post);
    diesel::update(posts::table.find(row.id))
        .set((
            posts::title.eq(row.title),
            posts::source.eq(row.source),
            posts::html.eq(row.html),
            posts::link_url.eq(row.link_url),
            posts::language.eq(row.language),
            posts::sensitive.eq(row.sensitive),
            posts::warning.eq(row.warning),
            posts::attachments.eq(row.attachments),
            posts::edited_at.eq(row.edited_at),
        ))
        .execute(db)?;
    Ok(())
}

/// Marks a post deleted by its author, or takes that back.
pub(crate) fn set_deleted(db: &mut Db, id: PostId, at: Option<Ts>) -> Res<()> {
    diesel::update(posts::table.find(id.0))
        .set(posts::deleted_at.eq(at.map(|at| at.0)))
        .execute(db)?;
    Ok(())
}

/// Marks everything that somebody posted deleted.
pub(crate) fn set_all_deleted(db: &mut Db, author: ActorId, now: Ts) -> Res<()> {
    let own = posts::table
        .filter(posts::author_id.eq(author.0))
        .filter(posts::deleted_at.is_null());
    diesel::update(own)
        .set(posts::deleted_at.eq(Some(now.0)))
        .execute(db)?;
    Ok(())
}

/// Marks a post removed by a moderator, or takes that back.
pub(crate) fn set_removed(
    db: &mut Db,
    id: PostId,
    at: Option<Ts>,
    reason: Option<&str>,
) -> Res<()> {
    diesel::update(posts::table.find(id.0))
        .set((
            posts::removed_at.eq(at.map(|at| at.0)),
            posts::removal_reason.eq(reason),
        ))
        .execute(db)?;
    Ok(())
}

/// Puts a thread into another group.
pub(crate) fn set_group(db: &mut Db, id: PostId, group: ActorId) -> Res<()> {
    diesel::update(posts::table.find(id.0))
        .set((
            posts::group_id.eq(group.0),
            posts::featured_at.eq(None::<i64>),
        ))
        .execute(db)?;
    Ok(())
}

/// Locks a thread or opens it.
pub(crate) fn set_locked(db: &mut Db, id: PostId, locked: bool) -> Res<()> {
    diesel::update(posts::table.find(id.0))
        .set(posts::locked.eq(locked))
        .execute(db)?;
    Ok(())
}

/// Pins a post or unpins it.
pub(crate) fn set_featured(db: &mut Db, id: PostId, at: Option<Ts>) -> Res<()> {
    diesel::update(posts::table.find(id.0))
        .set(posts::featured_at.eq(at.map(|at| at.0)))
        .execute(db)?;
    Ok(())
}

/// The visible posts of an author in one group (or everywhere): what a ban may remove.
pub(crate) fn list_ids_of_author(
    db: &mut Db,
    author: ActorId,
    group: Option<ActorId>,
    limit: u32,
) -> Res<Vec<PostId>> {
    let mut query = posts::table
        .filter(
            posts::author_id
                .eq(author.0)
                .and(posts::removed_at.is_null()),
        )
        .filter(posts::deleted_at.is_null())
        .order(posts::id.desc())
        .limit(i64::from(limit))
        .select(posts::id)
        .into_boxed();
    if let Some(group) = group {
        query = query.filter(posts::group_id.eq(group.0));
    }
    Ok(query.load::<i64>(db)?.into_iter().map(PostId).collect())
}

/// Whether a post of an author stands in a group.
pub(crate) fn stands_of(db: &mut Db, author: ActorId, group: ActorId) -> Res<bool> {
    let standing = posts::table
        .filter(
            posts::author_id
                .eq(author.0)
                .and(posts::group_id.eq(group.0)),
        )
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()));
    Ok(diesel::select(exists(standing)).get_result(db)?)
}

/// How many posts of an author came in since the smallest id of a moment.
pub(crate) fn count_of_author(db: &mut Db, author: ActorId, from: i64) -> Res<i64> {
    Ok(posts::table
        .filter(posts::author_id.eq(author.0).and(posts::id.ge(from)))
        .count()
        .get_result(db)?)
}

/// The groups into which an author posted, the last one first.
pub(crate) fn list_groups_of_author(db: &mut Db, author: ActorId, limit: u32) -> Res<Vec<ActorId>> {
    let last = diesel::dsl::max(posts::id);
    let rows: Vec<(i64, Option<i64>)> = posts::table
        .filter(posts::author_id.eq(author.0))
        .group_by(posts::group_id)
        .select((posts::group_id, last))
        .order(last.desc())
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(|(group, _)| ActorId(group)).collect())
}

/// How many posts of a group are visible.
pub(crate) fn count_of_group(db: &mut Db, group: ActorId) -> Res<i64> {
    Ok(posts::table
        .filter(posts::group_id.eq(group.0))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .count()
        .get_result(db)?)
}
