//! What belongs to the hub as a whole: files for machines.

use crate::domain::refusal::Refusal;

use super::answer::Answer;
use super::assets;
use super::group::file;
use super::visit::Visit;

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
    let document = serde_json::json!({
        "name": instance.name,
        "short_name": crate::text::plain::excerpt(&instance.name, 12),
        "description": crate::text::plain::excerpt(&instance.description, 300),
        "lang": visit.language,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f3",
        "theme_color": "#1f5f5b",
        "icons": [{ "src": assets::path("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    Ok(file(document.to_string(), "application/manifest+json"))
}
