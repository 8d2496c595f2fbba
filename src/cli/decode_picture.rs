//! `guildhall decode-picture`: what a running hub starts for each picture, never a person.

use clap::Args;

use super::context::Refused;
use crate::media;

/// Decode one picture from the standard input to the standard output
#[derive(Args, Debug)]
pub(super) struct DecodePicture {}

/// Does it, and gives up everything that it does not need for that.
pub(super) fn run() -> Result<(), Refused> {
    media::decode_for_parent()
        .map_err(|error| Refused::from(format!("the picture was not decoded: {error}")))
}
