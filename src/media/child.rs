//! The process that decodes one picture: it takes the bounds and the picture from its standard
//! input, writes what it made to its standard output, and can do nothing else.

use std::io::{self, Read as _, Write as _};

use rlimit::Resource;

use super::picture::{Bounds, Rejected};
use super::{decode, picture};

/// Does the work of the process, within the bounds on the first line of its input.
///
/// # Errors
/// If it cannot read, write, or give up what it does not need.
pub(crate) fn run() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let outcome = match split(&input) {
        Some((bounds, bytes)) => {
            give_up(&bounds)?;
            decode::make(bytes, &bounds)
        }
        None => Err(Rejected::Broken),
    };
    let mut output = io::stdout().lock();
    output.write_all(&picture::write(&outcome))?;
    output.flush()
}

fn split(input: &[u8]) -> Option<(Bounds, &[u8])> {
    let end = input.iter().position(|b| *b == b'\n')?;
    let (line, rest) = input.split_at_checked(end)?;
    Some((serde_json::from_slice(line).ok()?, rest.get(1..)?))
}

/// No more memory and time than is needed, no files, no sockets, no other processes: whoever finds
/// a hole in a decoder is in an empty room (security.md R-46).
fn give_up(bounds: &Bounds) -> io::Result<()> {
    for (resource, most) in [
        (Resource::DATA, bounds.memory),
        (Resource::CPU, bounds.seconds),
        (Resource::CORE, 0),
        (Resource::FSIZE, 0),
        (Resource::NOFILE, 0),
        (Resource::NPROC, 0),
    ] {
        resource.set(most, most)?;
    }
    Ok(())
}
