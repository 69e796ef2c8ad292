### Every word on Starboard's pages, in New Zealand English.
### Sections are in the order of the pages; names within a section begin with the section's name.

## Frame: what stands around every page
frame-skip = Skip to the page
frame-home = Starboard, to Today
frame-nav = Main
frame-more = More
frame-today = Today
frame-roll = Roll
frame-students = Students
frame-review = Review
frame-sharing = Sharing
frame-plan = Plan
frame-school = School
frame-search = Find a student
frame-search-go = Find
frame-signed-in = Signed in:
frame-signed-in-as = Signed in as { $name }
frame-account = My account
frame-sign-out = Sign out
frame-privacy = Privacy
frame-help = Help
frame-practice = Practice school. Nothing here is real and nothing is sent.
frame-demo = Demonstration with made-up people. Anyone can see it; do not enter anything real.

## Ministry: the frame of the Ministry's pages
ministry-view = Ministry view

## Panel: beside a list
panel-label = Record a response
panel-close = Close

## Bands
band-green = Green
band-yellow = Yellow
band-orange = Orange
band-red = Red

## Days
day-one = { $figure } day
days = { $figure } days
provisional-title = of which { $days } may still change: a reason or a roll is missing

## Half-day classes
class-present = Present
class-justified = Justified
class-unjustified = Unjustified
class-unknown = Reason not known yet
class-unmarked = No roll taken

## Strip: a student's term
strip-half-day = Half-day
strip-week = Week
strip-hint = Choose a half-day to see who entered what, and when.
strip-am = am
strip-pm = pm

## Form: words that every form shares
form-save = Save
form-save-next = Save and next
form-cancel = Cancel
form-optional = (if you wish)
form-change = Change
form-remove = Remove
form-back = Back

## Errors in forms
error-summary-title = { $count ->
    [one] There is a problem
   *[other] There are { $count } problems
}
error-prefix = Mistake:

## Fields: what leaves the school and what stays
field-shared-title = What the Ministry will see
field-shared-hint = Sent as it stands here, with the next sharing.
field-notes-title = Notes, kept in this school
field-notes-hint = Never sent. Only staff of this school who may see this student can read them.

## Bulk: what is done for several students at once
bulk-selected = { $count ->
    [one] 1 selected
   *[other] { $count } selected
}
bulk-record = Record for all selected

## Keys: the dialog behind ?
keys-title = Keys
keys-move = Next or previous student
keys-open = Open the student
keys-record = Record a response
keys-select = Select
keys-bulk = Record for all selected
keys-type = Choose the type, in the form
keys-description = Choose the description, in the form
keys-save = Save and go to the next
keys-roll = Present, late, absent, on the roll
keys-search = Find a student
keys-close = Close the panel
keys-help = Show these keys
keys-switch = Use single keys on this device
keys-done = Done

