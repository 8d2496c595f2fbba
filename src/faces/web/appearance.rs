//! The hub's own look, chosen by an admin: the page, colours with a preview and whether they can be
//! read. Name, pictures and letters are `brand.rs`.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde::Serialize;

use crate::domain::colour::{Brand, Colour, Palette, Shade};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::State;
use crate::faces::shared::theme;
use crate::operations::hub::ChooseBrand;

use super::answer::{Answer, Led, Page, Wrong};
use super::assets::kept_for_ever;
use super::brand::BrandModel;
use super::form::{Fields, Submission};
use super::group::private_file;
use super::visit::Visit;

pub(super) const HERE: &str = "/admin/appearance";

#[derive(Serialize)]
struct Model {
    colour: String,
    light: String,
    dark: String,
    chosen: bool,
    preview: String,
    pairs: Vec<Pair>,
    brand: BrandModel,
    wrong: Wrong,
}

/// Two colours that meet, and whether they can be told apart.
#[derive(Serialize)]
struct Pair {
    key: &'static str,
    on_light: bool,
    colour: String,
    behind: String,
    contrast: String,
}

/// `/admin/appearance`: the colours in force.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    Ok(in_force(&visit, &Fields::default(), Wrong::default()).into())
}

/// The page with the colours in force, and what else was typed.
pub(super) fn in_force(visit: &Visit, fields: &Fields, wrong: Wrong) -> Page {
    let brand = visit.theme.brand;
    let exact = |colour: Option<Colour>| colour.map_or_else(String::new, |it| it.to_string());
    let typed = Typed {
        colour: brand.colour.to_string(),
        light: exact(brand.light),
        dark: exact(brand.dark),
    };
    page(visit, typed, fields, wrong)
}

/// The colours as they were typed.
struct Typed {
    colour: String,
    light: String,
    dark: String,
}

impl Typed {
    fn new(fields: &Fields) -> Self {
        let text = |name| fields.text(name).trim().to_owned();
        Self {
            colour: text("colour"),
            light: text("light"),
            dark: text("dark"),
        }
    }

    fn brand(&self) -> Result<Brand, Refusal> {
        let exact = |name, text: &str| match text {
            "" => Ok(None),
            text => colour(name, text).map(Some),
        };
        Ok(Brand {
            colour: colour("colour", &self.colour)?,
            light: exact("light", &self.light)?,
            dark: exact("dark", &self.dark)?,
        })
    }
}

fn colour(name: &'static str, text: &str) -> Result<Colour, Refusal> {
    Colour::parse(text).ok_or_else(|| {
        let sentence = "This is no colour. Please write one such as #0f6b66.";
        Refusal::invalid(name, "brand.malformed", sentence)
    })
}

/// `/admin/appearance`, sent: shows, chooses, or goes back to the settings.
pub(super) async fn choose(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    policy::require_admin(visit.caller())?;
    let typed = Typed::new(fields);
    if fields.filled("preview").is_some() {
        let wrong = preview(&typed).err();
        let wrong = wrong.map_or_else(Wrong::default, |refusal| visit.wrong(&refusal));
        return Ok(page(visit, typed, fields, wrong).into());
    }
    let brand = match fields.filled("reset") {
        Some(_) => Ok(None),
        None => typed.brand().map(Some),
    };
    let done = match brand {
        Ok(brand) => {
            let choose = ChooseBrand { brand };
            visit.state.operations().run(visit.caller(), choose).await
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(Led::to(HERE).note("saved").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            Ok(page(visit, typed, fields, wrong).rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// What would be refused, said before it is chosen.
fn preview(typed: &Typed) -> Result<(), Refusal> {
    ChooseBrand::check(typed.brand()?).map(|_palette| ())
}

fn page(visit: &Visit, typed: Typed, fields: &Fields, wrong: Wrong) -> Page {
    let palette = shown(&typed, visit);
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("colour", &typed.colour)
        .append_pair("light", &typed.light)
        .append_pair("dark", &typed.dark)
        .finish();
    let model = Model {
        chosen: visit.theme.chosen.colours.is_some(),
        brand: BrandModel::new(visit, fields),
        preview: format!("{HERE}/preview.css?{query}"),
        pairs: pairs(&palette),
        colour: typed.colour,
        light: typed.light,
        dark: typed.dark,
        wrong,
    };
    Page::new("appearance.html", visit.text("appearance-title"), &model).unlisted()
}

/// The palette of what was typed; exact colours that cannot be read are left out.
fn shown(typed: &Typed, visit: &Visit) -> Palette {
    let Some(seed) = Colour::parse(&typed.colour) else {
        return visit.theme.palette;
    };
    let brand = typed.brand().ok();
    let whole = brand.and_then(|brand| Palette::new(brand).ok());
    whole.unwrap_or_else(|| Palette::from(seed))
}

fn pairs(palette: &Palette) -> Vec<Pair> {
    let of = |on_light: bool, shade: Shade| {
        let pair = |key, colour: Colour, behind: Colour| Pair {
            key,
            on_light,
            colour: colour.to_string(),
            behind: behind.to_string(),
            contrast: format!("{:.1}", colour.contrast(behind)),
        };
        [
            pair("appearance-on-page", shade.accent, shade.ground),
            pair("appearance-on-accent", shade.ink, shade.accent),
            pair("appearance-on-soft", shade.accent, shade.soft),
        ]
    };
    let (light, dark) = (of(true, palette.light), of(false, palette.dark));
    light.into_iter().chain(dark).collect()
}

/// `/admin/appearance/preview.css`: the colours that were typed, for the samples of the page.
pub(super) async fn preview_style(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_admin(visit.caller())?;
    let text = |name| visit.query(name).unwrap_or_default().trim().to_owned();
    let typed = Typed {
        colour: text("colour"),
        light: text("light"),
        dark: text("dark"),
    };
    let style = theme::sample(&shown(&typed, &visit));
    Ok(private_file(style, "text/css; charset=utf-8"))
}

/// `/theme/{hash}/{file}`: a file of the theme; no visit is read, since everybody gets the same.
pub(super) async fn file(
    axum::extract::State(state): axum::extract::State<State>,
    uri: Uri,
) -> Response {
    let theme = state.themes.of(&state).await;
    let Some(file) = theme.file(uri.path()) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let mut response = Response::new(Body::from(file.bytes.clone()));
    let headers = response.headers_mut();
    for (name, value) in kept_for_ever(file.media_type) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pictures may bring styles of their own, and nothing else.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
