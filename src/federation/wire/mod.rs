//! What peers send, as the vocabulary names it: lenient structs for activities, actors, objects,
//! collections and discovery documents. Shapes are judged here (federation.md 2.5 and 4.0.2);
//! who may say what is judged by `inbox`. Nothing here is ever sent: that is `write`.

pub(crate) mod address;

mod activity;
mod actor;
mod attachment;
mod bounded;
mod collection;
mod discovery;
mod lenient;
mod malformed;
mod object;
mod reference;
mod tag;

#[cfg(test)]
mod fixtures;

pub(crate) use activity::Activity;
pub(crate) use actor::{Actor, Multikey, PublicKey};
pub(crate) use attachment::{Attachment, AttachmentKind};
pub(crate) use bounded::{Bounds, parse_bounded};
pub(crate) use collection::Collection;
pub(crate) use discovery::{NodeInfo, NodeInfoLinks, WebFinger};
pub(crate) use malformed::Malformed;
pub(crate) use object::Object;
pub(crate) use reference::Ref;
pub(crate) use tag::Tag;
