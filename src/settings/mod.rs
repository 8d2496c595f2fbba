//! The one typed settings tree, its defaults, its checks and its documents.
