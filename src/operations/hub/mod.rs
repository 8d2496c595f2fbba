//! What admins decide for the hub as a whole.

mod brand;

pub(crate) use brand::ChooseBrand;
