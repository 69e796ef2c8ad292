//! A small made-up school with one person of every role, and a browser of sorts.

use app::{Actor, App, ImportKind, ImportRequest, NewSchool, School};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::{Instant, Role, SchoolNumber, StaffId, Zone};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse battery staple";

const TERMS: &str = "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n";
const STAFF: &str = "staff_id,name,email,role,groups\n\
    teacher,Tui Example,teacher@school.example,teacher,9KA\n\
    dean,Dana Example,dean@school.example,dean,Year 9\n\
    office,Ora Example,office@school.example,office,\n\
    leader,Lee Example,leader@school.example,leader,\n\
    principal,Pania Example,principal@school.example,principal,\n\
    sms_admin,Ana Example,sms_admin@school.example,sms_admin,\n";
const STUDENTS: &str = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
    S1,0123456789,Āria,Sample,,9,9KA,2026-02-02,\n\
    S2,,Beau,Sample,,9,9KA,2026-02-02,\n\
    S3,,Cara,Sample,,10,10RI,2026-02-02,\n";
const MARKS: &str = "student_id,date,half,code\n\
    S1,2026-05-04,am,P\nS1,2026-05-04,pm,?\nS2,2026-05-04,am,P\nS3,2026-05-04,am,P\n";

/// A school with its pages, and a clock that tests can move.
pub struct Site {
    pub app: App,
    pub school: School,
    /// The name under which it is asked for.
    pub host: &'static str,
    pub router: Router,
    pub directory: PathBuf,
    /// The secret of the set-up link.
    pub set_up: String,
    clock: Arc<AtomicI64>,
}

/// Somebody's session.
#[derive(Clone)]
pub struct Person {
    pub token: String,
    pub csrf: String,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The same as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("plain text"))
    }

    /// The token of the session that this answer began, if it did.
    pub fn token(&self) -> Option<String> {
        let cookie = self.header("set-cookie").strip_prefix("__Host-starboard=")?;
        Some(cookie.split(';').next().unwrap_or_default().to_owned())
    }
}

/// What is asked, for the parts that a test wants different.
#[derive(Clone, Default)]
pub struct Ask<'a> {
    pub person: Option<&'a Person>,
    pub headers: Vec<(&'a str, &'a str)>,
    pub peer: Option<&'a str>,
    /// A body instead of fields.
    pub body: Option<Vec<u8>>,
}

/// A database of its own with a clock.
struct Memory {
    app: App,
    directory: PathBuf,
    clock: Arc<AtomicI64>,
}

impl Memory {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory = std::env::temp_dir().join(format!("starboard-web-{}-{count}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let now = Instant::parse("2026-05-05T09:30:00+12:00").expect("a time");
        let app = App::open_for_rehearsal(&directory, 7).expect("a database");
        Self { app, directory, clock: Arc::new(AtomicI64::new(now.micros())) }
    }

    fn now(&self) -> Instant {
        Instant::from_micros(self.clock.load(Ordering::SeqCst)).expect("in range")
    }

    fn settings(&self) -> web::Settings {
        let told = Arc::clone(&self.clock);
        let tell = move || Instant::from_micros(told.load(Ordering::SeqCst)).expect("in range");
        web::Settings {
            clock: Arc::new(tell),
            banner: None,
            ministry_url: None,
            practice: None,
            ways: app::letters::Ways::default(),
            typeset: None,
            arrived: None,
        }
    }

    fn site(&self, router: Router, school: School, set_up: String, host: &'static str) -> Site {
        let (app, directory, clock) = (self.app.clone(), self.directory.clone(), Arc::clone(&self.clock));
        Site { app, school, host, router, directory, set_up, clock }
    }

    /// A school with a term, staff of every role, three students and their marks; `change` is made
    /// to the text of each file.
    fn furnished(
        &self,
        number: &str,
        name: &str,
        host_name: Option<&str>,
        change: impl Fn(&str) -> String,
    ) -> (School, String) {
        let now = self.now();
        let new = NewSchool {
            number: SchoolNumber::parse(number).expect("a number"),
            name: name.to_owned(),
            zone: Zone::Auckland,
            region: None,
            host_name: host_name.map(str::to_owned),
        };
        let (school, set_up) = self.app.make_school(&new, now).expect("a school");
        let files = [
            (ImportKind::Terms, TERMS),
            (ImportKind::Staff, STAFF),
            (ImportKind::Students, STUDENTS),
            (ImportKind::Marks, MARKS),
        ];
        for (kind, text) in files {
            let request = ImportRequest {
                kind,
                name: format!("{}.csv", kind.text()),
                source: "test".to_owned(),
                bytes: change(text).into_bytes(),
                skip_bad_rows: false,
                again: false,
            };
            let report = school.import(&Actor::Operator, now, request).expect("an import");
            assert!(report.problems.is_empty(), "{:?}", report.problems);
        }
        let staff: Vec<StaffId> =
            Role::ALL.iter().map(|role| StaffId::parse(role.text()).expect("an id")).collect();
        school.set_password_for_rehearsal(now, &staff, PASSWORD).expect("passwords");
        (school, set_up)
    }
}

impl Site {
    /// A school that is alone on its server.
    pub fn new() -> Self {
        let memory = Memory::new();
        let (school, set_up) = memory.furnished("189", "Example College", None, |text| text.to_owned());
        let router = web::router(school.clone(), memory.settings());
        memory.site(router, school, set_up, "school.example")
    }