## Ministry: what schools have reported
ministry-rehearsal = Rehearsal. Any school is taken in on first contact; nothing here is real.
ministry-schools = Schools
ministry-school = School
ministry-number = School { $number }
ministry-number-short = Number
ministry-empty = No school has been heard from yet. A school appears here with its first batch.
ministry-term = Term { $number }, { $year }
ministry-terms = Terms
ministry-back = All schools
ministry-every = Every school
ministry-last-heard = Last heard
ministry-last-day = Last day received:
ministry-never = Not heard yet
ministry-silent = Silent
ministry-silent-title = Schools gone silent
ministry-silent-hint = Nothing has come from them for more than a school day.
ministry-silent-none = Every school that has begun sending has been heard from. Ka pai.
ministry-days = Days received
ministry-days-title = Days received this term
ministry-days-none = No school day has been received for this term.
ministry-day = Day
ministry-half = Half
ministry-morning = Morning
ministry-afternoon = Afternoon
ministry-open = Open
ministry-open-all-day = All day
ministry-open-morning = Morning only
ministry-open-afternoon = Afternoon only
ministry-open-not = Closed
ministry-enrolled = Students enrolled
ministry-marked = Half-days marked
ministry-received = Received
ministry-crossings = Thresholds reached
ministry-levels-title = Thresholds reached, by level
ministry-level = { $count } days
ministry-level-column = Level
ministry-reached = Reached
ministry-withdrawn = Withdrawn
ministry-responses = Responses
ministry-responses-none = No response has been received for this term.
ministry-types-title = Responses by level and type
ministry-type = Type
ministry-total = Total
ministry-description = Description
ministry-held = Held back by the school
ministry-done = Done
ministry-recorded = Recorded
ministry-delay = Time to record
ministry-within-48 = Recorded within 48 hours
ministry-median = Median time to record
ministry-percent = { $count } %
ministry-span-short = Under an hour
ministry-span-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
ministry-span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
ministry-newest = The newest { $count }; the export has all of them.
ministry-batches = Batches taken
ministry-rejected = Records refused
ministry-next = Next expected
ministry-position = number { $seq } of epoch { $epoch }
ministry-closures = Closures
ministry-closures-none = No closure has been received for this term.
ministry-reason = Reason
ministry-refused-title = Not from here
ministry-refused-text = These pages open only in a browser on the collector's own machine.
ministry-unknown-title = This school is not known
ministry-unknown-text = No school with this number has been admitted or heard from.
ministry-privacy-kept = Schools send attendance by half-day, closures, the thresholds of absence that students reach, and the responses recorded to them. Students are named by the school's own number and, where it is known, the National Student Number.
ministry-privacy-not = Notes, reasons for single absences, names of staff and anything about caregivers are never sent, and there is no place for them here.
ministry-privacy-pages = These pages show schools, counts and responses. No student can be found on them.

## Web: dates, notices and errors of the school's pages
web-weekday-1 = Monday
web-weekday-2 = Tuesday
web-weekday-3 = Wednesday
web-weekday-4 = Thursday
web-weekday-5 = Friday
web-weekday-6 = Saturday
web-weekday-7 = Sunday
web-month-1 = January
web-month-2 = February
web-month-3 = March
web-month-4 = April
web-month-5 = May
web-month-6 = June
web-month-7 = July
web-month-8 = August
web-month-9 = September
web-month-10 = October
web-month-11 = November
web-month-12 = December
web-date = { $weekday } { $day } { $month }
web-date-year = { $weekday } { $day } { $month } { $year }
web-today-at = today, { $time }
web-term-line = Term { $term }, week { $week } · { $date }
web-term-name = Term { $term }, { $year }
web-field-date = Give a date, as 2026-05-04
web-done-saved = Saved.
web-done-set-up = Welcome. Your password is set. Next: the calendar, the staff and the students.
web-done-person-added = Added. Make a sign-in link, so that they can choose a password.
web-done-sign-in-off = Sign-in is switched off, and this person is signed out everywhere.
web-done-sign-in-on = Sign-in is switched on again.
web-done-description-added = The description is added.
web-done-description-reworded = The description is reworded. Responses recorded earlier keep the wording they had.
web-done-description-retired = The description is retired. It is not offered any more; what was recorded stays.
web-done-description-restored = The description is offered again.
web-done-send-asked = Asked. Everything that waits is sent within a few minutes.
web-done-calendar = Saved. Tallies and thresholds follow the calendar at once.
web-error-home = Back to the first page
web-error-denied-title = Your role does not open this
web-error-denied-text = Nothing was changed. If you need this for your work, ask an SMS administrator at your school.
web-error-not-found-title = There is no such page
web-error-not-found-text = It may have moved, or be about somebody who is not among your students. Nothing was changed.
web-error-invalid-title = This could not be saved
web-error-invalid-text = Nothing was saved. Go back in your browser: what you typed is still there. Change what is wrong and save again.
web-error-changed-title = Somebody else was quicker
web-error-changed-text = Nothing of yours was saved, and theirs stands. Open the page again, look, and enter what is still missing.
web-error-repeated-title = This was sent before
web-error-repeated-text = What was sent the first time stands. Open the page again and enter what is still missing.
web-error-wait-title = Please wait a little
web-error-wait-text = There were too many attempts. Nothing was changed; try again in a while.
web-error-busy-title = The school's memory is busy
web-error-busy-text = Nothing was half-saved. Try again in a minute. If it stays like this, tell whoever looks after this computer: its disk may be full.
web-error-slow-title = This took too long
web-error-slow-text = It may still be finished in the background. Look whether it was saved before you repeat it.
web-error-broken-title = Something went wrong on our side
web-error-broken-text = Nothing was half-saved, and everything saved earlier is safe. Try again; if it happens again, tell whoever looks after Starboard at your school what you were doing.
web-error-signed-out-title = Your session has ended
web-error-signed-out-text = What you just sent was not saved; everything saved earlier is safe. Go back in your browser to copy what you typed, then sign in and enter it again.
web-error-forged-title = This form did not come from an open page
web-error-forged-text = Nothing was saved. The page may be from before you last signed in, or another site sent it. Open the page again and repeat what you did.
web-error-method-title = This page does not work like that
web-error-method-text = Nothing was changed. Open it from the menu.
web-error-request-title = This could not be read
web-error-request-text = Nothing was changed. Open the page again and repeat what you did.
web-error-too-large-title = This is too large
web-error-too-large-text = Nothing was saved. A form may hold 1 MiB, a file 64 MiB; split the file and bring its parts one after another.

