//! Why something was not done: a kind for the answer's status, a stable code, and a sentence.

use std::borrow::Cow;
use std::error::Error;

/// What an operation or a view says instead of doing its work.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub(crate) struct Refusal {
    /// Decides the status.
    pub(crate) kind: Kind,
    /// Stable, dotted: the translation key and the API's `code`.
    pub(crate) code: Cow<'static, str>,
    /// One English sentence that tells the person what to do.
    pub(crate) sentence: String,
    /// The fields of a form that were wrong, with a sentence each.
    pub(crate) fields: Vec<Field>,
    /// The cause of a fault, for the log only.
    #[source]
    pub(crate) source: Option<Box<dyn Error + Send + Sync>>,
}

/// One wrong field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// The field's name in the form and in the API.
    pub(crate) name: &'static str,
    /// What it should have been.
    pub(crate) sentence: String,
}

/// The kinds of refusal; one table in the faces maps each to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nobody is signed in, but somebody has to be.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// Banned from the group or the hub.
    Banned,
    /// Never existed, or must not be known to.
    NotFound,
    /// Existed once.
    Gone,
    /// The input is wrong.
    Invalid,
    /// Already so, or taken.
    Conflict,
    /// More than is accepted.
    TooLarge,
    /// Too often; try again after so many seconds.
    Limited {
        /// Seconds until the next try may succeed.
        retry_after: u32,
    },
    /// Cannot be answered now; try again soon.
    Unavailable,
    /// Our own fault.
    Fault,
}

impl Refusal {
    /// A refusal of a kind, with its code and sentence.
    pub(crate) fn new(kind: Kind, code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            kind,
            code: Cow::Borrowed(code),
            sentence: sentence.into(),
            fields: Vec::new(),
            source: None,
        }
    }

    /// Not there.
    pub(crate) fn not_found(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, code, sentence)
    }

    /// Not allowed.
    pub(crate) fn forbidden(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, sentence)
    }

    /// One wrong field.
    pub(crate) fn invalid(
        name: &'static str,
        code: &'static str,
        sentence: impl Into<String>,
    ) -> Self {
        let sentence = sentence.into();
        let mut refusal = Self::new(Kind::Invalid, code, sentence.clone());
        refusal.fields.push(Field { name, sentence });
        refusal
    }

    /// Our own fault, with its cause for the log.
    pub(crate) fn fault(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let mut refusal = Self::new(
            Kind::Fault,
            "fault",
            "Something went wrong on this hub. Please try again; if it stays, tell its admins.",
        );
        refusal.source = Some(source.into());
        refusal
    }

    /// Whether trying the same again later can succeed.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self.kind,
            Kind::Unavailable | Kind::Fault | Kind::Limited { .. }
        )
    }
}
