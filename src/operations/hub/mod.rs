//! What admins decide for the hub as a whole.

mod brand;
mod files;
mod name;

pub(crate) use brand::ChooseBrand;
pub(crate) use files::{Letters, set_font, set_sign};
pub(crate) use name::{NameHub, name_hub, recall};

use crate::domain::brand::Chosen;
use crate::domain::refusal::Refusal;
use crate::store::brand as store;

use super::Desk;

/// Changes what admins chose.
fn choose(desk: &mut Desk<'_>, change: impl FnOnce(&mut Chosen)) -> Result<(), Refusal> {
    let mut chosen = store::find(desk.db)?;
    change(&mut chosen);
    Ok(store::set(desk.db, &chosen, desk.now)?)
}