## Sign-in
sign-in-title = Sign in
sign-in-email = E-mail address
sign-in-password = Password
sign-in-forgotten = Password forgotten, or none yet? An SMS administrator at your school makes you a link to choose one.
sign-in-ended = You were signed out: a session ends after 30 minutes without use, and after 12 hours in any case. Everything you saved is safe.
sign-in-out = You are signed out.
sign-in-ministry = What the Ministry would see

## Set-up: choose a password
set-up-title = Choose your password
set-up-lead-school = This school is new. You become its first SMS administrator: you add the others.
set-up-lead-person = Kia ora { $name }. Choose a password; you are signed in at once.
set-up-name = Your name
set-up-email-hint = Your name at sign-in.
set-up-password = Password
set-up-password-hint = At least { $count } characters. Length is what makes a password hard to guess: four or five words that do not belong together are easy to keep in mind. No digits or signs are asked for, and it need not be changed each term.
set-up-again = The same password again
set-up-again-differs = The two passwords differ. Type the same one twice.
set-up-save = Set the password
set-up-gone-title = This link does not work any more
set-up-gone = A link works once, for an hour. Ask an SMS administrator at your school for a new one.
set-up-elsewhere-title = Open this on the school's own machine
set-up-elsewhere = The set-up link of a new school opens only in a browser on the machine where Starboard runs. That keeps others from taking the school before you do.

## Privacy
privacy-title = Privacy
privacy-lead = Starboard helps this school to see early who misses school, and to do something about it. It belongs to the school and runs for the school.
privacy-kept-title = What is kept
privacy-kept = Names, year, class and enrolment of students; who was present on which half-day, with the reason where it is known; what the school did when an absence reached a level; notes of staff on that. Of staff: name, e-mail address, roles, and what they entered and when.
privacy-kept-who = Staff see only the students whom they look after. Corrections never erase: what stood before stays visible beside it.
privacy-shared-title = What is shared
privacy-shared = While the school has sharing switched on, the Ministry of Education receives attendance by half-day, closures, which students reached 5, 10 or 15 days of absence in a term, and which type of response the school recorded, with its description. The school keeps every byte that it sent, and staff who may can read it.
privacy-shared-why = Schools must share this from 2026. Students are named by their number at the school and, where it is known, the National Student Number.
privacy-never-title = What never leaves
privacy-never = Notes, reasons in words, names and contact details of students, and anything about their families are never sent to anybody. These pages load nothing from other sites, and nobody outside the school counts visits.
privacy-rights-title = Your rights
privacy-rights = Students and families may ask what is kept about them and have it corrected. Ask the office of { $school }.
privacy-browser = One cookie keeps staff signed in and is gone when they sign out. There is no other.

## Describe: the school's descriptions
describe-title = Descriptions
describe-about = The ten types are fixed for every school. Under each one stand the descriptions that your school offers: make them say what you really do.
describe-edit = The Ministry sees a description as you word it. Rewording or retiring one changes nothing that is already recorded.
describe-read = The Ministry sees a description as it is worded. An SMS administrator at your school can change them.
describe-fixed = Fixed type
describe-when = When to use it
describe-description = Description
describe-used = Used this term
describe-none = No description is offered; the type alone says it.
describe-retired = Retired
describe-earlier = Earlier:
describe-wording = Wording
describe-confirm = I have looked: nobody is named by it
describe-add = Add a description
describe-reword = Save the wording
describe-retire = Retire it
describe-restore = Restore

