//! Every write to the hub, local or remote, as one struct each.
