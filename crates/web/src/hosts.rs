//! Whose request it is: the name that was asked for, and the school that has it.
//!
//! Choice: decision 0020. A memory with one school that has no name answers under any name. Else
//! each school is found by its own, and a name that no school has is answered like a page that is
//! not there. On this machine itself every school also answers as `NUMBER.localhost`, to be set up
//! before its name leads anywhere.

use crate::error::WebError;
use crate::this_machine::{is_this_machine, peer};
use app::{App, AppError, Hosted, School};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// For how long the directory is believed before it is read again: a school that was added or
/// renamed is found within this time, and the database is asked no more often, whatever names are
/// asked for.
pub(crate) const LIFE: Duration = Duration::from_secs(2);

/// The schools that a router answers for.
pub(crate) enum Schools {
    /// One, whatever name is asked for.
    One(School),
    /// Those of the directory, each under its own name.
    Many(Directory),
}

impl Schools {
    /// The school that is asked for.
    pub(crate) async fn find(&self, asked: Asked) -> Result<Option<School>, WebError> {
        match self {
            Self::One(school) => Ok(Some(school.clone())),
            Self::Many(directory) => Ok(directory.known().await?.find(&asked)),
        }
    }

    /// Asks the database for next to nothing, where waiting is allowed.
    pub(crate) fn check_answers(&self) -> impl FnOnce() -> Result<(), AppError> + Send + use<> {
        let (one, many) = match self {
            Self::One(school) => (Some(school.clone()), None),
            Self::Many(directory) => (None, Some(directory.app.clone())),
        };
        move || {
            one.map_or(Ok(()), |school| school.check_answers())?;
            many.map_or(Ok(()), |app| app.check_answers())
        }
    }
}

/// What a request says of whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    name: Option<String>,
    /// Whether it comes straight from this machine.
    is_here: bool,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let headers = request.headers();
        Self { name: host_name(headers), is_here: is_this_machine(peer(request), headers) }
    }
}

/// The name in a request's one `Host`, in lower case and without its port.
pub(crate) fn host_name(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let (host, None) = (hosts.next()?.to_str().ok()?, hosts.next()) else { return None };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    Some(name.to_ascii_lowercase())
}

/// The host's directory, read now and then.
pub(crate) struct Directory {
    app: App,
    life: Duration,
    known: RwLock<Option<Arc<Known>>>,
    reading: tokio::sync::Mutex<()>,
}

/// The directory as it was read.
struct Known {
    read_at: Instant,
    only: Option<School>,
    by_name: HashMap<String, School>,
    by_number: HashMap<String, School>,
}

impl Directory {
    pub(crate) fn new(app: App, life: Duration) -> Self {
        Self { app, life, known: RwLock::new(None), reading: tokio::sync::Mutex::new(()) }
    }

