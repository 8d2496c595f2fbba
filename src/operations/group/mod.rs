//! Groups of this hub: founded and changed.

mod create;
mod rename;
mod update;

pub(crate) use create::CreateGroup;
pub(crate) use rename::RenameGroup;
pub(super) use rename::remote;
pub(crate) use update::UpdateGroup;

#[cfg(test)]
mod tests;
