//! The OpenAPI 3.1 document, written from the same calls that are routed.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::call::{BASE, Call};
use super::problem::Problem;

/// The whole document.
pub(super) fn document(calls: &[Call], base: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problem = json!(generator.subschema_for::<Problem>());
    let mut paths = Map::new();
    for call in calls {
        let path = paths
            .entry(format!("{BASE}{}", call.path))
            .or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            let name = call.method.as_str().to_ascii_lowercase();
            path.insert(name, operation(call, &mut generator, &problem));
        }
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Guildhall hub API",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"},
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn operation(call: &Call, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let done = call.answer.map_or_else(
        || json!({"description": "Done"}),
        |schema| {
            json!({
                "description": call.summary,
                "content": {"application/json": {"schema": schema(generator)}},
            })
        },
    );
    let refused = json!({
        "description": "Refused, with the reason",
        "content": {"application/problem+json": {"schema": problem}},
    });
    let mut operation = json!({
        "summary": call.summary,
        "operationId": name(call),
        "parameters": parameters(call),
        "responses": {call.status.to_string(): done, "default": refused},
    });
    if let Some(map) = operation.as_object_mut() {
        if let Some(schema) = call.body {
            let content = json!({ call.body_type: {"schema": schema(generator)} });
            map.insert(
                "requestBody".to_owned(),
                json!({"required": true, "content": content}),
            );
        }
        let visitors = if call.signed { json!([]) } else { json!([{}]) };
        let mut security = vec![json!({"token": []})];
        security.extend(visitors.as_array().cloned().unwrap_or_default());
        map.insert("security".to_owned(), security.into());
    }
    operation
}

fn parameters(call: &Call) -> Vec<Value> {
    let within = call.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        let kind = if name == "id" { "integer" } else { "string" };
        let schema = json!({"type": kind});
        Some(json!({"name": name, "in": "path", "required": true, "schema": schema}))
    });
    let query = call.query.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": "query",
            "description": parameter.about,
            "schema": {"type": parameter.schema},
        })
    });
    let key = call.once.then(|| {
        json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Calls with the same key make one thing, within a day",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        })
    });
    within.chain(query).chain(key).collect()
}

/// A name that no other call has, as in `get_groups_name_posts`.
fn name(call: &Call) -> String {
    let words = call
        .path
        .split(['/', '{', '}'])
        .filter(|word| !word.is_empty());
    let mut name = call.method.as_str().to_ascii_lowercase();
    for word in words {
        name.push('_');
        name.push_str(word);
    }
    name
}
