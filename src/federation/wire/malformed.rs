//! Why a document that is good JSON is still no use as an activity, actor, object or collection.

/// A document that cannot be read as what it should be. The texts are for the log and for the
/// inbox of the operator; a peer only ever sees 400 or 202.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    /// Neither an object nor, where one is allowed, an array.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// A field without which the document means nothing.
    #[error("the document has no usable `{0}`")]
    Missing(&'static str),
    /// A field is there, but its value cannot be what it says.
    #[error("the document's `{0}` cannot be used: {1}")]
    Unusable(&'static str, &'static str),
    /// A list that is longer than any honest peer sends.
    #[error("the document's `{field}` lists more than {limit} entries")]
    TooMany {
        /// The field's name on the wire.
        field: &'static str,
        /// The number of entries that is still accepted.
        limit: usize,
    },
    /// A `type` that does not belong here.
    #[error("`{0}` is not a type that can be used here")]
    UnknownType(String),
}
