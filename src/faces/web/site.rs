//! What belongs to the hub as a whole: files for machines.

use serde::Serialize;

use crate::domain::page::{Page as Rows, PageRequest};
use crate::domain::post::Sort;
use crate::domain::refusal::Refusal;
use crate::views::{directory, feed};

use super::answer::Answer;
use super::assets;
use super::group::file;
use super::visit::Visit;

const SERVICE_WORKER: &str = include_str!("assets/scripts/service-worker.js");

/// `/service-worker.js`: at the root, so that it may answer for all pages; browsers look for a newer
/// one themselves.
pub(super) async fn service_worker(_visit: Visit) -> Result<Answer, Refusal> {
    Ok(file(
        SERVICE_WORKER.to_owned(),
        "text/javascript; charset=utf-8",
    ))
}

/// `/robots.txt`.
pub(super) async fn robots(visit: Visit) -> Result<Answer, Refusal> {
    let base = visit.state.names().base();
    if !visit.settings.privacy.search_engines {
        let text = "User-agent: *\nDisallow: /\n".to_owned();
        return Ok(file(text, "text/plain; charset=utf-8"));
    }
    let text = format!(
        "User-agent: *\nDisallow: /search\nDisallow: /sign-in\nDisallow: /settings\nDisallow: /api/\n\n\
         Sitemap: {base}/sitemap.xml\n"
    );
    Ok(file(text, "text/plain; charset=utf-8"))
}

/// `/manifest.webmanifest`.
pub(super) async fn manifest(visit: Visit) -> Result<Answer, Refusal> {
    let instance = &visit.settings.instance;
    let (icon, kind) = match &visit.theme.favicon {
        Some(file) => (Some(file.path.as_str()), file.media_type),
        None => (assets::path("icon.svg"), "image/svg+xml"),
    };
    let document = serde_json::json!({
        "name": instance.name,
        "short_name": crate::text::plain::excerpt(&instance.name, 12),
        "description": crate::text::plain::excerpt(&instance.description, 300),
        "lang": visit.language,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": visit.theme.palette.light.ground.to_string(),
        "theme_color": visit.theme.palette.light.accent.to_string(),
        "icons": [{ "src": icon, "sizes": "any", "type": kind, "purpose": "any" }],
    });
    Ok(file(document.to_string(), "application/manifest+json"))
}

#[derive(Serialize)]
struct Sitemap {
    base: String,
    pages: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    path: String,
    changed: Option<i64>,
}

/// `/sitemap.xml`: the home page, the hub's groups, its newest posts.
pub(super) async fn sitemap(visit: Visit) -> Result<Answer, Refusal> {
    let most = PageRequest::first(crate::domain::page::MAX_LIMIT);
    let (groups, posts) = visit
        .state
        .read(move |db| {
            let groups = directory::groups(db, None, most)?;
            let posts: Rows<_> = feed::page(db, None, feed::Feed::Everywhere, Sort::New, most)?;
            Ok::<_, Refusal>((groups, posts))
        })
        .await?;
    let listed = |path: String, changed: Option<i64>| Listed { path, changed };
    let mut pages = vec![
        listed("/".to_owned(), None),
        listed("/groups".to_owned(), None),
    ];
    pages.extend(
        groups
            .items
            .iter()
            .map(|group| listed(format!("/c/{}", group.name), None)),
    );
    let own = posts
        .items
        .iter()
        .filter(|card| card.post.local && card.group.discoverable);
    pages.extend(own.map(|card| {
        let changed = card.post.edited_at.unwrap_or(card.post.active_at);
        listed(format!("/post/{}", card.post.id), Some(changed.0))
    }));
    let model = Sitemap {
        base: visit.state.names().base().to_owned(),
        pages,
    };
    let model = minijinja::Value::from_serialize(&model);
    let text = visit
        .state
        .pages
        .render(&visit.language, "sitemap.xml", model);
    Ok(file(
        text.map_err(Refusal::fault)?,
        "application/xml; charset=utf-8",
    ))
}
