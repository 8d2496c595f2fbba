//! What the hub is called, its pictures and its letters, on the page of its look.

use serde::Serialize;

use crate::domain::brand::{Family, Font, LARGEST_FONT, Sign};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::hub::{Letters, NameHub, name_hub, set_font, set_sign};

use super::answer::{Answer, Led};
use super::appearance::{HERE, in_force};
use super::form::{Fields, Submission};
use super::visit::Visit;

/// The choice that leaves the letters to the settings.
const AS_SET: &str = "settings";
/// The choice of an uploaded font.
const FILE: &str = "file";

/// What the page shows of it.
#[derive(Serialize)]
pub(super) struct BrandModel {
    name: String,
    description: String,
    /// Whether an admin chose the words.
    named: bool,
    signs: Vec<SignModel>,
    fonts: Vec<Choice>,
    /// How large files may be, in words.
    picture_limit: String,
    font_limit: usize,
}

#[derive(Serialize)]
struct SignModel {
    name: &'static str,
    /// Where the one in force is.
    path: Option<String>,
    /// Whether an admin uploaded it.
    chosen: bool,
}

#[derive(Serialize)]
struct Choice {
    value: &'static str,
    current: bool,
}

impl BrandModel {
    /// What is in force, or was typed.
    pub(super) fn new(visit: &Visit, typed: &Fields) -> Self {
        let (instance, theme) = (&visit.settings.instance, &visit.theme);
        let words = |field, stored: &str| typed.find(field).unwrap_or(stored).to_owned();
        let sign = |sign: Sign| {
            let (file, chosen) = match sign {
                Sign::Logo => (&theme.logo, &theme.chosen.logo),
                Sign::Favicon => (&theme.favicon, &theme.chosen.favicon),
            };
            SignModel {
                name: sign.as_str(),
                path: file.as_ref().map(|file| file.path.clone()),
                chosen: chosen.is_some(),
            }
        };
        Self {
            name: words("name", &instance.name),
            description: words("description", &instance.description),
            named: theme.chosen.name.is_some(),
            signs: Sign::ALL.map(sign).into(),
            fonts: fonts(visit, typed),
            picture_limit: visit.settings.media.picture_limit.to_string(),
            font_limit: LARGEST_FONT / 1024,
        }
    }
}

/// The letters to choose from; an uploaded font is one of them once it is there.
fn fonts(visit: &Visit, typed: &Fields) -> Vec<Choice> {
    let stored = match &visit.theme.chosen.font {
        None => AS_SET,
        Some(Font::Device(family)) => family.as_str(),
        Some(Font::File(_)) => FILE,
    };
    let current = typed.find("letters").unwrap_or(stored);
    let families = Family::ALL.into_iter().map(Family::as_str);
    std::iter::once(AS_SET)
        .chain(families)
        .chain((stored == FILE).then_some(FILE))
        .map(|value| Choice {
            value,
            current: value == current,
        })
        .collect()
}

/// `/admin/appearance/name`: what the hub is called and is about.
pub(super) async fn name(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let words = match fields.filled("reset") {
        Some(_) => None,
        None => Some((
            fields.text("name").to_owned(),
            fields.text("description").to_owned(),
        )),
    };
    let operations = visit.state.operations();
    let done = name_hub(operations, visit.caller(), NameHub { words }).await;
    answer(&form, done)
}

/// `/admin/appearance/pictures`: logo and sign.
pub(super) async fn pictures(form: Submission) -> Result<Answer, Refusal> {
    policy::require_admin(form.visit.caller())?;
    for sign in Sign::ALL {
        let done = set(&form, sign).await;
        if done.is_err() {
            return answer(&form, done);
        }
    }
    answer(&form, Ok(()))
}

/// Sets a sign if another was chosen, or that it goes.
async fn set(form: &Submission, sign: Sign) -> Result<(), Refusal> {
    let name = sign.as_str();
    let picture = file(form, name);
    if picture.is_none() && !form.fields.ticked(&format!("drop-{name}")) {
        return Ok(());
    }
    let visit = &form.visit;
    let operations = visit.state.operations();
    Box::pin(set_sign(operations, visit.caller(), sign, picture)).await
}

fn file<'a>(form: &'a Submission, field: &str) -> Option<&'a [u8]> {
    let chosen = form.files.iter().find(|(name, _)| name == field);
    chosen.map(|(_, bytes)| bytes.as_slice())
}

/// `/admin/appearance/font`: the letters of all pages.
pub(super) async fn font(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_admin(visit.caller())?;
    let stored = visit.theme.chosen.font.clone();
    let letters = match file(&form, "font") {
        Some(bytes) => Letters::New(bytes),
        None => Letters::Known(form.fields.chosen("letters", |text| match text {
            AS_SET => Some(None),
            FILE => Some(stored),
            family => Family::parse(family).map(|family| Some(Font::Device(family))),
        })?),
    };
    let operations = visit.state.operations();
    let done = set_font(operations, visit.caller(), letters).await;
    answer(&form, done)
}

/// Back to the page, or the page again with what was typed and what was wrong with it.
fn answer(form: &Submission, done: Result<(), Refusal>) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    match done {
        Ok(()) => Ok(Led::to(HERE).note("saved").into()),
        Err(refusal)
            if matches!(
                refusal.kind,
                Kind::Invalid | Kind::TooLarge | Kind::Unavailable
            ) =>
        {
            let page = in_force(visit, &form.fields, visit.wrong(&refusal));
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
