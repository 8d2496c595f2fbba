//! Choosing the colours of the hub.

use crate::domain::colour::{Brand, Colour, Palette, READABLE, Unreadable};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::settings::Theme;
use crate::store::brand;

/// An admin chooses the hub's colours, or goes back to those of the settings.
#[derive(Debug)]
pub(crate) struct ChooseBrand {
    /// `None`: as the settings say.
    pub(crate) brand: Option<Brand>,
}

impl ChooseBrand {
    /// The palette of a brand, or the refusal of one that could not be read.
    pub(crate) fn check(brand: Brand) -> Result<Palette, Refusal> {
        Palette::new(brand).map_err(refuse)
    }
}

impl Operation for ChooseBrand {
    type Output = ();
    const NAME: &'static str = "choose_brand";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        if let Some(colours) = self.brand {
            Self::check(colours)?;
        }
        super::choose(desk, |chosen| chosen.colours = self.brand)
    }
}

/// The brand of the settings; the loader has seen to their form.
pub(crate) fn brand_of(theme: &Theme) -> Brand {
    let colour = |text: &crate::settings::Colour| Colour::parse(text.as_str());
    let seed = colour(&theme.brand).or_else(|| colour(&Theme::default().brand));
    Brand {
        colour: seed.expect("the default colour is well formed"),
        light: colour(&theme.light),
        dark: colour(&theme.dark),
    }
}

/// The colours in force: those that an admin chose, or else those of the settings.
pub(in crate::operations) fn palette(desk: &mut Desk<'_>) -> Result<Palette, Refusal> {
    let chosen = brand::find(desk.db)?.colours;
    let brand = chosen.unwrap_or_else(|| brand_of(&desk.settings.theme));
    Ok(Palette::new(brand).unwrap_or_else(|_| Palette::from(brand.colour)))
}

/// Nobody is given pages that they cannot read.
fn refuse(unreadable: Unreadable) -> Refusal {
    let (field, code, page, wanted) = if unreadable.on_light {
        ("light", "brand.light_unreadable", "light", "darker")
    } else {
        ("dark", "brand.dark_unreadable", "dark", "lighter")
    };
    let sentence = format!(
        "{} has a contrast of {:.1} to 1 on {page} pages, and {READABLE} is needed to read it. \
         Please choose a {wanted} colour, or leave the field empty.",
        unreadable.colour, unreadable.contrast
    );
    Refusal::invalid(field, code, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caller::Caller;
    use crate::domain::colour::Colour;
    use crate::domain::refusal::Kind;
    use crate::operations::testing::Hall;
    use crate::store::testing::db_test;
    use crate::views::instance;

    fn purple(light: Option<&str>) -> Brand {
        Brand {
            colour: Colour::parse("#7a1fa2").unwrap(),
            light: light.and_then(Colour::parse),
            dark: None,
        }
    }

    db_test!(an_admin_chooses_colours_that_can_be_read, |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let choose = |by: Caller, brand| {
            let hall = hall.clone();
            async move { hall.run(by, ChooseBrand { brand }).await }
        };
        let chosen = async || hall.read(instance::chosen).await.colours;
        let refused = choose(anna, Some(purple(None))).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
        let pale = purple(Some("#ffee00"));
        let refused = choose(Caller::System, Some(pale)).await.unwrap_err();
        assert_eq!(refused.code, "brand.light_unreadable");
        assert!(
            refused.sentence.contains("1.0 to 1"),
            "{}",
            refused.sentence
        );
        assert_eq!(chosen().await, None);
        for brand in [purple(None), purple(Some("#4a0072"))] {
            choose(Caller::System, Some(brand)).await.unwrap();
            assert_eq!(chosen().await, Some(brand));
        }
        choose(Caller::System, None).await.unwrap();
        assert_eq!(chosen().await, None);
    });
}
