//! The pages that admins write about the hub, and what they said before.

use diesel::prelude::*;

use super::dialect::Both;
use super::schema::{page_versions, pages};
use super::{Db, Res};
use crate::domain::clock::Ts;
use crate::domain::hub_page::HubPage;
use crate::domain::ids::ActorId;

type PageRow = (String, String, String, String, String, i64, i64);

fn read(row: PageRow) -> HubPage {
    let (name, language, title, source, html, written_at, author) = row;
    HubPage {
        name,
        language,
        title,
        source,
        html,
        written_at: Ts(written_at),
        author: ActorId(author),
    }
}

/// All pages in all languages, by name.
pub(crate) fn list(db: &mut Db, limit: u32) -> Res<Vec<HubPage>> {
    let rows: Vec<PageRow> = pages::table
        .order((pages::name, pages::language))
        .limit(i64::from(limit))
        .load(db)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Puts a page in the place of what it said before.
pub(crate) fn replace(db: &mut Db, page: &HubPage) -> Res<()> {
    delete(db, &page.name, &page.language)?;
    diesel::insert_into(pages::table)
        .values((
            pages::name.eq(&page.name),
            pages::language.eq(&page.language),
            pages::title.eq(&page.title),
            pages::source.eq(&page.source),
            pages::html.eq(&page.html),
            pages::written_at.eq(page.written_at.0),
            pages::author_id.eq(page.author.0),
        ))
        .execute(db)?;
    Ok(())
}

/// Takes a page away.
pub(crate) fn delete(db: &mut Db, name: &str, language: &str) -> Res<()> {
    diesel::delete(pages::table.find((name, language))).execute(db)?;
    Ok(())
}

/// Keeps what a page said, once.
pub(crate) fn keep(db: &mut Db, page: &HubPage) -> Res<()> {
    Both(
        diesel::insert_into(page_versions::table)
            .values((
                page_versions::name.eq(&page.name),
                page_versions::language.eq(&page.language),
                page_versions::written_at.eq(page.written_at.0),
                page_versions::title.eq(&page.title),
                page_versions::source.eq(&page.source),
                page_versions::author_id.eq(page.author.0),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(db)?;
    Ok(())
}

/// What a page said before in a language, the last first: when it was written, and in which words.
pub(crate) fn list_versions(
    db: &mut Db,
    name: &str,
    language: &str,
    limit: u32,
) -> Res<Vec<(Ts, String)>> {
    let rows: Vec<(i64, String)> = page_versions::table
        .filter(page_versions::name.eq(name))
        .filter(page_versions::language.eq(language))
        .order(page_versions::written_at.desc())
        .limit(i64::from(limit))
        .select((page_versions::written_at, page_versions::source))
        .load(db)?;
    Ok(rows.into_iter().map(|(at, said)| (Ts(at), said)).collect())
}
