//! Pages elsewhere that posts link to: which post, and what the pages say of themselves.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::{Both, Steady, rounded};
use super::schema::{link_previews, post_links};
use super::{Db, Res};
use crate::crypto::digest::short;
use crate::domain::clock::Ts;
use crate::domain::ids::PostId;
use crate::domain::link_preview::{LinkCard, LinkPreview};
use crate::domain::webpage::Webpage;

/// Notes to which page a post links, and the picture that came with it.
pub(crate) fn insert_link(
    db: &mut Db,
    post: PostId,
    page: &Webpage,
    url: &str,
    picture: Option<&str>,
) -> Res<()> {
    diesel::insert_into(post_links::table)
        .values((
            post_links::post_id.eq(post.0),
            post_links::page.eq(short(&page.to_string())),
            post_links::url.eq(url),
            post_links::picture.eq(picture),
        ))
        .execute(db)?;
    Ok(())
}

/// A post links to no page.
pub(crate) fn delete_link(db: &mut Db, post: PostId) -> Res<()> {
    diesel::delete(post_links::table.find(post.0)).execute(db)?;
    Ok(())
}

/// A page is to be fetched at a moment, unless it is already, or was since another.
pub(crate) fn want(db: &mut Db, page: &Webpage, due: Ts, since: Ts) -> Res<()> {
    let url = page.to_string();
    let number = short(&url);
    let insert = diesel::insert_into(link_previews::table)
        .values((
            link_previews::page.eq(number),
            link_previews::url.eq(&url),
            link_previews::due_at.eq(due.0),
        ))
        .on_conflict_do_nothing();
    if Both(insert).execute(db)? > 0 {
        return Ok(());
    }
    let stale = link_previews::table
        .find(number)
        .filter(link_previews::due_at.is_null())
        .filter(link_previews::fetched_at.lt(since.0));
    diesel::update(stale)
        .set(link_previews::due_at.eq(due.0))
        .execute(db)?;
    Ok(())
}

/// The addresses of pages that are due; they count as fetched from now on, whatever comes of it.
pub(crate) fn take_due(db: &mut Db, now: Ts, limit: u32) -> Res<Vec<String>> {
    let due: Vec<(i64, String)> = link_previews::table
        .filter(link_previews::due_at.le(now.0))
        .order(link_previews::due_at)
        .limit(i64::from(limit))
        .select((link_previews::page, link_previews::url))
        .load(db)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let (pages, urls): (Vec<i64>, Vec<String>) = due.into_iter().unzip();
    diesel::update(link_previews::table.filter(link_previews::page.eq_any(pages)))
        .set((
            link_previews::due_at.eq(None::<i64>),
            link_previews::fetched_at.eq(now.0),
        ))
        .execute(db)?;
    Ok(urls)
}

/// Notes what the page at an address says of itself, in the place of what it said before.
pub(crate) fn set(db: &mut Db, url: &str, found: &LinkPreview) -> Res<()> {
    diesel::update(link_previews::table.find(short(url)))
        .set((
            link_previews::title.eq(&found.title),
            link_previews::description.eq(&found.description),
            link_previews::site.eq(&found.site),
            link_previews::picture.eq(&found.picture),
        ))
        .execute(db)?;
    Ok(())
}

type CardRow = (
    (i64, String, Option<String>),
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The pages to which these posts link and of which something is known, one query for all.
pub(crate) fn list(db: &mut Db, of: &[PostId]) -> Res<HashMap<PostId, LinkCard>> {
    let ids = rounded(of.iter().map(|post| post.0));
    let linked = post_links::table
        .left_join(link_previews::table.on(link_previews::page.eq(post_links::page)))
        .filter(post_links::post_id.eq_any(ids))
        .select((
            (post_links::post_id, post_links::url, post_links::picture),
            link_previews::title.nullable(),
            link_previews::description.nullable(),
            link_previews::site.nullable(),
            link_previews::picture.nullable(),
        ));
    let rows: Vec<CardRow> = Steady(linked).load(db)?;
    let card = |((post, url, came), title, description, site, picture): CardRow| {
        let preview = LinkPreview {
            title,
            description,
            site,
            picture: came.or(picture),
        };
        let known = preview.says_something();
        known.then_some((PostId(post), LinkCard { url, preview }))
    };
    Ok(rows.into_iter().filter_map(card).collect())
}

/// Deletes some that were fetched before a moment and to which no post links; how many.
pub(crate) fn delete_unused(db: &mut Db, before: Ts, limit: u32) -> Res<usize> {
    let linked = post_links::table.filter(post_links::page.eq(link_previews::page));
    let old: Vec<i64> = link_previews::table
        .filter(link_previews::fetched_at.lt(before.0))
        .filter(link_previews::due_at.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(linked)))
        .limit(i64::from(limit))
        .select(link_previews::page)
        .load(db)?;
    Ok(diesel::delete(link_previews::table.filter(link_previews::page.eq_any(old))).execute(db)?)
}
