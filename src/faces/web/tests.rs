//! Templates and texts fit each other, in every language.
