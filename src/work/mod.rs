//! Everything that happens without a request: receiving, delivering, refreshing, pruning.
