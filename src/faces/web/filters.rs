//! What the one who looks does not want to read: words and languages, listed, set and dropped.

use serde::Serialize;

use crate::domain::filter::{Effect, Filter};
use crate::domain::ids::FilterId;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::operations::filter::{DropFilter, SetFilter, SetReadingLanguages};
use crate::views::filter;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::visit::Visit;

/// Where the page is.
const AT: &str = "/filters";
/// Seconds of a day.
const DAY: i64 = 24 * 3600;

#[derive(Serialize)]
struct Model {
    filters: Vec<Line>,
    languages: String,
    phrase: String,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Line {
    id: i64,
    phrase: String,
    hides: bool,
    until: Option<i64>,
}

impl Line {
    fn new(filter: Filter) -> Self {
        Self {
            id: filter.id.0,
            hides: filter.effect == Effect::Hide,
            until: filter.until.map(|until| until.0),
            phrase: filter.phrase,
        }
    }
}

/// `/filters`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let page = page(&visit, &Fields::default(), Wrong::default()).await?;
    Ok(page.into())
}

async fn page(visit: &Visit, typed: &Fields, wrong: Wrong) -> Result<Page, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let found = visit.state.read(move |db| filter::of(db, member)).await?;
    let languages = typed.filled("languages");
    let model = Model {
        filters: found.filters.into_iter().map(Line::new).collect(),
        languages: languages.unwrap_or_else(|| found.languages.join(", ")),
        phrase: typed.text("phrase").to_owned(),
        wrong,
    };
    Ok(Page::new("filters.html", visit.text("filters-title"), &model).unlisted())
}

async fn act(form: &Submission, operation: impl Operation) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let done = visit.state.operations().run(visit.caller(), operation);
    match done.await {
        Ok(_) => Ok(Led::to(AT).note("saved").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let page = page(visit, fields, visit.wrong(&refusal)).await?;
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/filters`, sent: these words are hidden or warned of, for good or for some days.
pub(super) async fn add(form: Submission) -> Result<Answer, Refusal> {
    policy::require_actor(form.visit.caller())?;
    let fields = &form.fields;
    let days = fields.text("days").parse::<i64>().ok();
    let days = days.filter(|days| (1..=3650).contains(days));
    let set = SetFilter {
        phrase: fields.text("phrase").to_owned(),
        effect: fields.chosen("effect", Effect::parse)?,
        until: days.map(|days| form.visit.now.plus_seconds(days * DAY)),
    };
    act(&form, set).await
}

/// `/filters/{id}/delete`.
pub(super) async fn drop_filter(form: Submission) -> Result<Answer, Refusal> {
    let filter = FilterId(form.visit.param("id").parse().unwrap_or(0));
    act(&form, DropFilter { filter }).await
}

/// `/filters/languages`: only posts in these are shown.
pub(super) async fn languages(form: Submission) -> Result<Answer, Refusal> {
    let named = form.fields.text("languages").split([',', ' ']);
    let named = named.filter(|tag| !tag.is_empty()).map(str::to_owned);
    let languages = named.collect();
    act(&form, SetReadingLanguages { languages }).await
}
