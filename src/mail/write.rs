//! Writes letters: texts of one language, set as plain text and as HTML.

use fluent_bundle::FluentArgs;
use minijinja::{Environment, context};
use serde::Serialize;

use crate::domain::colour::Shade;
use crate::text::fluent::Texts;
use crate::text::title::one_line;

const TEMPLATES: [(&str, &str); 2] = [
    ("letter.html", include_str!("templates/letter.html")),
    ("letter.txt", include_str!("templates/letter.txt")),
];

pub(super) const TEXTS: [(&str, &str); 2] = [
    ("en", include_str!("texts/en.ftl")),
    ("de", include_str!("texts/de.ftl")),
];

/// Why a letter is written; its texts' keys begin with this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// Somebody signs up: is the address theirs?
    Confirm,
    /// Somebody signs up with the address of a member.
    Member,
    /// A new password can be set.
    Reset,
    /// The password was changed.
    PasswordChanged,
    /// A member wants letters at this address: is it theirs?
    NewAddress,
    /// Letters go to another address from now on; to the old one.
    AddressChanged,
    /// A moderator let them in.
    Approved,
    /// A moderator did not.
    TurnedDown,
    /// Their account is to be deleted, as they asked.
    Leaving,
    /// It is deleted.
    Left,
    /// Something happened that concerns them.
    Notices,
    /// What happened of late.
    Digest,
}

impl Occasion {
    /// All of them.
    #[cfg(test)]
    pub(super) const ALL: [Self; 12] = [
        Self::Confirm,
        Self::Member,
        Self::Reset,
        Self::PasswordChanged,
        Self::NewAddress,
        Self::AddressChanged,
        Self::Approved,
        Self::TurnedDown,
        Self::Leaving,
        Self::Left,
        Self::Notices,
        Self::Digest,
    ];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Member => "member",
            Self::Reset => "reset",
            Self::PasswordChanged => "password-changed",
            Self::NewAddress => "new-address",
            Self::AddressChanged => "address-changed",
            Self::Approved => "approved",
            Self::TurnedDown => "turned-down",
            Self::Leaving => "leaving",
            Self::Left => "left",
            Self::Notices => "notices",
            Self::Digest => "digest",
        }
    }
}

/// What a letter is to say.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Why it is written.
    pub(crate) occasion: Occasion,
    /// The name of who gets it.
    pub(crate) name: String,
    /// Something else that the texts tell, such as another address.
    pub(crate) detail: String,
    /// Where its button leads.
    pub(crate) link: Option<String>,
    /// What it lists.
    pub(crate) sections: Vec<Section>,
    /// The page on which letters of this sort are ended.
    pub(crate) unsubscribe: Option<String>,
}

impl Draft {
    /// A letter to somebody, with nothing but its texts.
    pub(crate) fn new(occasion: Occasion, name: &str) -> Self {
        Self {
            occasion,
            name: name.to_owned(),
            detail: String::new(),
            link: None,
            sections: Vec::new(),
            unsubscribe: None,
        }
    }

    /// With a button that leads there.
    pub(crate) fn link(mut self, link: String) -> Self {
        self.link = Some(link);
        self
    }

    /// With something else to tell.
    pub(crate) fn detail(mut self, detail: &str) -> Self {
        detail.clone_into(&mut self.detail);
        self
    }
}

/// A part of a letter that lists something.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// The key of its heading; `None`: it has none.
    pub(crate) heading: Option<&'static str>,
    /// What it lists.
    pub(crate) items: Vec<Item>,
}

/// One thing in a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The key of what happened.
    pub(crate) said: &'static str,
    /// Who did it, or where.
    pub(crate) who: String,
    /// What it is about, in a line.
    pub(crate) title: String,
    /// Its address.
    pub(crate) url: String,
}

/// The hub, as letters name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hub<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its address.
    pub(crate) base: &'a str,
    /// Its languages, the default first.
    pub(crate) languages: &'a [String],
}

/// A letter that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// One line.
    pub(crate) subject: String,
    /// Plain text.
    pub(crate) text: String,
    /// HTML.
    pub(crate) html: String,
}

/// Templates and texts of all letters, compiled once at the start.
pub(crate) struct Stationery {
    languages: Vec<(&'static str, Texts)>,
    environment: Environment<'static>,
}

impl Default for Stationery {
    fn default() -> Self {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        for (name, source) in TEMPLATES {
            environment
                .add_template(name, source)
                .expect("the built-in templates are well formed");
        }
        let languages = TEXTS
            .iter()
            .map(|(code, text)| (*code, Texts::new(code, text)));
        Self {
            languages: languages.collect(),
            environment,
        }
    }
}

impl std::fmt::Debug for Stationery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stationery(..)")
    }
}

