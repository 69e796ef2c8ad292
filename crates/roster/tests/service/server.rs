//! As much of a OneRoster service as a test needs, with made-up people.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub query: String,
    pub authorization: String,
    pub body: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    is_cut: bool,
}

impl Answer {
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new(), is_cut: false }
    }

    pub fn ok(body: &str) -> Self {
        Self::status(200).saying(body)
    }

    /// One whose end never comes.
    pub fn cut(body: &str) -> Self {
        Self { is_cut: true, ..Self::ok(body) }
    }

    pub fn saying(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Script = dyn Fn(&Seen, &[Seen]) -> Option<Answer> + Send + Sync;

#[derive(Default, Clone, Copy)]
struct Habits {
    at_most: Option<usize>,
    claims: Option<usize>,
    is_quiet: bool,
    ignores_offset: bool,
}

/// The service; it stops when dropped.
pub struct Kura {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    habits: Arc<Mutex<Habits>>,
    is_over: Arc<AtomicBool>,
}

impl Kura {
    pub fn new() -> Self {
        Self::with(|_, _| None)
    }

    /// One whose script may answer first. It is told what was asked before.
    pub fn with(script: impl Fn(&Seen, &[Seen]) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (seen, habits) = (Arc::default(), Arc::new(Mutex::new(Habits::default())));
        let is_over = Arc::new(AtomicBool::new(false));
        let script: Arc<Script> = Arc::new(script);
        let (keeping, own, ending) = (Arc::clone(&seen), Arc::clone(&habits), Arc::clone(&is_over));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                // A client that hangs up ends a conversation; that is no fault of the test.
                let _ = converse(stream, &keeping, &own, &*script);
            }
        });
        Self { address, seen, habits, is_over }
    }

    pub fn giving_at_most(self, count: usize) -> Self {
        self.habits.lock().expect("habits").at_most = Some(count);
        self
    }

    pub fn claiming(self, total: usize) -> Self {
        self.habits.lock().expect("habits").claims = Some(total);
        self
    }

    pub fn without_totals(self) -> Self {
        self.habits.lock().expect("habits").is_quiet = true;
        self
    }

    pub fn ignoring_offset(self) -> Self {
        self.habits.lock().expect("habits").ignores_offset = true;
        self
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a list").clone()
    }
}

impl Drop for Kura {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for somebody to connect.
        let _ = TcpStream::connect(self.address);
    }
}

