//! Names that are offered to somebody who begins to write one.

use serde::Serialize;

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::PostId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::views::search;

use super::answer::{Answer, Page};
use super::model::Face;
use super::visit::Visit;

/// Names that are offered at once.
const OFFERED: usize = 8;
/// Letters of a name that count.
const SOUGHT: usize = 40;

/// Somebody as they are offered.
#[derive(Serialize)]
struct Name {
    face: Face,
    /// The whole address.
    address: String,
    /// What is written to mention them.
    written: String,
}

impl Name {
    fn new(of: &Actor) -> Self {
        let face = Face::new(of);
        let address = of.full_handle();
        // A group is mentioned by its whole address only, for `!word` is what people write anyway.
        let written = if of.kind == ActorKind::Group {
            format!("!{address}")
        } else {
            format!("@{}", face.handle)
        };
        Self {
            face,
            address,
            written,
        }
    }
}

/// `/names?q=`: whom somebody may mean who writes `@an`, or which group by `!te`, for the script of
/// the fields in which they write; with `&post=` in a thread, whose people come first.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let typed = visit.query("q").unwrap_or_default();
    let groups = typed.starts_with('!');
    let start: String = typed
        .trim_start_matches(['@', '!'])
        .chars()
        .take(SOUGHT)
        .collect();
    let thread = visit.query("post").and_then(|id| id.parse().ok());
    let thread = thread.map(PostId);
    let found = if start.is_empty() {
        Vec::new()
    } else {
        let look = visit
            .state
            .read(move |db| search::named(db, member, groups, &start, thread, OFFERED));
        look.await?
    };
    let names: Vec<Name> = found.iter().map(Name::new).collect();
    let model = minijinja::context! { names };
    Ok(Page::new("_names.html", "", &model).unlisted().into())
}
