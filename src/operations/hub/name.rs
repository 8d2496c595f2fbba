//! What the hub is called, and what it says of itself.

use crate::domain::caller::Caller;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::account::{limited, one_line};
use crate::operations::{Desk, Operation, Operations};
use crate::store::brand;

/// The most letters of a name and of a description, as the settings have them.
const LONGEST_NAME: u32 = 120;
const LONGEST_DESCRIPTION: u32 = 5_000;

/// An admin says what the hub is called and what it is about, or goes back to what the settings say.
/// [`name_hub`] does it and puts it in force.
#[derive(Clone, Debug)]
pub(crate) struct NameHub {
    /// Name and description; `None`: as the settings say.
    pub(crate) words: Option<(String, String)>,
}

impl Operation for NameHub {
    type Output = ();
    const NAME: &'static str = "name_hub";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let words = match &self.words {
            Some((name, about)) => Some((title(name)?, description(about)?)),
            None => None,
        };
        let (name, description) = words.unzip();
        super::choose(desk, |chosen| {
            chosen.name = name;
            chosen.description = description;
        })
    }
}

fn title(text: &str) -> Result<String, Refusal> {
    let name = one_line("name", text, LONGEST_NAME)?;
    if name.is_empty() {
        let sentence = "A hub needs a name. Please write one.";
        return Err(Refusal::invalid("name", "hub.unnamed", sentence));
    }
    Ok(name)
}

fn description(text: &str) -> Result<String, Refusal> {
    limited("description", text, LONGEST_DESCRIPTION)
}

/// Says what the hub is called from this moment on, on every page and to other servers.
///
/// # Errors
/// If the caller may not, or a word is not good.
pub(crate) async fn name_hub(
    operations: &Operations,
    caller: Caller,
    name: NameHub,
) -> Result<(), Refusal> {
    operations.run(caller, name).await?;
    recall(operations).await
}

/// Puts in force what admins said the hub is called.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn recall(operations: &Operations) -> Result<(), Refusal> {
    let chosen = operations.store.read(brand::find).await?;
    operations.live.call_it(chosen.name, chosen.description);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Kind;
    use crate::operations::testing::Hall;
    use crate::store::testing::db_test;

    fn words(name: &str, description: &str) -> NameHub {
        NameHub {
            words: Some((name.to_owned(), description.to_owned())),
        }
    }

    db_test!(a_name_chosen_here_wins_over_the_settings, |store| {
        let hall = Hall::new(store).await;
        let operations = &hall.operations;
        let anna = hall.person("anna").await;
        let called = || {
            let settings = operations.live.get();
            let instance = &settings.instance;
            (instance.name.clone(), instance.description.clone())
        };
        let file = called();
        let refused = name_hub(operations, anna, words("Mine", "")).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Forbidden);
        for (name, about, field) in [
            (" \u{202e} ", "", "name"),
            (&*"x".repeat(121), "", "name"),
            ("Tools", &"x".repeat(5_001), "description"),
        ] {
            let refused = name_hub(operations, Caller::System, words(name, about)).await;
            assert_eq!(refused.unwrap_err().fields[0].name, field);
        }
        assert_eq!(called(), file);
        let named = words(" Tools \n& co ", "For all who\nmend.");
        name_hub(operations, Caller::System, named).await.unwrap();
        let tools = ("Tools & co".to_owned(), "For all who\nmend.".to_owned());
        assert_eq!(called(), tools);
        let mut settings = (*operations.live.get()).clone();
        settings.instance.name = "Of the file".to_owned();
        settings.instance.description = String::new();
        operations.live.reload(settings).unwrap();
        assert_eq!(called(), tools, "what is read anew does not win");
        let back = NameHub { words: None };
        name_hub(operations, Caller::System, back).await.unwrap();
        assert_eq!(called(), ("Of the file".to_owned(), String::new()));
    });
}