fn converse(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Seen>>,
    habits: &Mutex<Habits>,
    script: &Script,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.trim().clone_into(&mut authorization),
            "content-length" => length = value.trim().parse().unwrap_or_default(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let asked = Seen { path: path.to_owned(), query: query.to_owned(), authorization, body };
    let before = {
        let mut seen = seen.lock().expect("a list");
        let before = seen.clone();
        seen.push(asked.clone());
        before
    };
    let habits = *habits.lock().expect("habits");
    let answer = script(&asked, &before).unwrap_or_else(|| usual(&asked, &before, habits));
    write!(stream, "HTTP/1.1 {} .\r\nconnection: close\r\n", answer.status)?;
    for (name, value) in &answer.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    let length = answer.body.len() + if answer.is_cut { 1_000 } else { 0 };
    write!(stream, "content-type: application/json\r\ncontent-length: {length}\r\n\r\n{}", answer.body)?;
    stream.flush()
}

fn usual(asked: &Seen, before: &[Seen], habits: Habits) -> Answer {
    if asked.path == "/token" {
        let number = before.iter().filter(|other| other.path == "/token").count() + 1;
        return Answer::ok(&format!(
            "{{\"access_token\":\"token-{number}\",\"token_type\":\"bearer\",\"expires_in\":\"3600\"}}"
        ));
    }
    let collection = asked.path.rsplit('/').next().unwrap_or_default();
    let is_v1p2 = asked.path.contains("v1p2");
    let mut records = records(collection, is_v1p2);
    if asked.query.contains("filter=") {
        records.retain(|record| record.contains("\"dateLastModified\":\"2026-05-03"));
    }
    let number = |name: &str| {
        let value = asked.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        value.and_then(|value| value.parse::<usize>().ok())
    };
    let limit = number("limit").unwrap_or(100).min(habits.at_most.unwrap_or(usize::MAX));
    let offset = if habits.ignores_offset { 0 } else { number("offset").unwrap_or(0) };
    let total = records.len();
    let page: Vec<&str> = records.iter().skip(offset).take(limit).map(String::as_str).collect();
    let answer = Answer::ok(&format!("{{\"{collection}\":[{}]}}", page.join(",")));
    if habits.is_quiet {
        return answer;
    }
    let answer = answer.with("x-total-count", &habits.claims.unwrap_or(total).to_string());
    if offset + page.len() < total {
        let next = format!("<{}?limit={limit}&offset={}>; rel=\"next\"", asked.path, offset + page.len());
        answer.with("link", &next)
    } else {
        answer
    }
}

fn records(collection: &str, is_v1p2: bool) -> Vec<String> {
    const OLD: &str = "\"status\":\"active\",\"dateLastModified\":\"2026-02-01T00:00:00.000Z\"";
    let own = |rows: &[&str]| rows.iter().map(|row| row.replace("OLD", OLD)).collect::<Vec<_>>();
    match collection {
        "orgs" => own(&[
            r#"{"sourcedId":"o-1",OLD,"name":"Kāhui Ako","type":"district","identifier":null}"#,
            r#"{"sourcedId":"o-2",OLD,"name":"Te Kura o te Awa","type":"school","identifier":"0189","parent":{"sourcedId":"o-1","type":"org","href":"x"}}"#,
        ]),
        "academicSessions" => own(&[
            r#"{"sourcedId":"y-26",OLD,"title":"2026","type":"schoolYear","startDate":"2026-01-28","endDate":"2026-12-16"}"#,
        ]),
        "classes" => own(&[
            r#"{"sourcedId":"c-9k",OLD,"title":"9KO","classType":"homeroom","school":{"sourcedId":"o-2"},"terms":[]}"#,
            r#"{"sourcedId":"c-sci",OLD,"title":"Science","classType":"scheduled","school":{"sourcedId":"o-2"}}"#,
        ]),
        "enrollments" => own(&[
            r#"{"sourcedId":"e-1",OLD,"user":{"sourcedId":"u-1"},"class":{"sourcedId":"c-9k"},"school":{"sourcedId":"o-2"},"role":"student","primary":"false","beginDate":"2026-02-02"}"#,
            r#"{"sourcedId":"e-2",OLD,"user":{"sourcedId":"u-2"},"class":{"sourcedId":"c-9k"},"school":{"sourcedId":"o-2"},"role":"student","beginDate":"2026-02-02","endDate":null}"#,
            r#"{"sourcedId":"e-3",OLD,"user":{"sourcedId":"u-5"},"class":{"sourcedId":"c-9k"},"school":{"sourcedId":"o-2"},"role":"teacher","primary":true}"#,
            r#"{"sourcedId":"e-4",OLD,"user":{"sourcedId":"u-1"},"class":{"sourcedId":"c-sci"},"school":{"sourcedId":"o-2"},"role":"student"}"#,
        ]),
        "users" => {
            let role = |role: &str| {
                if is_v1p2 {
                    format!(
                        r#""roles":[{{"roleType":"primary","role":"{role}","org":{{"sourcedId":"o-2"}}}}],"userProfiles":[{{"credentials":[{{"password":"CANARY"}}]}}]"#
                    )
                } else {
                    format!(
                        r#""role":"{role}","orgs":[{{"sourcedId":"o-2","type":"org"}}],"password":"CANARY""#
                    )
                }
            };
            let user = |rest: &str, kind: &str| rest.replace("OLD", OLD).replace("ROLE", &role(kind));
            vec![
                user(
                    r#"{"sourcedId":"u-1",OLD,"enabledUser":"true",ROLE,"userIds":[{"type":"NSN","identifier":"0123456701"}],"givenName":"Aroha","familyName":"Tamihana","identifier":"7001","grades":["09"]}"#,
                    "student",
                ),
                user(
                    r#"{"sourcedId":"u-2",OLD,ROLE,"givenName":"Wiremu","familyName":"Parata","identifier":7002,"grades":["10"]}"#,
                    "student",
                ),
                user(
                    r#"{"sourcedId":"u-3","status":"active","dateLastModified":"2026-05-03T20:00:00.000Z",ROLE,"givenName":"Mei","familyName":"Chen","identifier":"7003","grades":["09"]}"#,
                    "student",
                ),
                user(
                    r#"{"sourcedId":"u-5",OLD,ROLE,"givenName":"Hēmi","familyName":"Ngata","identifier":"HNG","email":"h.ngata@kura.example","grades":[]}"#,
                    "teacher",
                ),
                user(
                    r#"{"sourcedId":"u-9",OLD,ROLE,"givenName":"Rangi","familyName":"Tamihana"}"#,
                    if is_v1p2 { "parent" } else { "guardian" },
                ),
            ]
        }
        _ => Vec::new(),
    }
}