    /// What is known, at most as old as its life. One request reads it anew; others that come
    /// meanwhile are served by what was known, and so is everybody while the database does not
    /// answer.
    async fn known(&self) -> Result<Arc<Known>, WebError> {
        let before = self.kept();
        if let Some(known) = before.as_ref().filter(|known| known.read_at.elapsed() < self.life) {
            return Ok(Arc::clone(known));
        }
        let _turn = match (self.reading.try_lock(), &before) {
            (Ok(turn), _) => turn,
            (Err(_), Some(known)) => return Ok(Arc::clone(known)),
            (Err(_), None) => {
                let turn = self.reading.lock().await;
                if let Some(known) = self.kept() {
                    return Ok(known);
                }
                turn
            }
        };
        let app = self.app.clone();
        let read = tokio::task::spawn_blocking(move || app.directory()).await;
        let fresh = match (read.map_err(|_| WebError::Broken)?, before) {
            (Ok(directory), _) => Known::new(directory),
            (Err(_), Some(known)) => Known { read_at: Instant::now(), ..known.again() },
            (Err(error), None) => return Err(error.into()),
        };
        let fresh = Arc::new(fresh);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    fn kept(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Known {
    fn new(directory: Vec<Hosted>) -> Self {
        let only = match directory.as_slice() {
            [hosted] if hosted.host_name.is_none() => Some(hosted.school.clone()),
            _ => None,
        };
        let number = |hosted: &Hosted| (hosted.school.number().to_string(), hosted.school.clone());
        let by_number = directory.iter().map(number).collect();
        let name = |hosted: Hosted| Some((hosted.host_name?, hosted.school));
        Self {
            read_at: Instant::now(),
            only,
            by_number,
            by_name: directory.into_iter().filter_map(name).collect(),
        }
    }

    fn again(&self) -> Self {
        let (by_name, by_number) = (self.by_name.clone(), self.by_number.clone());
        Self { read_at: self.read_at, only: self.only.clone(), by_name, by_number }
    }

    fn find(&self, asked: &Asked) -> Option<School> {
        if let Some(only) = &self.only {
            return Some(only.clone());
        }
        let name = asked.name.as_deref()?;
        let of_machine = || self.by_number.get(name.strip_suffix(".localhost")?).filter(|_| asked.is_here);
        self.by_name.get(name).or_else(of_machine).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::NewSchool;
    use axum::http::HeaderValue;
    use domain::{SchoolNumber, Zone};

    fn headers(hosts: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_static(host));
        }
        headers
    }

    #[test]
    fn a_host_is_read_in_lower_case_and_without_its_port() {
        for (host, name) in [
            ("kura.example", "kura.example"),
            ("KURA.Example:8443", "kura.example"),
            ("127.0.0.1:4100", "127.0.0.1"),
            ("[::1]:4100", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(host_name(&headers(&[host])).as_deref(), Some(name), "{host}");
        }
        assert_eq!(host_name(&headers(&[])), None);
        assert_eq!(host_name(&headers(&["kura.example", "awa.example"])), None, "two are none");
    }

    /// A memory in a directory of its own.
    struct Memory(App, std::path::PathBuf);

    impl Memory {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("starboard-hosts-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            Self(App::open_for_rehearsal(&path, 7).expect("a database"), path)
        }

        fn add(&self, number: &str, host_name: Option<&str>) -> School {
            let number = SchoolNumber::parse(number).expect("a number");
            let host_name = host_name.map(str::to_owned);
            let new =
                NewSchool { number, name: "Kura".to_owned(), zone: Zone::Auckland, region: None, host_name };
            self.0.make_school(&new, now()).expect("a school").0
        }
    }

    impl Drop for Memory {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.1);
        }
    }

    fn now() -> domain::Instant {
        domain::Instant::parse("2026-05-05T09:30:00+12:00").expect("a time")
    }

    async fn found(schools: &Schools, host: &'static str) -> Option<String> {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().insert(HOST, HeaderValue::from_static(host));
        let school = schools.find(Asked::of(&request)).await.expect("a directory");
        school.map(|school| school.number().to_string())
    }

    #[tokio::test]
    async fn one_school_without_a_name_answers_any_and_several_answer_their_own() {
        let memory = Memory::new("names");
        let schools = Schools::Many(Directory::new(memory.0.clone(), Duration::ZERO));
        assert_eq!(found(&schools, "kura.example").await, None, "no school at all");
        let first = memory.add("189", None);
        assert_eq!(found(&schools, "anything.example").await.as_deref(), Some("189"));
        // Added and renamed while the server runs.
        memory.add("12", Some("awa.example"));
        assert_eq!(found(&schools, "anything.example").await, None);
        assert_eq!(found(&schools, "AWA.example:443").await.as_deref(), Some("12"));
        first.set_host_name(now(), Some("kura.example")).expect("a name");
        assert_eq!(found(&schools, "kura.example").await.as_deref(), Some("189"));
        first.set_host_name(now(), Some("moana.example")).expect("a name");
        assert_eq!(found(&schools, "kura.example").await, None);
        assert_eq!(found(&schools, "moana.example").await.as_deref(), Some("189"));
        assert_eq!(found(&schools, "189.localhost").await, None, "not from elsewhere");
    }

    #[tokio::test]
    async fn what_is_known_is_not_read_again_while_it_is_fresh_whatever_is_asked_for() {
        let memory = Memory::new("fresh");
        memory.add("12", Some("awa.example"));
        let schools = Schools::Many(Directory::new(memory.0.clone(), Duration::MAX));
        assert_eq!(found(&schools, "awa.example").await.as_deref(), Some("12"));
        memory.add("13", Some("kura.example"));
        assert_eq!(found(&schools, "kura.example").await, None);
        assert_eq!(found(&schools, "awa.example").await.as_deref(), Some("12"));
    }

    #[test]
    fn on_the_machine_itself_every_school_has_a_name() {
        let memory = Memory::new("machine");
        let known = |memory: &Memory| Known::new(memory.0.directory().expect("a directory"));
        memory.add("12", Some("awa.example"));
        memory.add("13", None);
        let known = known(&memory);
        let find = |name: &str, is_here| {
            let school = known.find(&Asked { name: Some(name.to_owned()), is_here });
            school.map(|school| school.number().to_string())
        };
        assert_eq!(find("12.localhost", true).as_deref(), Some("12"));
        assert_eq!(find("13.localhost", true).as_deref(), Some("13"));
        for (name, is_here) in
            [("12.localhost", false), ("14.localhost", true), ("localhost", true), ("", true)]
        {
            assert_eq!(find(name, is_here), None, "{name}");
        }
        assert!(known.find(&Asked { name: None, is_here: true }).is_none());
    }
}
