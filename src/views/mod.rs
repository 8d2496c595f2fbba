//! Every read, as the domain sees it; nothing here writes.
