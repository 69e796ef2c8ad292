//! The pages about students, asked as a browser would: Today, the record form, rolls, one
//! student, notes. The school is small and made up, and it is always the same Monday.

use app::{Actor, App, ImportKind, ImportRequest, NewSchool, School, SignIn};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::{Instant, SchoolNumber, StaffId, Zone};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

const PASSWORD: &str = "four words and a river";
const NSN: &str = "0987654321";
const STAFF: &str = "staff_id,name,email,role,groups\n\
    KA,Kiri Example,ka@example.nz,teacher,9KA\n\
    RI,Rangi Example,ri@example.nz,teacher,9RI\n\
    OFF,Ofa Example,off@example.nz,office,\n\
    LEAD,Lea Example,lead@example.nz,leader,\n\
    SMS,Sam Example,sms@example.nz,sms_admin,\n";
const STUDENTS: &str = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
    S1,0987654321,Aroha,Tāwhai,,9,9KA,2026-01-27,\n\
    S2,,Wiremu,Kauri,Wī,9,9KA,2026-01-27,\n\
    S3,,Hēmi,Rātā,,9,9RI,2026-01-27,\n\
    S4,,Mere,Nīkau,,9,9KA,2026-01-27,\n";

fn now() -> Instant {
    Instant::parse("2026-05-11T10:00:00+12:00").expect("a time")
}

struct Place {
    directory: PathBuf,
    school: School,
    router: Router,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Aroha was away for the ten half-days of last week; the others were at school.
fn place() -> Place {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name =
        format!("starboard-student-pages-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let directory = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&directory).expect("a directory");
    let app = App::open_for_rehearsal(&directory, 7).expect("a database");
    let number = SchoolNumber::parse("189").expect("a number");
    let new = NewSchool {
        number,
        name: "Example School".to_owned(),
        zone: Zone::Auckland,
        region: None,
        host_name: None,
    };
    let (school, _) = app.make_school(&new, now().plus_seconds(-30 * 86_400)).expect("a school");
    import(&school, ImportKind::Terms, "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n");
    import(&school, ImportKind::Students, STUDENTS);
    import(&school, ImportKind::Staff, STAFF);
    let mut marks = String::from("student_id,date,half,code\n");
    for day in 4..=8 {
        for half in ["am", "pm"] {
            marks.push_str(&format!("S1,2026-05-0{day},{half},M\nS2,2026-05-0{day},{half},P\n"));
        }
    }
    import(&school, ImportKind::Marks, &marks);
    let staff: Vec<StaffId> =
        ["KA", "RI", "OFF", "LEAD", "SMS"].map(|id| StaffId::parse(id).expect("an id")).to_vec();
    school.set_password_for_rehearsal(now(), &staff, PASSWORD).expect("a password");
    let settings = web::Settings {
        clock: Arc::new(now),
        banner: None,
        ministry_url: None,
        practice: None,
        ways: app::letters::Ways::default(),
        typeset: None,
        arrived: None,
    };
    Place { directory, router: web::router(school.clone(), settings), school }
}

fn import(school: &School, kind: ImportKind, text: &str) {
    let request = ImportRequest {
        kind,
        name: "made-up.csv".to_owned(),
        source: "test".to_owned(),
        bytes: text.as_bytes().to_vec(),
        skip_bad_rows: false,
        again: false,
    };
    let report = school.import(&Actor::Operator, now().plus_seconds(-3_600), request).expect("an import");
    assert!(report.stored, "{:?}", report.problems);
}

/// Somebody signed in.
struct Browser<'p> {
    place: &'p Place,
    cookie: String,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    location: String,
    text: String,
}

impl Place {
    fn browser(&self, email: &str) -> Browser<'_> {
        let request = SignIn { email: email.to_owned(), password: PASSWORD.to_owned() };
        let token = self.school.sign_in(now(), request).expect("the password");
        let csrf = self.school.session(now(), &token).expect("a session").expect("a session").csrf;
        Browser { place: self, cookie: format!("__Host-starboard={token}"), csrf }
    }
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.csrf);
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).expect("a request")).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.place.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let location =
            response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        let location = location.to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 8 << 20).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        assert!(!text.contains('⟦'), "a word is missing: {}", around(&text, "⟦"));
        Answer { status, location, text }
    }
}

impl Answer {
    fn ok(self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.text
    }

