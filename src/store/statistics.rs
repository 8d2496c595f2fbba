//! Numbers about the hub and the people on it.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::schema::{accounts, comments, posts};
use super::{Db, Res, privacy};
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Ids};
use crate::domain::membership::Standing;

/// How many people have an account and may sign in.
pub(crate) fn count_accounts(db: &mut Db) -> Res<i64> {
    let active = accounts::standing.eq(Standing::Active.as_str());
    Ok(accounts::table.filter(active).count().get_result(db)?)
}

/// How many people of this hub wrote something since a moment: two index probes each.
pub(crate) fn count_writers(db: &mut Db, since: Ts) -> Res<i64> {
    let floor = Ids::floor(since);
    let posted = posts::table
        .filter(posts::author_id.eq(accounts::actor_id))
        .filter(posts::id.ge(floor));
    let commented = comments::table
        .filter(comments::author_id.eq(accounts::actor_id))
        .filter(comments::id.ge(floor));
    Ok(accounts::table
        .filter(exists(posted).or(exists(commented)))
        .count()
        .get_result(db)?)
}

/// How many posts were written here and are visible.
pub(crate) fn count_local_posts(db: &mut Db) -> Res<i64> {
    Ok(posts::table
        .filter(posts::local.eq(true).and(posts::deleted_at.is_null()))
        .count()
        .get_result(db)?)
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    bytes: i64,
}

/// How many bytes the database takes.
pub(crate) fn database_size(db: &mut Db) -> Res<i64> {
    let size: Size = match db {
        Db::Sqlite(c) => diesel::sql_query(
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()",
        )
        .get_result(c)?,
        Db::Pg(c) => diesel::sql_query("SELECT pg_database_size(current_database()) AS bytes")
            .get_result(c)?,
    };
    Ok(size.bytes)
}

/// How many posts of an author a viewer can see.
pub(crate) fn count_posts_of(db: &mut Db, viewer: Viewer, author: ActorId) -> Res<i64> {
    Ok(posts::table
        .filter(posts::author_id.eq(author.0))
        .filter(posts::deleted_at.is_null().and(posts::removed_at.is_null()))
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .count()
        .get_result(db)?)
}

/// How many comments of an author a viewer can see.
pub(crate) fn count_comments_of(db: &mut Db, viewer: Viewer, author: ActorId) -> Res<i64> {
    Ok(comments::table
        .inner_join(posts::table.on(posts::id.eq(comments::post_id)))
        .filter(comments::author_id.eq(author.0))
        .filter(
            comments::deleted_at
                .is_null()
                .and(comments::removed_at.is_null()),
        )
        .filter(privacy::visible_to!(posts::group_id, viewer))
        .count()
        .get_result(db)?)
}
