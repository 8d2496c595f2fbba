//! What is shown of a page elsewhere that a post links to.

/// What a page says of itself: plain and bounded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkPreview {
    /// What it is called.
    pub(crate) title: Option<String>,
    /// What it is about.
    pub(crate) description: Option<String>,
    /// The website.
    pub(crate) site: Option<String>,
    /// The address of its picture.
    pub(crate) picture: Option<String>,
}

impl LinkPreview {
    /// Whether there is something to be shown beside the bare link.
    pub(crate) fn says_something(&self) -> bool {
        self.title.is_some() || self.picture.is_some()
    }
}

/// The page that a post links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkCard {
    /// Its address as the post has it.
    pub(crate) url: String,
    /// What is known of it.
    pub(crate) preview: LinkPreview,
}
