//! Comments: coming into being and changing.

mod create;
mod update;

pub(crate) use create::CreateComment;
pub(crate) use update::UpdateComment;

#[cfg(test)]
mod tests;
