//! The outside of every answer: who may ask, where, how, and in what form a refusal comes.

use super::bench::{Bench, KNOWN, PROBLEM, refusal};
use super::facts::DAY;
use super::{Scenario, scenario};
use crate::client::{Answer, Ask};
use crate::finding::{Verdict, must, skipped};
use domain::SchoolNumber;

pub(super) const ENTRY: &[Scenario] =
    &[scenario("entry", "Addresses", "GET /v1 says which versions, limits and encodings there are", entry)];

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "no-credential",
        "What the collector does",
        "without a token nothing of the school is taken or told",
        no_credential,
    ),
    scenario(
        "wrong-school",
        "What the collector does",
        "a school's token does not open the addresses of another school",
        wrong_school,
    ),
    scenario(
        "problem-form",
        "Problems",
        "every refusal is application/problem+json with type, title and status",
        problem_form,
    ),
    scenario("methods", "Problems", "a method that an address does not have is refused with 405", methods),
    scenario(
        "unknown-address",
        "Problems",
        "an address that is none is refused with not-found",
        unknown_address,
    ),
    scenario("media-type", "Receipts", "a receipt, a state and a digest are application/json", media_type),
    scenario("no-redirect", "Trying again", "nothing is answered with a redirect", no_redirect),
];

fn entry(bench: &Bench) -> Verdict {
    let answer = bench.ask(&Ask::of("GET", "/v1"))?;
    let said = answer.json();
    let names = ["versions", "maxBatchBytes", "maxRecords", "contentEncodings", "tokenEndpoint"];
    let is_whole = answer.status == 200 && names.iter().all(|name| !said[*name].is_null());
    must(is_whole, format!("200 with {}", names.join(", ")), answer.words())?;
    let speaks = said["versions"].as_array().is_some_and(|all| all.iter().any(|version| version == "1"));
    must(speaks, "\"1\" among the versions", said["versions"].to_string())
}

fn a_put(bench: &Bench) -> Ask {
    let body = bench.facts.half_day("credential", "U");
    bench.put_of(&bench.begin().seal(&[bench.facts.upsert(1, "credential", body)]))
}

fn no_credential(bench: &Bench) -> Verdict {
    if !bench.credential.is_given() {
        return skipped("no token was given (--token-file): the receiver is taken to admit any school");
    }
    let put = a_put(bench);
    let asks =
        [put, bench.digest_of(DAY, DAY), bench.signed(Ask::of("GET", wire::state_path(bench.facts.school)))];
    for ask in asks {
        for header in [None, Some("Bearer another-token")] {
            let mut ask = ask.clone().without("authorization");
            ask.headers.extend(header.map(|value| ("authorization", value.to_owned())));
            let answer = bench.ask(&ask)?;
            refusal(&answer, &[(401, "unauthorised")])?;
            let scheme = answer.header("www-authenticate");
            must(scheme.starts_with("Bearer"), "WWW-Authenticate: Bearer", format!("\"{scheme}\""))?;
        }
    }
    Ok(())
}

fn wrong_school(bench: &Bench) -> Verdict {
    if !bench.credential.is_given() {
        return skipped("no token was given (--token-file): the receiver is taken to admit any school");
    }
    let own = bench.facts.school.number();
    let Ok(other) = SchoolNumber::parse(&(if own > 1 { own - 1 } else { own + 1 }).to_string()) else {
        return skipped("there is no school number beside this one");
    };
    let path = |path: &str| path.replace(&format!("/schools/{own}/"), &format!("/schools/{other}/"));
    let mut put = a_put(bench);
    put.path = path(&put.path);
    let mut digest = bench.digest_of(DAY, DAY);
    digest.path = path(&digest.path);
    for ask in [put, digest, bench.signed(Ask::of("GET", wire::state_path(other)))] {
        refusal(&bench.ask(&ask)?, &[(401, "unauthorised"), (403, "school-unknown"), (403, "forbidden")])?;
    }
    Ok(())
}

