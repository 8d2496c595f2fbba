//! A member keeps a whole server away, for themselves alone.

use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::host::named;
use crate::operations::{Desk, Operation};
use crate::store::{blocks, instances};

/// The most servers that one person keeps away.
const MOST: u32 = 500;

/// The caller keeps everybody of a server away as if they blocked each of them, or does so no more.
#[derive(Clone, Debug)]
pub(crate) struct KeepHostAway {
    /// Its name, as it was typed.
    pub(crate) host: String,
    /// Whether from now on, or no more.
    pub(crate) away: bool,
}

impl Operation for KeepHostAway {
    type Output = ();
    const NAME: &'static str = "keep_host_away";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let caller = policy::require_actor(desk.caller)?;
        let host = named(desk, &self.host)?;
        if !self.away {
            return match instances::find_by_host(desk.db, &host)? {
                Some(server) => Ok(blocks::delete_host(desk.db, caller, server.id)?),
                None => Ok(()),
            };
        }
        let many = usize::try_from(MOST).unwrap_or(usize::MAX);
        if blocks::list_hosts(desk.db, caller, MOST)?.len() >= many {
            return Err(Refusal::new(
                Kind::Conflict,
                "block.too_many_hosts",
                format!("More than {MOST} servers cannot be kept away one by one."),
            ));
        }
        let fresh = desk.instance_id();
        let server = instances::ensure(desk.db, &host, fresh, desk.now)?;
        Ok(blocks::insert_host(desk.db, caller, server, desk.now)?)
    }
}
