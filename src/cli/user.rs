//! `guildhall user`: makes and deletes accounts, sets passwords and roles.

use std::io::Read;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::context::{Context, Refused, say};
use super::hub;
use crate::domain::caller::Caller;
use crate::domain::membership;
use crate::operations::account::{
    Application, DeleteAccount, Form, SetPassword, SetRole, register,
};
use crate::settings::Secret;

/// Make and delete accounts, set passwords and roles
#[derive(Args, Debug)]
pub(super) struct User {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Make an account
    Create(Create),
    /// Set the password of an account; all its sessions end
    Password(Password),
    /// Give an account another role
    Role(SetTheRole),
    /// Delete an account for good; its name stays taken
    Delete(Delete),
}

#[derive(Args, Debug)]
struct Create {
    /// The name in the handle: 3 to 30 of a to z, 0 to 9 and _
    name: String,
    /// Where mail reaches the person
    #[arg(long)]
    email: String,
    /// What the person may do
    #[arg(long, value_enum, default_value_t = Role::Member)]
    role: Role,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args, Debug)]
struct Password {
    /// Whose password
    name: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Args, Debug)]
struct SetTheRole {
    /// Whose role
    name: String,
    /// What the person may do from now on
    #[arg(value_enum)]
    role: Role,
}

#[derive(Args, Debug)]
struct Delete {
    /// Whose account
    name: String,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Role {
    Admin,
    Moderator,
    Member,
}

impl From<Role> for membership::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Moderator => Self::Moderator,
            Role::Member => Self::Member,
        }
    }
}

impl User {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Create(verb) => verb.run(context, std::io::stdin()),
            Verb::Password(verb) => verb.run(context, std::io::stdin()),
            Verb::Role(verb) => verb.run(context),
            Verb::Delete(verb) => verb.run(context),
        }
    }
}

impl Create {
    fn run(self, context: &Context, input: impl Read) -> Result<(), Refused> {
        let role = membership::Role::from(self.role);
        let form = Form {
            name: self.name.clone(),
            email: self.email,
            password: read_secret("password", input)?,
            role: Some(role),
            language: None,
            application: Application::default(),
        };
        let uri = hub::run(context, |operations| async move {
            let name = form.name.clone();
            register(&operations, Caller::System, form).await?;
            Ok(operations.names.person(&name))
        })?;
        let machine = json!({ "name": self.name, "role": role.as_str(), "uri": uri.as_str() });
        say(format!(
            "{} can sign in now, as {}.",
            self.name,
            role.as_str()
        ));
        context.answer(uri, &machine);
        Ok(())
    }
}

impl Password {
    fn run(self, context: &Context, input: impl Read) -> Result<(), Refused> {
        let password = read_secret("password", input)?;
        hub::run(context, |operations| async move {
            let actor = hub::account_of(&operations, &self.name).await?;
            let settings = operations.live.get();
            let new_hash = operations
                .passwords
                .hash(password.expose(), &settings)
                .await?;
            let set = SetPassword { actor, new_hash };
            Ok(operations.run(Caller::System, set).await?)
        })
    }
}

impl SetTheRole {
    fn run(self, context: &Context) -> Result<(), Refused> {
        hub::run(context, |operations| async move {
            let actor = hub::account_of(&operations, &self.name).await?;
            let set = SetRole {
                actor,
                role: self.role.into(),
            };
            Ok(operations.run(Caller::System, set).await?)
        })
    }
}

impl Delete {
    fn run(self, context: &Context) -> Result<(), Refused> {
        hub::run(context, |operations| async move {
            let actor = hub::account_of(&operations, &self.name).await?;
            let delete = DeleteAccount { actor, words: None };
            Ok(operations.run(Caller::System, delete).await?)
        })
    }
}

/// The most that is read for a secret, in bytes; longer ones are refused anyway.
const LONGEST_INPUT: u64 = 8192;

/// The first line of the input, without its end; `what` it is, for the sentences of refusals.
pub(super) fn read_secret(what: &str, input: impl Read) -> Result<Secret, Refused> {
    let mut bytes = Vec::new();
    input
        .take(LONGEST_INPUT)
        .read_to_end(&mut bytes)
        .map_err(|error| Refused::from(format!("the {what} cannot be read: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_bytes| Refused::from(format!("the {what} is not UTF-8 text")))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Refused::from(format!(
            "there is no {what} on standard input; write it there as one line"
        )));
    }
    Ok(Secret::from(line.to_owned()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An empty folder with settings.
    pub(in crate::cli) fn folder() -> (tempfile::TempDir, Context) {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[instance]\ndomain = \"hub.test.example\"\n[server]\ndata_dir = \"{}\"\n",
            folder.path().join("data").display()
        );
        std::fs::write(folder.path().join("guildhall.toml"), text).unwrap();
        let context = Context {
            config: None,
            json: false,
            directory: folder.path().to_owned(),
            environment: Vec::new(),
        };
        (folder, context)
    }

    /// Makes an admin.
    pub(in crate::cli) fn create(
        context: &Context,
        name: &str,
        input: &str,
    ) -> Result<(), Refused> {
        let verb = Create {
            name: name.to_owned(),
            email: format!("{name}@example.test"),
            role: Role::Admin,
            password_stdin: true,
        };
        verb.run(context, input.as_bytes())
    }

    #[test]
    fn an_empty_folder_becomes_a_hub_with_an_account() {
        let (folder, context) = folder();
        create(&context, "anna", "correct horse battery staple\n").unwrap();
        assert!(folder.path().join("data/guildhall.db").exists());
        let refused = create(&context, "anna", "correct horse battery staple").unwrap_err();
        assert!(refused.sentences[0].contains("already"), "{refused:?}");
    }

    #[test]
    fn the_last_admin_stays_and_others_can_be_deleted() {
        let (_folder, context) = folder();
        let delete = |name: &str| {
            let name = name.to_owned();
            Delete { name }.run(&context)
        };
        create(&context, "anna", "correct horse battery staple").unwrap();
        let refused = delete("anna").unwrap_err();
        assert!(refused.sentences[0].contains("last admin"), "{refused:?}");
        create(&context, "berta", "correct horse battery staple").unwrap();
        delete("anna").unwrap();
        let refused = delete("anna").unwrap_err();
        assert!(refused.sentences[0].contains("nobody called anna"));
    }

    #[test]
    fn every_wrong_field_is_a_sentence() {
        let (_folder, context) = folder();
        for (name, input, part) in [
            ("anna", "short\n", "too short"),
            ("anna", "", "no password on standard input"),
            ("anna", "\n", "no password on standard input"),
            ("Anna B.", "correct horse battery staple", "3 to 30 letters"),
        ] {
            let refused = create(&context, name, input).unwrap_err();
            assert_eq!(refused.sentences.len(), 1);
            assert!(
                refused.sentences[0].contains(part) || name != "anna",
                "{refused:?}"
            );
        }
    }

    #[test]
    fn the_password_is_the_first_line_without_its_end() {
        for text in [
            "a b \u{e4}\n",
            "a b \u{e4}\r\n",
            "a b \u{e4}",
            "a b \u{e4}\nmore\n",
        ] {
            assert_eq!(
                read_secret("password", text.as_bytes()).unwrap().expose(),
                "a b \u{e4}"
            );
        }
        assert!(read_secret("password", [0xff, 0xfe].as_slice()).is_err());
    }
}