/// Some refusals of different kinds.
fn refusals(bench: &Bench) -> Vec<Ask> {
    let put = a_put(bench);
    let mut elsewhere = put.clone();
    elsewhere.path = wire::batch_path(bench.facts.school, 1, 999);
    vec![
        put.clone().without("content-digest"),
        elsewhere,
        put.without("content-digest").header("content-digest", wire::digest(b"")).body(Vec::new()),
        bench.signed(Ask::of("GET", "/v1/nothing")),
        bench.signed(Ask::of("DELETE", wire::state_path(bench.facts.school))),
        bench.signed(Ask::of("GET", format!("/v1/schools/{}/digest", bench.facts.school))),
    ]
}

fn problem_form(bench: &Bench) -> Verdict {
    for ask in refusals(bench) {
        let answer = bench.ask(&ask)?;
        if answer.status < 400 {
            // That it was not refused is said by the scenario that is about it.
            continue;
        }
        let what = format!("{} {}", ask.method, ask.path);
        let media = answer.header("content-type");
        let is_problem = media.split(';').next().unwrap_or_default().trim() == "application/problem+json";
        must(is_problem, format!("{what}: content-type application/problem+json"), format!("\"{media}\""))?;
        let problem = answer.json();
        let named = problem["type"].as_str().and_then(|name| name.strip_prefix(PROBLEM)).unwrap_or_default();
        let known = format!("{what}: one of the types of the table after {PROBLEM}");
        must(KNOWN.contains(&named), known, answer.words())?;
        let agrees = problem["status"] == answer.status && problem["title"].is_string();
        must(agrees, format!("{what}: a title, and the status of the answer"), answer.words())?;
    }
    Ok(())
}

fn methods(bench: &Bench) -> Verdict {
    let batch = wire::batch_path(bench.facts.school, 1, 1);
    let state = wire::state_path(bench.facts.school);
    let digest = bench.digest_of(DAY, DAY).path;
    let cases = [
        (&batch, ["GET", "POST", "DELETE", "PATCH"], "PUT"),
        (&state, ["PUT", "POST", "DELETE", "PATCH"], "GET"),
        (&digest, ["PUT", "POST", "DELETE", "PATCH"], "GET"),
    ];
    for (path, wrong, right) in cases {
        for method in wrong {
            let mut ask = bench.signed(Ask::of(method, path.clone()));
            if method != "GET" && method != "DELETE" {
                ask = ask.body(Vec::new());
            }
            let answer = bench.ask(&ask)?;
            let expected = format!("{method} {path}: 405 method-not-allowed, with Allow: {right}");
            let allowed = answer.header("allow").split(',').any(|one| one.trim() == right);
            let is_named = answer.json()["type"] == format!("{PROBLEM}method-not-allowed");
            let came = format!("{} (Allow: \"{}\")", answer.words(), answer.header("allow"));
            must(answer.status == 405 && allowed && is_named, expected, came)?;
        }
    }
    Ok(())
}

fn unknown_address(bench: &Bench) -> Verdict {
    let school = bench.facts.school;
    for path in ["/v1/nothing".to_owned(), "/v2".to_owned(), format!("/v1/schools/{school}/nothing")] {
        refusal(&bench.ask(&bench.signed(Ask::of("GET", path)))?, &[(404, "not-found")])?;
    }
    Ok(())
}

fn media_type(bench: &Bench) -> Verdict {
    let state = bench.signed(Ask::of("GET", wire::state_path(bench.facts.school)));
    for ask in [a_put(bench), state, bench.digest_of(DAY, DAY)] {
        let answer: Answer = bench.ask(&ask)?;
        let media = answer.header("content-type");
        let is_json = media.split(';').next().unwrap_or_default().trim() == "application/json";
        let expected = format!("{} {}: 200 with content-type application/json", ask.method, ask.path);
        must(answer.status == 200 && is_json, expected, format!("{} \"{media}\"", answer.status))?;
    }
    Ok(())
}

fn no_redirect(bench: &Bench) -> Verdict {
    let school = bench.facts.school;
    for path in
        [format!("/v1/schools/{school}/state/"), format!("//v1/schools/{school}/state"), "/v1/".to_owned()]
    {
        bench.ask(&bench.signed(Ask::of("GET", path)))?;
    }
    let seen = bench.redirected.borrow();
    must(
        seen.is_empty(),
        "no answer with a status from 300 to 399, in this or any other scenario",
        seen.join("; "),
    )
}
