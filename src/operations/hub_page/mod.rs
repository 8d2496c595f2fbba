//! Admins write pages about the hub.

use crate::domain::hub_page::{HubPage, is_name};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::hub_pages;
use crate::text::language;
use crate::text::markdown::{self, Links};

use super::account::{limited, one_line};
use super::{Desk, Operation};

/// The most pages in all languages together.
const MOST: u32 = 200;
/// The longest title, in letters.
const TITLE: u32 = 120;
/// The longest text, in letters.
const BODY: u32 = 50_000;

/// An admin writes a page in a language, in the place of what it said; without a text it is taken
/// away. What it said before is kept.
#[derive(Clone, Debug)]
pub(crate) struct WriteHubPage {
    /// The last part of its address.
    pub(crate) name: String,
    /// In which language.
    pub(crate) language: String,
    /// Its title.
    pub(crate) title: String,
    /// Its text, in Markdown.
    pub(crate) body: String,
}

impl Operation for WriteHubPage {
    type Output = ();
    const NAME: &'static str = "write_hub_page";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let page = self.page(desk)?;
        let known = hub_pages::list(desk.db, MOST)?;
        let same = |other: &&HubPage| other.name == page.name && other.language == page.language;
        match known.iter().find(same) {
            Some(before) => hub_pages::keep(desk.db, before)?,
            None if known.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) => {
                let sentence = format!("There are at most {MOST} pages.");
                return Err(Refusal::new(Kind::Conflict, "page.too_many", sentence));
            }
            None => {}
        }
        if page.source.is_empty() {
            return Ok(hub_pages::delete(desk.db, &page.name, &page.language)?);
        }
        Ok(hub_pages::replace(desk.db, &page)?)
    }
}

impl WriteHubPage {
    fn page(&self, desk: &Desk<'_>) -> Result<HubPage, Refusal> {
        if !is_name(&self.name) {
            let sentence = "Please use 1 to 40 small letters, digits and hyphens.";
            return Err(Refusal::invalid("name", "page.name", sentence));
        }
        let language = language::tag(&self.language).ok_or_else(|| {
            let sentence = "Please choose a language.";
            Refusal::invalid("language", "language.tag", sentence)
        })?;
        let title = one_line("title", &self.title, TITLE)?;
        let source = limited("body", &self.body, BODY)?;
        if title.is_empty() && !source.is_empty() {
            let sentence = "Please give the page a title.";
            return Err(Refusal::invalid("title", "page.title", sentence));
        }
        Ok(HubPage {
            name: self.name.clone(),
            language,
            title,
            html: markdown::render(&source, &Links::NONE),
            source,
            written_at: desk.now,
            author: policy::require_actor(desk.caller)?,
        })
    }
}

#[cfg(test)]
mod tests;
