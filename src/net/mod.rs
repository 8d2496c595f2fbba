//! The one way out: an HTTP client that refuses private addresses and bounds time and size.
