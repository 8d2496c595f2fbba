//! The pages that admins write about the hub: read by everybody, written in each language.

use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::hub_page::{HubPage, in_language, is_name};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::hub_page::WriteHubPage;
use crate::views::{hub_page, rule};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::frame::{Choice, choices};
use super::rules::RuleModel;
use super::visit::Visit;

/// Pages that most hubs have, with the texts that name them.
const USUAL: [(&str, &str); 4] = [
    ("imprint", "about-imprint"),
    ("privacy", "about-privacy"),
    ("rules", "about-rules"),
    ("about", "about-about"),
];

#[derive(Serialize)]
struct Shelf {
    pages: Vec<Line>,
    missing: Vec<Line>,
    imprint: bool,
    rules: Vec<RuleModel>,
}

/// A page, or one that is not written yet.
#[derive(Serialize)]
struct Line {
    name: String,
    title: String,
}

/// `/about`: all pages, and for admins those that could be.
pub(super) async fn index(visit: Visit) -> Result<Answer, Refusal> {
    let look = visit.state.read(|db| {
        let rules = rule::of(db, None)?;
        Ok::<_, Refusal>((hub_page::all(db)?, rules))
    });
    let (all, rules) = look.await?;
    let mut names: Vec<&str> = all.iter().map(|page| page.name.as_str()).collect();
    names.dedup();
    let line = |name: &&str| {
        in_language(&all, name, &visit.language).map(|page| Line {
            name: page.name.clone(),
            title: page.title.clone(),
        })
    };
    let missing = USUAL.iter().filter(|(name, _)| !names.contains(name));
    let shelf = Shelf {
        pages: names.iter().filter_map(line).collect(),
        missing: missing
            .map(|(name, text)| Line {
                name: (*name).to_owned(),
                title: visit.text(text),
            })
            .collect(),
        imprint: names.contains(&"imprint"),
        rules: rules.into_iter().map(RuleModel::new).collect(),
    };
    Ok(Page::new("about_index.html", visit.text("about-title"), &shelf).into())
}

/// `/about`, sent: an admin begins a page of another name.
pub(super) async fn begin(form: Submission) -> Result<Answer, Refusal> {
    policy::require_admin(form.visit.caller())?;
    let name = form.fields.text("name").trim().to_ascii_lowercase();
    if !is_name(&name) {
        return Ok(Led::to("/about").into());
    }
    Ok(Led::to(format!("/about/{name}/edit")).into())
}

#[derive(Serialize)]
struct Shown {
    name: String,
    title: String,
    html: String,
    language: String,
    other: bool,
    languages: Vec<String>,
    at: i64,
}

/// `/about/{name}`, in the language of the visitor or in one that there is.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let all = visit.state.read(hub_page::all).await?;
    let name = visit.param("name");
    let wanted = visit.query("in").unwrap_or(&visit.language);
    let page = in_language(&all, name, wanted)
        .ok_or_else(|| Refusal::not_found("page.not_found", "There is no such page."))?;
    let others = all
        .iter()
        .filter(|other| other.name == page.name && other.language != page.language);
    let shown = Shown {
        languages: others.map(|other| other.language.clone()).collect(),
        other: page.language != visit.language,
        name: page.name.clone(),
        title: page.title.clone(),
        html: page.html.clone(),
        language: page.language.clone(),
        at: page.written_at.0,
    };
    Ok(Page::new("about.html", page.title.clone(), &shown).into())
}

#[derive(Serialize)]
struct Editing {
    name: String,
    /// What the page is called.
    called: String,
    title: String,
    body: String,
    language: String,
    languages: Vec<Choice>,
    versions: Vec<Version>,
    wrong: Wrong,
}

/// What the page said before.
#[derive(Serialize)]
struct Version {
    at: i64,
    source: String,
}

impl Version {
    fn new((at, source): (Ts, String)) -> Self {
        Self { at: at.0, source }
    }
}

/// `/about/{name}/edit?in=`.
pub(super) async fn edit_form(visit: Visit) -> Result<Answer, Refusal> {
    let language = visit.query("in").unwrap_or(&visit.language).to_owned();
    let page = editing(&visit, language, None, Wrong::default()).await?;
    Ok(page.into())
}

/// The form with what is written, or with what was typed.
async fn editing(
    visit: &Visit,
    language: String,
    typed: Option<&Fields>,
    wrong: Wrong,
) -> Result<Page, Refusal> {
    policy::require_admin(visit.caller())?;
    let name = visit.param("name").to_owned();
    let (wanted, tongue) = (name.clone(), language.clone());
    let (all, versions) = visit
        .state
        .read(move |db| {
            let all = hub_page::all(db)?;
            Ok::<_, Refusal>((all, hub_page::versions(db, &wanted, &tongue)?))
        })
        .await?;
    let same = |page: &&HubPage| page.name == name && page.language == language;
    let kept = all.iter().find(same);
    let usual = USUAL.iter().find(|(usual, _)| *usual == name);
    let called = match (kept, usual) {
        (Some(page), _) => page.title.clone(),
        (None, Some((_, text))) => visit.text(text),
        (None, None) => name.clone(),
    };
    let text = |field: &str, kept: Option<&String>| match typed {
        Some(fields) => fields.text(field).to_owned(),
        None => kept.cloned().unwrap_or_default(),
    };
    let model = Editing {
        title: text("title", kept.map(|page| &page.title)),
        body: text("body", kept.map(|page| &page.source)),
        languages: choices(visit, Some(&language)),
        versions: versions.into_iter().map(Version::new).collect(),
        language,
        name,
        called,
        wrong,
    };
    Ok(Page::new("about_edit.html", visit.text("about-edit"), &model).unlisted())
}

/// `/about/{name}/edit`, sent.
pub(super) async fn edit(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let language = fields.filled("language");
    let language = language.unwrap_or_else(|| visit.language.clone());
    let write = WriteHubPage {
        name: visit.param("name").to_owned(),
        language: language.clone(),
        title: fields.text("title").to_owned(),
        body: fields.text("body").to_owned(),
    };
    match visit.state.operations().run(visit.caller(), write).await {
        Ok(()) => Ok(Led::to("/about").note("page-written").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let wrong = visit.wrong(&refusal);
            let page = editing(visit, language, Some(fields), wrong).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
