//! The map of the hub for search engines: one page while it is small, else an index of pages by month.

use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::page::MAX_LIMIT;
use crate::domain::refusal::Refusal;
use crate::domain::search::Listed;
use crate::views::sitemap;

use super::answer::Answer;
use super::group::file;
use super::visit::Visit;

/// Months that an index lists.
const MONTHS: usize = 600;

#[derive(Serialize)]
struct Model {
    base: String,
    pages: Vec<Place>,
    /// Pages of the map itself.
    parts: Vec<String>,
}

#[derive(Serialize)]
struct Place {
    path: String,
    changed: Option<i64>,
}

impl Place {
    fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            changed: None,
        }
    }

    fn post(listed: Listed) -> Self {
        Self {
            path: format!("/post/{}", listed.id),
            changed: Some(listed.changed.0),
        }
    }
}

/// `/sitemap.xml`: everything, or where everything is.
pub(super) async fn index(visit: Visit) -> Result<Answer, Refusal> {
    let (groups, posts) = visit.state.read(sitemap::newest).await?;
    let small = usize::try_from(MAX_LIMIT).is_ok_and(|most| posts.len() <= most);
    if small {
        let places = ["/", "/groups"].map(Place::new).into_iter();
        let groups = groups.items.iter();
        let groups = groups.map(|group| Place::new(format!("/c/{}", group.name)));
        let posts = posts.into_iter().map(Place::post);
        return answer(
            &visit,
            places.chain(groups).chain(posts).collect(),
            Vec::new(),
        );
    }
    let begin = visit.state.read(sitemap::begin).await?;
    let (first, last) = (month(begin.unwrap_or(visit.now)), month(visit.now));
    let months = std::iter::successors(Some(first), |(year, month)| Some(after(*year, *month)));
    let months = months.take_while(|month| *month <= last).take(MONTHS);
    let parts = months.map(|(year, month)| format!("/sitemap/{year:04}-{month:02}.xml"));
    let hub = std::iter::once("/sitemap/hub.xml".to_owned());
    answer(&visit, Vec::new(), hub.chain(parts).collect())
}

/// `/sitemap/{part}`: the posts of a month (`2026-11.xml`), or the places of the hub (`hub.xml`).
pub(super) async fn part(visit: Visit) -> Result<Answer, Refusal> {
    let missing = || Refusal::not_found("page.not_found", "There is no such page.");
    let part = visit
        .param("part")
        .strip_suffix(".xml")
        .ok_or_else(missing)?;
    if part == "hub" {
        let (groups, _) = visit.state.read(sitemap::newest).await?;
        let groups = groups.items.iter();
        let groups = groups.map(|group| Place::new(format!("/c/{}", group.name)));
        let places = ["/", "/groups"].map(Place::new).into_iter();
        return answer(&visit, places.chain(groups).collect(), Vec::new());
    }
    let from = Ts::parse(&format!("{part}-01T00:00:00Z")).ok_or_else(missing)?;
    let (year, next) = month(from);
    let (year, next) = after(year, next);
    let until = Ts::parse(&format!("{year:04}-{next:02}-01T00:00:00Z")).ok_or_else(missing)?;
    let posts = visit
        .state
        .read(move |db| sitemap::between(db, from, until));
    let posts = posts.await?.into_iter().map(Place::post);
    answer(&visit, posts.collect(), Vec::new())
}

/// The year and month of a moment, in UTC.
fn month(at: Ts) -> (i32, u32) {
    let text = at.rfc3339();
    let year = text.get(..4).and_then(|year| year.parse().ok());
    let month = text.get(5..7).and_then(|month| month.parse().ok());
    (year.unwrap_or(1970), month.unwrap_or(1))
}

fn after(year: i32, month: u32) -> (i32, u32) {
    if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    }
}

fn answer(visit: &Visit, pages: Vec<Place>, parts: Vec<String>) -> Result<Answer, Refusal> {
    let model = Model {
        base: visit.state.names().base().to_owned(),
        pages,
        parts,
    };
    let model = minijinja::Value::from_serialize(&model);
    let text = visit
        .state
        .pages
        .render(&visit.language, "sitemap.xml", model);
    let text = text.map_err(Refusal::fault)?;
    Ok(file(text, "application/xml; charset=utf-8"))
}
