//! What an operator decides about received activities that could not be dealt with.

mod release;

pub(crate) use release::{Release, ReleaseParked};