#[derive(Serialize)]
struct Model<'a> {
    language: &'a str,
    hub: &'a str,
    base: &'a str,
    greeting: String,
    paragraphs: Vec<String>,
    link: Option<&'a str>,
    button: String,
    /// The colours of its button.
    accent: String,
    ink: String,
    sections: Vec<Part>,
    closing: String,
    unsubscribe: Option<&'a str>,
    unsubscribe_text: String,
}

#[derive(Serialize)]
struct Part {
    heading: Option<String>,
    items: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    said: String,
    title: String,
    url: String,
}

impl Stationery {
    /// Writes a letter in this language, or else in the hub's first that there are texts for; its
    /// button has these colours.
    pub(crate) fn write(
        &self,
        language: Option<&str>,
        hub: Hub<'_>,
        colours: Shade,
        draft: &Draft,
    ) -> Written {
        let (code, texts) = self.language(language, hub.languages);
        let say = Speaker::new(texts, hub, draft);
        let occasion = draft.occasion.key();
        let subject = one_line(&say.say(&format!("{occasion}-subject")));
        let body = say.say(&format!("{occasion}-text"));
        let model = Model {
            language: code,
            hub: hub.name,
            base: hub.base,
            greeting: say.say("greeting"),
            paragraphs: body.split("\n\n").map(|p| p.replace('\n', " ")).collect(),
            link: draft.link.as_deref(),
            button: say.find(&format!("{occasion}-button")).unwrap_or_default(),
            accent: colours.accent.to_string(),
            ink: colours.ink.to_string(),
            sections: draft.sections.iter().map(|part| say.part(part)).collect(),
            closing: say.say("closing"),
            unsubscribe: draft.unsubscribe.as_deref(),
            unsubscribe_text: say.say("unsubscribe"),
        };
        let set = |template| {
            self.environment
                .get_template(template)
                .and_then(|template| {
                    template
                        .render(context! { subject, ..minijinja::Value::from_serialize(&model) })
                })
                .expect("the built-in templates fit what they are given")
        };
        let (text, html) = (set("letter.txt"), set("letter.html"));
        Written {
            subject,
            text,
            html,
        }
    }

    /// What happened, in a line of this language.
    pub(crate) fn say(&self, language: Option<&str>, hub: Hub<'_>, item: &Item) -> String {
        let (_, texts) = self.language(language, hub.languages);
        let mut arguments = FluentArgs::new();
        arguments.set("who", one_line(&item.who));
        texts.say(item.said, &arguments)
    }

    fn language(&self, wanted: Option<&str>, hub: &[String]) -> (&'static str, &Texts) {
        let known = |wanted: &str| {
            let primary = crate::text::language::primary(wanted);
            self.languages.iter().find(|(code, _)| *code == primary)
        };
        let found = wanted
            .and_then(known)
            .or_else(|| hub.iter().find_map(|code| known(code)))
            .or_else(|| self.languages.first());
        let (code, texts) = found.expect("there are texts in English");
        (code, texts)
    }
}

/// Says texts with what a draft gives them.
struct Speaker<'a> {
    texts: &'a Texts,
    arguments: FluentArgs<'static>,
}

impl<'a> Speaker<'a> {
    fn new(texts: &'a Texts, hub: Hub<'_>, draft: &Draft) -> Self {
        let mut arguments = FluentArgs::new();
        arguments.set("hub", one_line(hub.name));
        arguments.set("name", one_line(&draft.name));
        arguments.set("detail", one_line(&draft.detail));
        let count: usize = draft.sections.iter().map(|part| part.items.len()).sum();
        arguments.set("count", count);
        let speaker = Self { texts, arguments };
        let Some(only) = draft.sections.iter().flat_map(|part| &part.items).next() else {
            return speaker;
        };
        let said = speaker.line(only);
        let mut arguments = speaker.arguments;
        if draft.detail.is_empty() {
            arguments.set("detail", said);
        }
        Self { texts, arguments }
    }

    fn say(&self, key: &str) -> String {
        self.texts.say(key, &self.arguments)
    }

    fn find(&self, key: &str) -> Option<String> {
        self.texts.find(key, Some(&self.arguments))
    }

    /// What happened, in a line.
    fn line(&self, item: &Item) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("who", one_line(&item.who));
        self.texts.say(item.said, &arguments)
    }

    fn part(&self, section: &Section) -> Part {
        let line = |item: &Item| Line {
            said: self.line(item),
            title: one_line(&item.title),
            url: item.url.clone(),
        };
        Part {
            heading: section.heading.map(|key| self.say(key)),
            items: section.items.iter().map(line).collect(),
        }
    }
}
