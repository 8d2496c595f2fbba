//! What admins decide for the hub as a whole.

mod brand;
mod files;
mod name;

pub(super) use brand::palette;
pub(crate) use brand::{ChooseBrand, brand_of};
pub(crate) use files::{Letters, set_font, set_sign};
pub(crate) use name::{NameHub, name_hub, recall};

use crate::domain::activity::{Activity, Entry};
use crate::domain::brand::{Chosen, path_of};
use crate::domain::refusal::Refusal;
use crate::store::{actors, brand as store};

use super::Desk;

/// Changes what admins chose; whoever knows the hub hears of what stands in the document of its
/// actor.
fn choose(desk: &mut Desk<'_>, change: impl FnOnce(&mut Chosen)) -> Result<(), Refusal> {
    let before = store::find(desk.db)?;
    let mut chosen = before.clone();
    change(&mut chosen);
    store::set(desk.db, &chosen, desk.now)?;
    let told = |chosen: &Chosen| (chosen.name.clone(), chosen.description.clone());
    if told(&before) == told(&chosen) && before.logo == chosen.logo {
        return Ok(());
    }
    let Some(mut hub) = desk.instance()? else {
        return Ok(());
    };
    if before.logo != chosen.logo {
        let logo = chosen.logo.as_ref();
        hub.icon_url = logo.map(|name| format!("{}{}", desk.names.base(), path_of(name)));
    }
    hub.updated_at = desk.now;
    actors::set_profile(desk.db, &hub)?;
    let updated = Activity::ProfileUpdated { actor: hub.id };
    desk.record(Entry::new(hub.id, None, updated, hub.id.0).everywhere());
    Ok(())
}