    /// The value of a hidden field.
    fn field(&self, name: &str) -> String {
        let after = self.text.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = after.unwrap_or_else(|| panic!("no field {name} in {}", self.text));
        value.split('"').next().expect("a value").to_owned()
    }
}

fn around(text: &str, what: &str) -> String {
    text.split(what).nth(1).unwrap_or_default().chars().take(60).collect()
}

fn encoded(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

const TARGET: &str = "S1|2026-T2|5";
const CONVERSATION: [(&str, &str); 4] = [
    ("c", TARGET),
    ("type", "conversation_with_whanau"),
    ("description-conversation_with_whanau", "Initial conversation with whānau"),
    ("when", "now"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn who_reached_a_level_is_on_today_until_a_response_is_recorded() {
    let place = place();
    let office = place.browser("off@example.nz");
    let today = office.get("/today").await.ok();
    assert!(today.contains("Aroha Tāwhai") && today.contains("reached 5 days"), "{today}");
    assert!(
        today.contains("5 days")
            && today.contains("Talk with whānau about the absences")
            && today.contains("Group teacher")
    );
    assert!(!today.contains("Wī Kauri"));
    let form = office.get("/respond?student=S1&threshold=5&term=2026-T2").await;
    let key = form.field("key");
    let fields = with(&CONVERSATION, &[("key", key.as_str()), ("then", "next")]);
    let saved = office.post("/respond", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert!(saved.location.starts_with("/today?n=recorded"), "{}", saved.location);
    assert!(!saved.location.contains("Aroha"), "an address never carries a name");
    let today = office.get(&saved.location).await.ok();
    assert!(today.contains("Recorded for Aroha T."), "{today}");
    assert!(today.contains("Everyone who reached a threshold has a response. Ka pai."));
}

#[tokio::test]
async fn save_and_next_goes_to_the_next_student_of_the_same_level() {
    let place = place();
    let mut marks = String::from("student_id,date,half,code\n");
    for day in 4..=8 {
        marks.push_str(&format!("S4,2026-05-0{day},am,J\nS4,2026-05-0{day},pm,?\n"));
    }
    import(&place.school, ImportKind::Marks, &marks);
    let office = place.browser("off@example.nz");
    let today = office.get("/today?level=5").await.ok();
    assert!(today.contains("2.5 days may still change"), "the part that rests on ? is said: {today}");
    let fields = with(&CONVERSATION, &[("key", "k"), ("then", "next"), ("level", "5")]);
    let saved = office.post("/respond", &fields).await;
    assert!(
        saved.location.starts_with("/respond?student=S4&threshold=5&term=2026-T2&level=5"),
        "{}",
        saved.location
    );
    let next = office.get(&saved.location).await.ok();
    assert!(next.contains("Mere Nīkau") && next.contains("Recorded for Aroha T."));
    let fields =
        [("c", "S4|2026-T2|5"), ("type", "unsuccessful_contact_attempt"), ("when", "now"), ("key", "l")];
    assert_eq!(office.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
    let today = office.get("/today").await.ok();
    assert!(
        today.contains("Mere Nīkau") && today.contains("1 failed attempt"),
        "an attempt completes nothing"
    );
}

#[tokio::test]
async fn the_same_form_sent_twice_is_recorded_once() {
    let place = place();
    let office = place.browser("off@example.nz");
    let form = office.get("/respond?student=S1&threshold=5&term=2026-T2").await;
    let (key, opened) = (form.field("key"), form.field("opened"));
    let fields = with(&CONVERSATION, &[("key", key.as_str()), ("opened", opened.as_str())]);
    for _ in 0..2 {
        assert_eq!(office.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
    }
    let student = office.get("/students/S1").await.ok();
    assert_eq!(student.matches("event-response").count(), 1, "{student}");
}

#[tokio::test]
async fn a_response_still_to_come_is_refused_at_its_field_and_what_was_typed_stays() {
    let place = place();
    let office = place.browser("off@example.nz");
    let mut fields = with(&CONVERSATION, &[("key", "k"), ("time", "23:00"), ("note", "Nan drives")]);
    fields[3].1 = "today";
    let again = office.post("/respond", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "href=\"#time\"",
        "id=\"time-error\"",
        "value=\"23:00\"",
        "Nan drives",
        "value=\"conversation_with_whanau\" required checked",
    ] {
        assert!(again.text.contains(kept), "{kept} in {}", again.text);
    }
    let today = office.get("/today").await.ok();
    assert!(today.contains("Aroha Tāwhai"), "nothing was recorded");
    fields[4].1 = "k2";
    fields[5].1 = "09:00";
    assert_eq!(office.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_note_is_on_no_page_but_its_own() {
    let place = place();
    let lead = place.browser("lead@example.nz");
    let fields = with(&CONVERSATION, &[("key", "k"), ("note", "Canary-in-a-note")]);
    assert_eq!(lead.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
    let student = lead.get("/students/S1").await;
    let response = student.text.split("href=\"/responses/").nth(1).and_then(|rest| rest.split('"').next());
    let response = format!("/responses/{}", response.expect("a link to the response"));
    let form = "/respond?student=S1&threshold=5&term=2026-T2";
    for path in ["/today", "/students", "/students/S1", form, &response, "/roll", "/roll/9KA"] {
        assert!(!lead.get(path).await.ok().contains("Canary-in-a-note"), "{path}");
    }
    assert!(student.text.contains("1 note, locked."));
    assert!(lead.get("/students/S1/notes").await.ok().contains("Canary-in-a-note"));
    let other = place.browser("ri@example.nz");
    assert_eq!(other.get("/students/S1/notes").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r10_the_roll_page_is_fit_for_a_projector() {
    let place = place();
    let office = place.browser("off@example.nz");
    let reason = [("date", "2026-05-11"), ("half", "am"), ("term", "2026-T2"), ("key", "r")];
    let mark = with(&reason[..3], &[("key", "m"), ("code", "M"), ("seen", "0")]);
    assert_eq!(office.post("/students/S1/mark", &mark).await.status, StatusCode::SEE_OTHER);
    let reason = with(
        &reason,
        &[("half_day", "2026-05-11-am"), ("reason", "Canary-in-a-reason"), ("given_by", "Canary-nan")],
    );
    let saved = office.post("/students/S1/reason", &reason).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let fields = with(&CONVERSATION, &[("key", "k"), ("note", "Canary-in-a-note")]);
    assert_eq!(office.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(
        office.get("/students/S1?term=2026-T2&cell=2026-05-11-am").await.ok().contains("Canary-in-a-reason")
    );
    for person in ["off@example.nz", "ka@example.nz"] {
        let roll = place.browser(person).get("/roll/9KA?date=2026-05-11&half=am").await.ok();
        assert!(roll.contains("Aroha Tāwhai") && roll.contains("Office knows"), "{roll}");
        for canary in [
            "Canary",
            NSN,
            "•",
            "5 days",
            "5.5 days",
            "Yellow",
            "threshold",
            "Medical",
            ">M<",
            "Conversation",
        ] {
            assert!(!roll.contains(canary), "{canary} in {roll}");
        }
    }
}

#[tokio::test]
async fn all_are_present_by_default_and_nothing_is_saved_by_looking() {
    let place = place();
    let teacher = place.browser("ka@example.nz");
    let roll = teacher.get("/roll/9KA").await;
    assert!(roll.text.contains("Not saved yet"));
    assert_eq!(roll.text.matches("value=\"P\" checked").count(), 3);
    assert!(teacher.get("/roll/9KA").await.ok().contains("Not saved yet"));
    let fields = roll_fields(&roll, &[("S2", "?")]);
    let saved = teacher.post("/roll/9KA", &pairs(&fields)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let roll = teacher.get(&saved.location).await.ok();
    assert!(roll.contains("Saved. 3 marks changed.") && roll.contains("Saved today, 10.00 am"), "{roll}");
    assert!(roll.contains("value=\"?\" checked"));
}

/// A page that was loaded again after the database broke off sends its form once more.
#[tokio::test]
async fn a_roll_and_a_mark_sent_twice_are_entered_once() {
    let place = place();
    let teacher = place.browser("ka@example.nz");
    let roll = teacher.get("/roll/9KA").await;
    let fields = roll_fields(&roll, &[("S2", "?")]);
    let first = teacher.post("/roll/9KA", &pairs(&fields)).await;
    let second = teacher.post("/roll/9KA", &pairs(&fields)).await;
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location, second.location);
    let roll = teacher.get("/roll/9KA").await;
    assert!((1..=3).all(|line| roll.field(&format!("seen-{line}")) == "1"), "one version of each mark");
    // What has no key names the version that was seen, and is refused when it is sent again.
    for form in
        [include_str!("../templates/student_half_day.html"), include_str!("../templates/response.html")]
    {
        for form in form.split("method=\"post\"").skip(1) {
            assert!(form.contains("name=\"key\"") || form.contains("name=\"seen\""), "{form}");
        }
    }
}

/// What a browser sends from a roll page: the letters as shown, apart from those given.
fn roll_fields(roll: &Answer, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for name in ["key", "date", "half"] {
        fields.push((name.to_owned(), roll.field(name)));
    }
    for line in 1..=3 {
        for name in ["student", "seen", "was"] {
            fields.push((format!("{name}-{line}"), roll.field(&format!("{name}-{line}"))));
        }
        let id = roll.field(&format!("student-{line}"));
        let radio = format!("name=\"code-{line}\" value=\"");
        let shown = roll.text.split(radio.as_str()).skip(1);
        let shown = shown.filter(|radio| radio.get(1..).is_some_and(|rest| rest.starts_with("\" checked")));
        let shown = shown.map(|radio| radio[..1].to_owned()).next().expect("a letter");
        let changed =
            changes.iter().find(|(changed, _)| *changed == id).map(|(_, letter)| (*letter).to_owned());
        fields.push((format!("code-{line}"), changed.unwrap_or(shown)));
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn two_people_on_one_roll_see_each_others_letters_and_lose_nothing() {
    let place = place();
    let (teacher, office) = (place.browser("ka@example.nz"), place.browser("off@example.nz"));
    let (hers, theirs) = (teacher.get("/roll/9KA").await, office.get("/roll/9KA").await);
    let saved = teacher.post("/roll/9KA", &pairs(&roll_fields(&hers, &[("S2", "L")]))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let fields = roll_fields(&theirs, &[("S2", "?"), ("S4", "P")]);
    let conflict = office.post("/roll/9KA", &pairs(&fields)).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("Now L"), "{}", conflict.text);
    assert!(conflict.text.contains("value=\"?\" checked"), "what was typed stays");
    // Looked at and saved again: now the second person's letter stands.
    let fields = roll_fields(&conflict, &[]);
    let saved = office.post("/roll/9KA", &pairs(&fields)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let roll = teacher.get("/roll/9KA").await.ok();
    assert!(roll.contains("value=\"?\" checked"));
}

#[tokio::test]
async fn another_groups_roll_and_students_look_as_if_they_were_not_there() {
    let place = place();
    let teacher = place.browser("ri@example.nz");
    assert_eq!(teacher.get("/roll/9RI").await.status, StatusCode::OK);
    for path in ["/roll/9KA", "/students/S1", "/students/S99", "/respond?student=S1&threshold=5", "/respond"]
    {
        assert_eq!(teacher.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let roll = [("date", "2026-05-11"), ("half", "am"), ("key", "k"), ("student-1", "S1"), ("code-1", "?")];
    assert_eq!(teacher.post("/roll/9KA", &roll).await.status, StatusCode::NOT_FOUND);
    let fields = with(&CONVERSATION, &[("key", "k")]);
    assert_eq!(teacher.post("/respond", &fields).await.status, StatusCode::NOT_FOUND);
    let found = teacher.get("/students?q=arohA").await.ok();
    assert!(!found.contains("Tāwhai"));
}

#[tokio::test]
async fn an_sms_administrator_sees_counts_and_no_name() {
    let place = place();
    let admin = place.browser("sms@example.nz");
    let today = admin.get("/today").await.ok();
    assert!(today.contains("Yellow") && today.contains("5 to 9.5 days"));
    assert!(!today.contains("Aroha") && !today.contains("S1"));
    for path in
        ["/students", "/students/S1", "/students/S1/notes", "/roll", "/roll/9KA", "/respond?student=S1"]
    {
        assert_eq!(admin.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_level_that_a_correction_took_back_is_under_moved_back_below() {
    let place = place();
    let office = place.browser("off@example.nz");
    let mark = [
        ("date", "2026-05-08"),
        ("half", "pm"),
        ("term", "2026-T2"),
        ("code", "P"),
        ("seen", "1"),
        ("key", "k"),
    ];
    assert_eq!(office.post("/students/S1/mark", &mark).await.status, StatusCode::SEE_OTHER);
    let today = office.get("/today").await.ok();
    assert!(today.contains("No longer at 5 days:") && today.contains("a mark was corrected"), "{today}");
    assert!(today.contains("Half a day from a threshold") && today.contains("4.5 days"));
    let student = office.get("/students/S1").await.ok();
    assert!(student.contains("<del>Reached 5 days</del>"), "{student}");
    for part in [
        "<b>No longer reached (it was on Fri 8 May, pm).</b>",
        "Fri 8 May, pm was changed from M (Medical or illness) to P (Present), by Ofa Example,",
        "with the file made-up.csv of test",
        "Waits to be sent to the Ministry.",
    ] {
        assert!(student.contains(part), "{part}: {student}");
    }
    assert!(!student.contains("Its level is not reached any more"), "no response named it");

    // The day's movement, in both directions, for those who reach the student.
    assert!(today.contains("2 things moved today, up and down"), "{today}");
    let movement = office.get("/movement").await.ok();
    assert!(movement.contains("Everything that happened to levels on Monday 11 May"), "{movement}");
    assert!(movement.contains("<h2>Reached ") && movement.contains("<h2>No longer reached "), "{movement}");
    assert!(movement.contains("Aroha Tāwhai") && movement.contains("/movement?on=2026-05-08"));
    let other = place.browser("ri@example.nz").get("/movement").await.ok();
    assert!(other.contains("Nothing moved on this day") && !other.contains("Aroha"), "{other}");
    let quiet = office.get("/movement?on=2026-05-06").await.ok();
    assert!(quiet.contains("Nothing moved on this day") && quiet.contains("Later: Thu 7 May"), "{quiet}");
}

#[tokio::test]
async fn a_response_to_a_level_that_was_taken_back_is_marked_and_counted() {
    let place = place();
    let office = place.browser("off@example.nz");
    let recorded = office
        .post(
            "/respond",
            &[
                ("c", "S1|2026-T2|5"),
                ("type", "conversation_with_whanau"),
                ("when", "now"),
                ("key", "k1"),
                ("opened", "0"),
            ],
        )
        .await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text);
    let marked = "Its level is not reached any more";
    assert!(!office.get("/students/S1").await.ok().contains(marked));
    let mark = [
        ("date", "2026-05-08"),
        ("half", "pm"),
        ("term", "2026-T2"),
        ("code", "P"),
        ("seen", "1"),
        ("key", "k2"),
    ];
    assert_eq!(office.post("/students/S1/mark", &mark).await.status, StatusCode::SEE_OTHER);
    let student = office.get("/students/S1").await.ok();
    assert!(student.contains(marked), "{student}");
    assert!(
        student.contains("A response named it then: Conversation with whānau, done today, 10.00 am"),
        "{student}"
    );
    let movement = office.get("/movement").await.ok();
    assert!(movement.contains("1 response now rests on a level that is not reached any more."), "{movement}");
}

#[tokio::test]
async fn how_a_term_was_counted_is_followed_down_to_the_last_number() {
    let place = place();
    let office = place.browser("off@example.nz");
    let student = office.get("/students/S1").await.ok();
    assert!(student.contains("href=\"/students/S1/count?term=2026-T2\""), "{student}");
    let counted = office.get("/students/S1/count?term=2026-T2").await.ok();
    for part in [
        "How Aroha Tāwhai was counted",
        "By all that is known now.",
        "<td class=\"number\" data-label=\"Number\"><b>10</b></td>",
        "Absent, justified",
        "<b>Reached 5 days</b>",
        "M from a file of test, today, 9.00 am",
        "School closed (ANZAC Day): not counted",
        "No roll taken: neither present nor absent",
        "with the file made-up.csv of test",
    ] {
        assert!(counted.contains(part), "{part}: {counted}");
    }
    assert!(!counted.contains("<b>11</b>") && !counted.contains(NSN));
    let earlier = office.get("/students/S1/count?term=2026-T2&as_of=2026-05-06").await.ok();
    assert!(earlier.contains("<b>6</b>") && !earlier.contains("<b>7</b>"), "{earlier}");
    assert!(earlier.contains("No level is reached.") && earlier.contains("value=\"2026-05-06\""));
    // Marks came at 9; before that there was no roll, and before the terms came no term.
    let known = office.get("/students/S1/count?term=2026-T2&known_at=2026-05-11T08:59").await.ok();
    assert!(known.contains("Nothing was known of this term then."), "{known}");
    let exact = office.get("/students/S1/count?known_at=2026-05-11T09:00:00%2B12:00").await.ok();
    assert!(
        exact.contains("<b>10</b>") && exact.contains("By what had been recorded by Monday 11 May, 9.00 am.")
    );
    let wrong = office.get("/students/S1/count?as_of=May&known_at=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("href=\"#as_of\"") && wrong.text.contains("href=\"#known_at\""));
    assert_eq!(office.get("/students/S1/count?term=2031-T1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.browser("ri@example.nz").get("/students/S1/count").await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.browser("sms@example.nz").get("/students/S1/count").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_correction_that_somebody_else_came_before_shows_both_letters() {
    let place = place();
    let office = place.browser("off@example.nz");
    let mark = |code, key| {
        [
            ("date", "2026-05-08"),
            ("half", "pm"),
            ("term", "2026-T2"),
            ("code", code),
            ("seen", "1"),
            ("key", key),
        ]
    };
    assert_eq!(office.post("/students/S1/mark", &mark("J", "a")).await.status, StatusCode::SEE_OTHER);
    let conflict = office.post("/students/S1/mark", &mark("P", "b")).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("Now stands: J. You chose: P."), "{}", conflict.text);
    assert_eq!(conflict.field("seen"), "2");
}

#[tokio::test]
async fn prosecution_is_asked_twice_and_for_leaders_alone() {
    let place = place();
    let fields = [("c", TARGET), ("type", "initiated_prosecution"), ("when", "now"), ("key", "k")];
    let office = place.browser("off@example.nz");
    assert_eq!(office.post("/respond", &fields).await.status, StatusCode::FORBIDDEN);
    let lead = place.browser("lead@example.nz");
    let asked = lead.post("/respond", &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        asked.text.contains("name=\"confirmed\"") && asked.text.contains("nothing recorded"),
        "{}",
        asked.text
    );
    let key = asked.field("key");
    let fields = with(&fields[..3], &[("key", key.as_str()), ("confirmed", "1")]);
    assert_eq!(lead.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn several_students_are_recorded_at_once() {
    let place = place();
    let office = place.browser("off@example.nz");
    let form = office.get("/respond?c=S1%7C2026-T2%7C5&c=S2%7C2026-T2%7C").await.ok();
    assert!(
        form.contains("2 students") && form.contains("Aroha Tāwhai") && form.contains("Wī Kauri"),
        "{form}"
    );
    let fields = with(&CONVERSATION, &[("c", "S2|2026-T2|"), ("key", "k")]);
    let saved = office.post("/respond", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert!(office.get(&saved.location).await.ok().contains("Recorded for 2 students."));
    let other = office.get("/students/S2").await.ok();
    assert!(other.contains("Initial conversation with whānau") && other.contains("Not shared"));
}

#[tokio::test]
async fn a_response_is_revised_and_withdrawn_with_its_versions_kept() {
    let place = place();
    let office = place.browser("off@example.nz");
    let fields = with(&CONVERSATION, &[("key", "k")]);
    assert_eq!(office.post("/respond", &fields).await.status, StatusCode::SEE_OTHER);
    let student = office.get("/students/S1").await.ok();
    let id =
        student.split("href=\"/responses/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let path = format!("/responses/{id}");
    assert!(office.get(&path).await.ok().contains("Version 1"));
    let revision = [
        ("seen", "1"),
        ("type", "sent_written_communication"),
        ("description", ""),
        ("when", "kept"),
        ("note", ""),
    ];
    let saved = office.post(&format!("{path}/revise"), &revision).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stale = office.post(&format!("{path}/revise"), &revision).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let withdrawn =
        office.post(&format!("{path}/withdraw"), &[("seen", "2"), ("note", "wrong student")]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.text);
    let student = office.get("/students/S1").await.ok();
    assert!(student.contains("is-withdrawn") && student.contains("2 earlier versions"), "{student}");
    assert!(office.get("/today").await.ok().contains("Aroha Tāwhai"), "the task is open again");
}

#[tokio::test]
async fn the_full_nsn_is_shown_once_and_to_the_office_alone() {
    let place = place();
    let office = place.browser("off@example.nz");
    let masked = office.get("/students/S1").await.ok();
    assert!(masked.contains("•••••••321") && !masked.contains(NSN));
    assert!(office.post("/students/S1/nsn", &[]).await.ok().contains(NSN));
    assert!(!office.get("/students/S1").await.ok().contains(NSN));
    let lead = place.browser("lead@example.nz");
    assert_eq!(lead.post("/students/S1/nsn", &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_search_finds_names_without_their_macrons() {
    let place = place();
    let office = place.browser("off@example.nz");
    let found = office.get("/students?q=tawhai").await.ok();
    assert!(found.contains("Aroha Tāwhai") && !found.contains("Kauri"), "{found}");
    assert!(office.get("/students?q=zzz").await.ok().contains("Nobody among your students"));
}