## Sharing
sharing-title = Sharing
sharing-on = Attendance and responses are shared with the Ministry, each school day from 6 pm.
sharing-on-attendance = Attendance is shared with the Ministry, each school day from 6 pm. Responses are not.
sharing-on-responses = Responses are shared with the Ministry, each school day from 6 pm. Attendance is not.
sharing-off = Nothing is shared: both streams are switched off. What is recorded meanwhile is sent once they are on.
sharing-waiting = { $count ->
    [0] Nothing waits to be sent.
    [one] 1 entry waits to be sent.
   *[other] { $count } entries wait to be sent.
}
sharing-asked = It was asked to send now.
sharing-last = Last received by the Ministry:
sharing-never = The Ministry has not received anything yet.
sharing-send = Send now
sharing-settings = What is shared, and where to
sharing-attendance = Share attendance and closures
sharing-responses = Share levels reached and responses
sharing-streams-hint = Notes, names and reasons in words are never part of either.
sharing-to = The Ministry's address
sharing-to-hint = It begins with https://
sharing-ledger = Ledger
sharing-none = Nothing was sent yet. Each batch appears here with its answer.
sharing-entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries
}
sharing-refused = { $count ->
    [one] 1 entry was refused
   *[other] { $count } entries were refused
}
sharing-read = Read it
sharing-state = Where it stands
sharing-state-sealed = Sent, not answered yet
sharing-state-received = Received
sharing-state-received-partly = Received in part
sharing-state-refused = Refused
sharing-back = All batches
sharing-batch-title = Batch from number { $number }
sharing-sealed = Put together
sharing-answered = Answered
sharing-attempts = Times sent
sharing-problem = What went wrong
sharing-digest = Digest
sharing-views = How to read it
sharing-table = As a table
sharing-bytes = As bytes
sharing-masked = All but the last three digits of each National Student Number are hidden on this page. What was sent holds them in full.
sharing-no-records = This batch holds no record: the numbers it covers belong to a stream that was switched off.
sharing-number = Number
sharing-kind = Kind
sharing-op = Holds or withdrawn
sharing-student = Student
sharing-says = What it says
sharing-recorded = Recorded
sharing-left-out = { $count ->
    [one] 1 more record is in the bytes.
   *[other] { $count } more records are in the bytes.
}

## School
school-title = School
school-back = School
school-name = Name
school-number = School number
school-term = Term
school-until = until { $date }
school-no-term = No term holds today
school-zone = Time zone
school-region = Region
school-no-region = None: no regional anniversary day is assumed
school-places = What to set up
school-settings = Settings
school-go-live = First day with Starboard
school-no-go-live = Not set
school-go-live-hint = Levels that were reached before this day owe no response here.
school-roll-reasons = The roll shows reason codes
school-roll-reasons-hint = Rolls are often seen by a whole class, on a screen or over a shoulder. Leave this off unless yours are not.
school-ministry = What the Ministry sees
school-ministry-about = The Ministry's pages, running beside this school for the demonstration.

## People
people-title = People
people-about = Staff, their roles and groups, and who may sign in.
people-add = Add a person
people-back = All people
people-none = Nobody is on the staff yet.
people-name = Name
people-email = E-mail address
people-email-hint = The name at sign-in. Without one this person cannot sign in.
people-id = Staff id
people-id-hint = Your own, such as a teacher code. It stays for good.
people-id-taken = Somebody has this id already. Choose another, or change that person.
people-roles = Roles
people-no-role = none: may not sign in
people-groups = Own groups
people-groups-hint = Form or whānau classes, with ; between. A dean's years as Year 10.
people-groups-known = Groups there are: { $groups }
people-sign-in = Sign-in
people-can = Can sign in
people-cannot = Cannot sign in
people-can-text = This person has a password and can sign in.
people-cannot-text = This person has no password, or sign-in was switched off. A link lets them choose a password and sign in again.
people-link = Make a sign-in link
people-link-hint = With it they choose a password. It works once, for an hour.
people-link-title = Sign-in link
people-link-lead = Give this link to { $name } and to nobody else.
people-link-once = It is shown this once and kept nowhere. It works once, for an hour; if it is lost, make another.
people-off = Switch sign-in off
people-off-hint = Signs this person out everywhere at once. What they recorded stays.
people-role-teacher = Teacher, kaiako
people-role-teacher-hint = Takes rolls and records responses for own groups.
people-role-dean = Dean
people-role-dean-hint = The same for own groups and years, and corrects marks of any day.
people-role-office = Office
people-role-office-hint = Rolls, corrections and responses for the whole school; calendar and imports.
people-role-leader = Senior leader
people-role-leader-hint = Sees and records everything about students; may record a prosecution.
people-role-principal = Principal, tumuaki
people-role-principal-hint = The same as a senior leader.
people-role-sms-admin = SMS administrator
people-role-sms-admin-hint = Descriptions, people, calendar, imports and sharing. Sees no student.

