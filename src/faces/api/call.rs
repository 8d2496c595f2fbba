//! One call of the hub API: its address, its handler, and what the OpenAPI document says of it.

use axum::handler::Handler;
use axum::routing::{MethodRouter, on};
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::faces::shared::State;

/// Where the calls begin.
pub(super) const BASE: &str = "/api/hub/v1";

type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// A parameter in the query of an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) schema: &'static str,
    pub(super) about: &'static str,
}

/// How many items.
pub(super) const LIMIT: Parameter = Parameter {
    name: "limit",
    schema: "integer",
    about: "How many items at most, 1 to 100",
};
/// Where to go on.
pub(super) const CURSOR: Parameter = Parameter {
    name: "cursor",
    schema: "string",
    about: "The `next` of the page before",
};
/// In which order.
pub(super) const SORT: Parameter = Parameter {
    name: "sort",
    schema: "string",
    about: "`new` (the default), `hot`, `top` or `active`",
};

/// How far back.
pub(super) const RANGE: Parameter = Parameter {
    name: "range",
    schema: "string",
    about: "How far back `top` looks: `day`, `week`, `month`, `year` or `all` (the default)",
};

/// A call; the router and the OpenAPI document are both made of these.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) route: MethodRouter<State>,
    pub(super) status: u16,
    pub(super) signed: bool,
    /// Whether it may have a key under which it is made once.
    pub(super) once: bool,
    pub(super) query: &'static [Parameter],
    pub(super) body: Option<SchemaOf>,
    pub(super) body_type: &'static str,
    pub(super) answer: Option<SchemaOf>,
}

impl Call {
    /// A read, for anybody.
    pub(super) fn get<H, T>(path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        Self::new(Method::GET, path, summary, handler)
    }

    /// Something new, by somebody with a token.
    pub(super) fn post<H, T>(path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        Self::new(Method::POST, path, summary, handler).signed()
    }

    /// A change, by somebody with a token.
    pub(super) fn patch<H, T>(path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        Self::new(Method::PATCH, path, summary, handler).signed()
    }

    /// An end, by somebody with a token; answers nothing.
    pub(super) fn delete<H, T>(path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        let mut call = Self::new(Method::DELETE, path, summary, handler).signed();
        call.status = 204;
        call
    }

    fn new<H, T>(method: Method, path: &'static str, summary: &'static str, handler: H) -> Self
    where
        H: Handler<T, State>,
        T: 'static,
    {
        let filter = method
            .clone()
            .try_into()
            .expect("the four methods above can be routed");
        Self {
            method,
            path,
            summary,
            route: on(filter, handler),
            status: 200,
            signed: false,
            once: false,
            query: &[],
            body: None,
            body_type: "application/json",
            answer: None,
        }
    }

    /// Takes only calls with a token.
    pub(super) fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Makes something once for each key.
    pub(super) fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Has these parameters in its query.
    pub(super) fn query(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    /// Takes this body.
    pub(super) fn takes<B: JsonSchema>(mut self) -> Self {
        self.body = Some(SchemaGenerator::subschema_for::<B>);
        self
    }

    /// Takes this form, in which a file may be.
    pub(super) fn takes_form<B: JsonSchema>(mut self) -> Self {
        self.body_type = "multipart/form-data";
        self.takes::<B>()
    }

    /// Answers nothing.
    pub(super) fn nothing(mut self) -> Self {
        self.status = 204;
        self
    }

    /// Answers with this.
    pub(super) fn answers<A: JsonSchema>(mut self, status: u16) -> Self {
        self.status = status;
        self.answer = Some(SchemaGenerator::subschema_for::<A>);
        self
    }
}
