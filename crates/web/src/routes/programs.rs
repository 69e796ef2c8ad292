//! The routes of `/api/v1`: what programs of other vendors can ask of a school, each with the scopes that
//! its token must have. With the scopes of none, any program of the school may.

use super::Access::{Client, Public};
use super::Takes::{Message, Nothing, Rows};
use super::{Access, Of, Route, Takes};
use crate::api;
use crate::server::Shared;
use axum::handler::Handler;
use axum::routing::{self, MethodFilter};
use domain::ApiScope as S;

/// A route for programs, of any method.
fn program<H: Handler<T, Shared>, T: 'static>(
    method: &'static str,
    path: &'static str,
    access: Access,
    takes: Takes,
    handler: H,
) -> Route {
    let filter = match method {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        _ => MethodFilter::GET,
    };
    Route { method, path, access, takes, of: Of::School, service: routing::on(filter, handler) }
}

/// All of them.
#[rustfmt::skip]
pub(super) fn table() -> Vec<Route> {
    vec![
        program("GET", "/api/v1/openapi.json", Public, Nothing, api::openapi::show),
        program("POST", "/api/v1/token", Public, Message, api::token::give),
        program("GET", "/api/v1/me", Client(&[]), Nothing, api::looked_up::me),
        program("GET", "/api/v1/terms", Client(&[]), Nothing, api::calendar::terms),
        program("GET", "/api/v1/terms/{term}", Client(&[]), Nothing, api::calendar::term),
        program("PUT", "/api/v1/terms/{term}", Client(&[S::CalendarWrite]), Message, api::calendar::write_term),
        program("GET", "/api/v1/calendar", Client(&[]), Nothing, api::calendar::days),
        program("GET", "/api/v1/calendar/{date}", Client(&[]), Nothing, api::calendar::day),
        program("PUT", "/api/v1/calendar/{date}", Client(&[S::CalendarWrite]), Message, api::calendar::write_day),
        program("GET", "/api/v1/codes", Client(&[]), Nothing, api::looked_up::codes),
        program("GET", "/api/v1/response-types", Client(&[]), Nothing, api::looked_up::response_types),
        program("GET", "/api/v1/students", Client(&[S::StudentsRead]), Nothing, api::looked_up::students),
        program("GET", "/api/v1/students/{student_id}", Client(&[S::StudentsRead]), Nothing, api::looked_up::student),
        program("GET", "/api/v1/students/{student_id}/marks/{date}/{slot}", Client(&[S::MarksRead]), Nothing, api::looked_up::mark),
        program("PUT", "/api/v1/students/{student_id}/marks/{date}/{slot}", Client(&[S::MarksWrite]), Message, api::roll::write_one),
        program("GET", "/api/v1/marks", Client(&[S::MarksRead]), Nothing, api::looked_up::marks),
        program("POST", "/api/v1/marks", Client(&[S::MarksWrite]), Message, api::roll::write_many),
        program("GET", "/api/v1/half-days", Client(&[S::MarksRead]), Nothing, api::counted::half_days),
        program("GET", "/api/v1/tallies", Client(&[S::TalliesRead]), Nothing, api::counted::tallies),
        program("GET", "/api/v1/crossings", Client(&[S::CrossingsRead]), Nothing, api::counted::crossings),
        program("GET", "/api/v1/tasks", Client(&[S::CrossingsRead]), Nothing, api::counted::tasks),
        program("GET", "/api/v1/responses", Client(&[S::ResponsesRead]), Nothing, api::recorded::responses),
        program("POST", "/api/v1/responses", Client(&[S::ResponsesWrite]), Message, api::recorded::record),
        program("GET", "/api/v1/responses/{response_id}", Client(&[S::ResponsesRead]), Nothing, api::recorded::response),
        program("PUT", "/api/v1/responses/{response_id}", Client(&[S::ResponsesWrite]), Message, api::recorded::revise),
        program("POST", "/api/v1/responses/{response_id}/withdraw", Client(&[S::ResponsesWrite]), Message, api::recorded::withdraw),
        program("GET", "/api/v1/descriptions", Client(&[S::DescriptionsRead]), Nothing, api::recorded::descriptions),
        program("POST", "/api/v1/descriptions", Client(&[S::DescriptionsWrite]), Message, api::recorded::add_description),
        program("GET", "/api/v1/descriptions/{description_id}", Client(&[S::DescriptionsRead]), Nothing, api::recorded::description),
        program("PUT", "/api/v1/descriptions/{description_id}", Client(&[S::DescriptionsWrite]), Message, api::recorded::reword),
        program("POST", "/api/v1/descriptions/{description_id}/retire", Client(&[S::DescriptionsWrite]), Message, api::recorded::retire),
        program("POST", "/api/v1/descriptions/{description_id}/restore", Client(&[S::DescriptionsWrite]), Message, api::recorded::restore),
        program("POST", "/api/v1/imports/of/{rows}", Client(&[S::RosterWrite]), Rows, api::imports::send),
        program("GET", "/api/v1/imports/{import_id}", Client(&[S::RosterWrite]), Nothing, api::imports::show),
        program("GET", "/api/v1/exports/{kind}", Client(&[S::ExportsRead]), Nothing, api::exports::take),
    ]
}
