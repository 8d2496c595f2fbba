//! What is to be read after a thread, at its foot.

use serde::Serialize;

use crate::domain::search::Related;

/// Another thread, by its title.
#[derive(Serialize)]
pub(super) struct RelatedModel {
    href: String,
    title: String,
    comment_count: i64,
}

impl RelatedModel {
    pub(super) fn new(of: Related) -> Self {
        Self {
            href: format!("/post/{}", of.id),
            title: of.title,
            comment_count: of.comment_count,
        }
    }
}