    /// Two schools on one server, each under its own name. Students of the first are `S1` to `S3`,
    /// of the second `Z1` to `Z3`; the staff of both have the same ids, addresses and password.
    pub fn pair() -> (Self, Self) {
        let memory = Memory::new();
        let (kura, awa) = ("kura.example", "awa.example");
        let first = memory.furnished("189", "Example College", Some(kura), |text| text.to_owned());
        let second = memory.furnished("12", "Sample School", Some(awa), |text| {
            ["1,", "2,", "3,"].iter().fold(text.replace("Sample", "Other"), |text, digit| {
                text.replace(&format!("\nS{digit}"), &format!("\nZ{digit}"))
            })
        });
        let router = web::router_of_many(memory.app.clone(), memory.settings());
        let other = memory.site(router.clone(), second.0, second.1, awa);
        (memory.site(router, first.0, first.1, kura), other)
    }

    pub fn now(&self) -> Instant {
        Instant::from_micros(self.clock.load(Ordering::SeqCst)).expect("in range")
    }

    /// The settings of another router over the same memory, with the same clock.
    pub fn settings(&self) -> web::Settings {
        let (app, directory) = (self.app.clone(), self.directory.clone());
        Memory { app, directory, clock: Arc::clone(&self.clock) }.settings()
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// A session of the person of a role.
    pub fn person(&self, role: Role) -> Person {
        let request = app::SignIn { email: format!("{role}@school.example"), password: PASSWORD.to_owned() };
        let token = self.school.sign_in(self.now(), request).expect("a session");
        self.session(token)
    }

    pub fn session(&self, token: String) -> Person {
        let csrf = self.school.session(self.now(), &token).expect("a database").expect("a session").csrf;
        Person { token, csrf }
    }

    pub async fn get(&self, path: &str, person: Option<&Person>) -> Answer {
        self.ask("GET", path, &[], Ask { person, ..Ask::default() }).await
    }

    /// Sends a form as our own page does, with the session's token.
    pub async fn post(&self, path: &str, person: Option<&Person>, fields: &[(&str, &str)]) -> Answer {
        let mut all = fields.to_vec();
        if let Some(person) = person {
            all.push(("csrf", person.csrf.as_str()));
        }
        self.ask("POST", path, &all, Ask { person, ..Ask::default() }).await
    }

    /// Sends a form with a file.
    pub async fn upload(&self, path: &str, person: &Person, fields: &[(&str, &str)], file: &str) -> Answer {
        let mut all = fields.to_vec();
        all.push(("csrf", person.csrf.as_str()));
        let headers = vec![MULTIPART];
        let body = Some(multipart(&all, file));
        self.ask("POST", path, &[], Ask { person: Some(person), headers, body, ..Ask::default() }).await
    }

    /// Brings a file in the contract's own format and imports it after its review; answers the page of
    /// what came of it.
    pub async fn bring(&self, person: &Person, source: &str, file: &str) -> Answer {
        let brought = self.upload("/school/imports", person, &[("source", source)], file).await;
        let address = brought.header("location").to_owned();
        if !address.starts_with("/school/imports/") {
            return brought;
        }
        let review = self.get(&address, Some(person)).await;
        let Some(expected) = hidden(&review.body, "expected") else { return review };
        let imported = self.post(&address, Some(person), &[("expected", &expected)]).await;
        let to = imported.header("location").to_owned();
        if to.is_empty() { imported } else { self.get(&to, Some(person)).await }
    }

    pub async fn ask(&self, method: &str, path: &str, fields: &[(&str, &str)], ask: Ask<'_>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !ask.headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", self.host);
        }
        if let Some(person) = ask.person {
            request = request.header("cookie", format!("theme=dark; __Host-starboard={}", person.token));
        }
        for (name, value) in &ask.headers {
            request = request.header(*name, *value);
        }
        let typed = ask.headers.iter().any(|(name, _)| *name == "content-type");
        if method == "POST" && !typed {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let body = ask.body.unwrap_or_else(|| urlencoded(fields).into_bytes());
        let mut request = request.body(Body::from(body)).expect("a request");
        if let Some(peer) = ask.peer {
            let peer: SocketAddr = peer.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        send(&self.router, request).await
    }
}

/// Asks a router, and reads its answer whole.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, body, bytes: bytes.to_vec() }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The content type of [`multipart`].
pub const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=border");

pub fn multipart(fields: &[(&str, &str)], file: &str) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--border\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(
        "--border\r\ncontent-disposition: form-data; name=\"file\"; filename=\"C:\\\\x\\\\a.csv\"\r\n",
    );
    body.push_str(&format!("content-type: text/csv\r\n\r\n{file}\r\n--border--\r\n"));
    body.into_bytes()
}

pub fn urlencoded(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// A path of the table with something that exists in each of its places.
pub fn filled(path: &str) -> String {
    let id = if path.starts_with("/students") {
        "S1"
    } else if path.starts_with("/school/people") {
        "office"
    } else {
        "1"
    };
    let name = path.replace("{id}", id).replace("{token}", "none").replace("{group}", "9KA");
    let name = name.replace("{epoch}", "1").replace("{first}", "1").replace("{*path}", "starboard.css");
    let name = name.replace("{student_id}", "S1").replace("{date}", "2026-05-04").replace("{slot}", "am");
    let name =
        name.replace("{term}", "2026-T2").replace("{response_id}", "none").replace("{description_id}", "1");
    name.replace("{kind}", "tallies").replace("{rows}", "marks").replace("{import_id}", "none")
}

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}
