//! The order of a list of posts: what the address asks for, and the links to the others.

use serde::Serialize;

use crate::domain::post::{Range, Sort};

use super::visit::Visit;

/// A way to order a list, or how far back it looks.
#[derive(Serialize)]
pub(super) struct Link {
    key: &'static str,
    href: String,
    current: bool,
}

/// The order of a list.
#[derive(Clone, Copy)]
pub(super) struct Ordered {
    /// The order, as far as it looks back.
    pub(super) sort: Sort,
    range: Range,
}

impl Ordered {
    /// The order that the address asks for, the last answered first if it asks for none; the best ones
    /// of `otherwise` if it does not say of when.
    pub(super) fn asked(visit: &Visit, otherwise: Range) -> Self {
        let sort = visit.query("sort").and_then(Sort::parse);
        let range = visit.query("range").and_then(Range::parse);
        let range = range.unwrap_or(otherwise);
        Self {
            sort: range.of(sort.unwrap_or(Sort::Active), visit.now),
            range,
        }
    }

    /// A path with this order.
    pub(super) fn path(self, path: &str) -> String {
        address(path, self.sort, self.range)
    }

    /// The orders to choose from, as links below a path.
    pub(super) fn orders(self, path: &str) -> Vec<Link> {
        let name = self.sort.as_str();
        let link = |sort: Sort| Link {
            key: sort.as_str(),
            href: match sort {
                Sort::Top(_) if name == "top" => self.path(path),
                // The list says itself how far it looks back at first.
                other => plain(path, other),
            },
            current: sort.as_str() == name,
        };
        [Sort::Active, Sort::New, Sort::Hot, Sort::Top(None)]
            .map(link)
            .into()
    }

    /// How far back it can look, as links below a path; nothing where that is no question.
    pub(super) fn ranges(self, path: &str) -> Vec<Link> {
        if !matches!(self.sort, Sort::Top(_)) {
            return Vec::new();
        }
        let link = |range: Range| Link {
            key: range.as_str(),
            href: address(path, self.sort, range),
            current: range == self.range,
        };
        Range::ALL.map(link).into()
    }
}

fn plain(path: &str, sort: Sort) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}sort={}", sort.as_str())
}

fn address(path: &str, sort: Sort, range: Range) -> String {
    let plain = plain(path, sort);
    match sort {
        Sort::Top(_) => format!("{plain}&range={}", range.as_str()),
        _ => plain,
    }
}
