//! What belongs to the hub as a whole: files for machines.

use crate::domain::refusal::Refusal;

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
        "User-agent: *\nDisallow: /search\nDisallow: /sign-in\nDisallow: /settings\nDisallow: /intent/\nDisallow: /api/\n\n\
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