## Calendar
calendar-title = Calendar
calendar-about = Terms, days on which the school is closed, holidays.
calendar-day = Closures and openings
calendar-date = Date
calendar-open = Open
calendar-open-missing = Choose when the school is open that day
calendar-state-closed = Closed all day
calendar-state-am = Morning only
calendar-state-pm = Afternoon only
calendar-state-open = Open all day
calendar-reason = Reason
calendar-reason-hint = Any words. The Ministry is told of a closure with its reason.
calendar-save-day = Save the day
calendar-no-days = No day differs from the ordinary: weekdays in term are open, weekends and holidays are not.
calendar-terms = Terms
calendar-no-terms = No term is set yet. Nothing counts outside a term, so begin here.
calendar-term = Set a term
calendar-term-id = Term
calendar-term-hint = Year and number, as 2026-T2.
calendar-first = First day
calendar-last = Last day
calendar-save-term = Save the term
calendar-ministry = Use the Ministry's dates
calendar-ministry-hint = Terms of the published school years that are not set here. Check the days: a school may choose some of them itself.
calendar-ministry-use = Use this term
calendar-ministry-save = Save the ticked terms
calendar-holidays = Holidays of the next year
calendar-no-holidays = None is known.
calendar-not-counting = { $count ->
    [one] 1 mark of this term does not count, because its half-day is closed. It is kept, and counts again if the day is opened.
   *[other] { $count } marks of this term do not count, because their half-days are closed. They are kept, and count again if the days are opened.
}

## Import
import-title = Imports
import-about = Bring terms, closures, students, staff or marks as a CSV file, from your student management system or made by hand. Either every row is stored or none, unless you say otherwise.
import-kind = What the file holds
import-kind-missing = Choose what the file holds
import-kind-terms = Terms
import-kind-calendar = Closures and openings
import-kind-students = Students
import-kind-staff = Staff
import-kind-marks = Marks
import-columns-terms = Columns: term, first_day, last_day
import-columns-calendar = Columns: date, am, pm, reason
import-columns-students = Columns: student_id, nsn, given_name, family_name, preferred_name, year_level, group, start_date, end_date
import-columns-staff = Columns: staff_id, name, email, role, groups
import-columns-marks = Columns: student_id, date, half, code; recorded_at and recorded_by if you have them
import-file = File
import-file-hint = UTF-8, with a row of column names; at most 64 MiB.
import-file-missing = Choose a file
import-source = Where it comes from
import-source-hint = A word for the system, the same each time. A row that has not changed since that system's last file never undoes what a person corrected here.
import-skip = Store the good rows even if others have problems
import-again = Apply it even if the same file was imported before
import-go = Import
import-stored-title = Imported
import-stored = { $file }: { $rows } rows read, { $changed } changed something.
import-known-title = Imported before
import-known = { $file } was imported before, whole and unchanged. Nothing needed doing.
import-partly-title = The good rows are stored
import-partly = { $file }: { $rows } rows read, { $changed } changed something. The rows below were left out; mend them and import the file again.
import-refused-title = Nothing was stored
import-refused = { $file }: { $rows } rows read. Mend what is listed and import the file again.
import-problems = What to mend: file, line, column, what is wrong, what would be right
import-more = And { $count } more.
import-earlier = Earlier imports
import-none = No file was imported yet.
import-at = When
import-rows = Rows
import-changed = Changed
import-bad = Left out
