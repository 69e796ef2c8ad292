### Every word on Starboard's pages, in New Zealand English.
### Sections are in the order of the pages; names within a section begin with the section's name.

## Frame: what stands around every page
frame-skip = Skip to the page
frame-home = Starboard, to Today
frame-nav = Main
frame-more = More
frame-my-day = My day
frame-today = Today
frame-roll = Roll
frame-students = Students
frame-letters = Letters
frame-review = Review
frame-sharing = Sharing
frame-plan = Plan
frame-school = School
frame-search = Find a student
frame-search-go = Find
frame-signed-in = Signed in:
frame-account = My account
frame-sign-out = Sign out
frame-privacy = Privacy
frame-help = Help
frame-demo = A demo: everybody in it is made up. It shares at once; a school shares from 6 pm.

## Ministry: the frame of the Ministry's pages
ministry-view = Ministry view
frame-overview = Overview
frame-admit = Admit a school
frame-schools = Schools

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
form-optional = (if you wish)
form-change = Change

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
bulk-record = Record for all selected
bulk-write = Write home
bulk-call = Call

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
ministry-operator = operator
ministry-analyst = analyst
ministry-this-machine = This machine
ministry-overview-title = How schools report
ministry-schools = Schools
ministry-school = School
ministry-number = School { $number }
ministry-number-short = Number
ministry-empty = No school has been admitted or heard from yet. A school appears here when it is admitted, or with its first batch.
ministry-term = Term { $number }, { $year }
ministry-terms = Terms
ministry-back = All schools
ministry-back-home = Back to the first page
ministry-what = What
ministry-when = When
ministry-who = Who
ministry-figure = Figure
ministry-waiting = { $count ->
    [one] The figures of 1 school are being counted. Load the page again in a moment.
   *[other] The figures of { $count } schools are being counted. Load the page again in a moment.
}
ministry-counting = Being counted
ministry-last-heard = Last heard
ministry-first-heard = First heard
ministry-admitted = Admitted
ministry-heard-again = Heard again
ministry-raised = Alarm raised
ministry-raised-soon = With the next look
ministry-last-day = Last day received:
ministry-never = Not heard yet
ministry-never-late = Admitted and never heard
ministry-never-text = This school was admitted and has sent nothing yet. Once it sends, its figures appear here; days before its first batch are not expected of it.
ministry-silent = Silent
ministry-silent-title = Schools gone silent
ministry-silent-hint = Nothing has come from them for 36 hours and a whole school day. An alarm is raised once and kept until the school is heard again.
ministry-silent-none = Every school that has begun sending has been heard from. Ka pai.
ministry-silent-all = All { $count } silent schools
ministry-silent-still = Still silent
ministry-concerns-title = What needs a look
ministry-look = Needs a look
ministry-concern-silent = Silent
ministry-concern-silent-about = Nothing has come for 36 hours and a whole school day.
ministry-concern-never = Admitted and never heard
ministry-concern-never-about = Admitted more than a school day ago, and nothing has come yet.
ministry-concern-days = School days missing
ministry-concern-days-about = At least one school day, by the national dates, of which the school told nothing.
ministry-concern-codes = Unknown codes
ministry-concern-codes-about = Half-days with a code that the Ministry's list does not know on their date.
ministry-concern-refused = Records refused
ministry-concern-refused-about = Records that could not be taken and were not put right since.
ministry-concern-snapshots = Term snapshot missing
ministry-concern-snapshots-about = The term is over, and the school has not said that everything of it was told.
ministry-concern-unanswered = Levels without a response
ministry-concern-unanswered-about = At least 1 in 10 of the levels reached more than 14 days ago have no response.
ministry-concern-late = Recorded late
ministry-concern-late-about = Fewer than 90 in a hundred responses were recorded within 48 hours of being done.
ministry-concern-marks = Rolls not complete
ministry-concern-marks-about = More than 1 in a hundred open half-days have no value.
ministry-concern-held = Descriptions held back
ministry-concern-held-about = More than 1 in 20 responses came without their description, which may name somebody.
ministry-tag-silent = Silent
ministry-tag-never = Never heard
ministry-tag-days = Days missing
ministry-tag-codes = Unknown codes
ministry-tag-refused = Refused
ministry-tag-snapshots = No snapshot
ministry-tag-unanswered = No response
ministry-tag-late = Late
ministry-tag-marks = Rolls
ministry-tag-held = Held back
ministry-show = Show
ministry-show-go = Show
ministry-find = Name or number
ministry-show-all = All schools
ministry-show-all-about = Silent schools come first, then those about which most needs a look.
ministry-show-look = Schools that need a look
ministry-show-look-about = Silent schools come first, then those about which most needs a look.
ministry-found = { $count ->
    [one] 1 school
   *[other] { $figure } schools
}
ministry-all-well = No school is like this. Ka pai.
ministry-csv = Save as CSV
ministry-pages = Pages
ministry-page = Page { $page } of { $pages }
ministry-page-before = Before
ministry-page-after = Next
ministry-column-days = Days missing
ministry-column-marks = Days not fully marked
ministry-column-codes = Unknown codes
ministry-column-unanswered = Levels without response
ministry-column-late = Within 48 hours
ministry-column-held = Held back
ministry-column-refused = Refused
ministry-places = About this school
ministry-place-report = Report
ministry-place-days = Days
ministry-place-codes = Codes
ministry-place-levels = Levels
ministry-place-batches = Batches
ministry-place-refused = Refused
ministry-place-record = One record
ministry-report-title = Data quality
ministry-report-about = What the school has told of this term. Each figure leads to what is behind it.
ministry-figure-days = School days missing
ministry-figure-days-about = Weekdays of the national term, from the school's first batch to yesterday, of which the school told nothing: no day, no closure of the whole day. Public holidays and every region's anniversary day are left out.
ministry-figure-marks = Days not fully marked
ministry-figure-marks-about = Days before today with fewer values than open half-days of the students enrolled.
ministry-figure-codes = Half-days with an unknown code
ministry-figure-codes-about = The code is not on the Ministry's list for that date. The half-day counts by the class that the school sent.
ministry-figure-unanswered = Levels without a response
ministry-figure-unanswered-about = Levels of 5, 10 or 15 days that stand reached and have no response of any type.
ministry-figure-late = Responses recorded late
ministry-figure-late-about = Recorded more than 48 hours after they were done. The guidance recommends 48 hours; it is no deadline.
ministry-figure-held = Descriptions held back
ministry-figure-held-about = The type came, the description stayed in the school: it may name somebody. The school sees which and can reword it.
ministry-figure-refused = Records refused
ministry-figure-refused-about = Records of the term that could not be taken and have not come right since. They are on a list at both ends.
ministry-figure-snapshots = Term snapshots missing
ministry-figure-snapshots-about = When a term is over, a school says of each stream that everything was told. One is expected for each stream of which it told anything.
ministry-missing-from = from { $day } on
ministry-missing-unknown = the dates of this term are not known yet
ministry-marked-note = { $percent } of half-days have a value
ministry-within-note = { $percent } within 48 hours
ministry-refused-note = { $count } in all
ministry-snapshots-note = not due yet
ministry-snapshots-title = Term snapshots
ministry-snapshots-about = A snapshot says that everything of the term was told; what it did not speak of is no longer counted. The one that ends a term comes after its last day.
ministry-snapshots-none = No snapshot of this term has come.
ministry-stream = Stream
ministry-stream-attendance = Attendance
ministry-stream-responses = Levels and responses
ministry-last-day-of-term = Last day of the term
ministry-oldest = { $count ->
    [0] the oldest today
    [one] the oldest 1 day ago
   *[other] the oldest { $count } days ago
}
ministry-age = { $count ->
    [0] today
    [one] 1 day ago
   *[other] { $count } days ago
}
ministry-how-long = How long ago
ministry-hides = Small numbers are hidden, and others beside them where they would give one away.
ministry-days = Days received
ministry-day = Day
ministry-half = Half
ministry-morning = Morning
ministry-afternoon = Afternoon
ministry-missing-title = School days missing
ministry-missing-about = Nothing was told of these days. A day on which the school was closed is told as a closure.
ministry-missing-none = No school day is missing. Ka pai.
ministry-told-title = Days received
ministry-told-about = What the school told of each day: students enrolled, half-days with a value, and half-days that should have one.
ministry-told-none = No school day has been received for this term.
ministry-partly = Not fully marked
ministry-open = Open
ministry-open-all-day = All day
ministry-open-morning = Morning only
ministry-open-afternoon = Afternoon only
ministry-open-not = Closed
ministry-enrolled = Students enrolled
ministry-marked = Half-days marked
ministry-of = To be marked
ministry-received = Received
ministry-closures-title = Closures
ministry-closures-about = Half-days on which the school was closed, with its reason.
ministry-closures-none = No closure has been received for this term.
ministry-reason = Reason
ministry-codes-title = Codes that the list does not know
ministry-codes-about = By code and day. The Ministry's list changes with the dates; a school may be using an older or a newer one.
ministry-codes-none = Every code is on the list for its date. Ka pai.
ministry-code = Code
ministry-half-days = Half-days
ministry-levels-title = Levels reached
ministry-by-level-title = Levels reached
ministry-by-level-about = Students who reached 5, 10 or 15 days of absence in this term, and how many of these levels have no response.
ministry-by-level-none = Nothing has been counted yet.
ministry-level = { $count } days
ministry-level-column = Level
ministry-reached = Reached
ministry-reached-on = Reached on
ministry-unanswered = No response
ministry-withdrawn = Withdrawn
ministry-open-levels-title = Levels without a response
ministry-open-levels-about = The oldest first. The students are the school's to name.
ministry-open-levels-none = Every level reached has a response. Ka pai.
ministry-responses = Responses
ministry-responses-title = Responses
ministry-responses-about = Without the students they were for.
ministry-responses-none = No response has been received for this term.
ministry-responses-all = All
ministry-responses-late = Recorded late
ministry-responses-held = Descriptions held back
ministry-by-type-title = Responses by level and type
ministry-by-type-about = Counts of what was done at each level.
ministry-by-type-none = Nothing has been counted yet.
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
ministry-percent-tenths = { $figure } %
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
ministry-silences-title = Silences
ministry-silences-about = Each time the school was not heard for a whole school day.
ministry-silences-none = This school has never gone silent.
ministry-acts-title = What operators did
ministry-acts-about = Admissions and tokens, by a person who signed in or on the collector's own machine.
ministry-acts-none = Nobody has done anything about this school on these pages.
ministry-act-admit = Admitted the school
ministry-act-token = Made a new token
ministry-batches = Batches taken
ministry-rejected = Records refused
ministry-next = Next expected
ministry-position = number { $seq } of epoch { $epoch }
ministry-batches-title = Batches
ministry-batches-about = What was taken, the newest first. Of a batch with a refused record only the receipt is kept, not its bytes.
ministry-batches-none = No batch has come from this school yet.
ministry-batch-refused = { $count ->
    [one] 1 refused
   *[other] { $count } refused
}
ministry-epoch = Epoch
ministry-numbers = Numbers
ministry-records = Records
ministry-digest = Digest begins
ministry-elsewhere-title = Not from here
ministry-elsewhere-text = These pages open with a personal link, or in a browser on the collector's own machine.
ministry-elsewhere-hint = If you have signed in before, your session has ended. Ask whoever runs the collector for a new link.
ministry-refused-title = Records refused
ministry-refused-about = The newest first: what is wrong, and where in the batch. The values were not kept. A student's number is the school's own, and stands here where another version of the record was taken.
ministry-refused-none = No record of this term was refused. Ka pai.
ministry-epoch-number = Epoch, number
ministry-problem = Problem
ministry-student = Student at the school
ministry-record-id = Record
ministry-taken-since = Taken since
ministry-not-taken = Not taken
ministry-record-find = Record id
ministry-record-hint = Enter the id of a record to see every version of it that was taken. The list of refused records leads here.
ministry-versions-title = Versions
ministry-versions-about = The newest first; the highest version of the highest epoch counts. Whom the record is about is left out.
ministry-versions-none = No version of a record with this id was taken from this school.
ministry-epoch-version = Epoch, version
ministry-number-in-epoch = Number
ministry-kind = Kind
ministry-kind-attendance = Attendance
ministry-kind-closure = Closure
ministry-kind-crossing = Level
ministry-kind-response = Response
ministry-kind-day = Day
ministry-kind-snapshot = Snapshot
ministry-says = What it says
ministry-unreadable = This version cannot be read by this release.
ministry-day-says = { $enrolled } enrolled, { $marked } half-days marked
ministry-keys-title = How the school proves who it is
ministry-keys-about = The school sends with the token that it got when it was admitted.
ministry-token-new = Make a new token
ministry-token-new-about = The token in use stops at once: the school can send nothing until it has the new one. What it could not send waits there, and nothing is lost.
ministry-token-make = Make it, and stop the old one
ministry-token-title = The school's token
ministry-token-of = School { $number } sends with this token:
ministry-token-once = It is shown this once; only its hash is kept here. Copy it now and hand it to the school over a way that others cannot read.
ministry-token-how = The school keeps it in a file and names that file with --token-file.
ministry-token-done = I have copied it
ministry-admit-title = Admit a school
ministry-admit-about = The school gets a token with which it sends. It is shown once.
ministry-admit-number = School number
ministry-admit-number-hint = As the Ministry gave it, such as 189.
ministry-admit-number-wrong = Enter the school's number in digits.
ministry-admit-known = This school has a token already. Make a new one on its own page.
ministry-admit-name = Name
ministry-admit-name-wrong = Enter the school's name, at most 200 characters.
ministry-admit-do = Admit and show the token
ministry-denied-title = Not for analysts
ministry-denied-text = Analysts see figures. Single batches, records and tokens are the operators'.
ministry-forged-title = This form was not sent from here
ministry-forged-text = Nothing was changed. Go back, load the page again and send the form anew.
ministry-unknown-title = This school is not known
ministry-unknown-text = No school with this number has been admitted or heard from.
ministry-link-title = This link does not work
ministry-link-text = A link works once and for an hour. This one was used, is too old, or a newer one took its place.
ministry-link-hint = Ask whoever runs the collector for a new link.
ministry-sign-in-title = Sign in
ministry-sign-in-text = The link is used up when you sign in. The session ends after 30 minutes without use, and after 12 hours in any case.
ministry-sign-in-do = Sign in
ministry-out-title = You are signed out
ministry-out-text = The session has ended on the server too.
ministry-privacy-kept = Schools send attendance by half-day, closures, the thresholds of absence that students reach, and the responses recorded to them. Students are named by the school's own number and, where it is known, the National Student Number.
ministry-privacy-not = Notes, reasons for single absences, names of staff and anything about caregivers are never sent, and there is no place for them here.
ministry-privacy-pages = Analysts see figures, small ones hidden. Operators also see single responses without the student, and the school's own number of a student whose record was refused. No name and no National Student Number is on any page.
ministry-privacy-people = Of the people who sign in here their name and role are kept, when they were last seen, and what they did about a school.

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
web-done-again = Queued again, as it stands now. It is sent within a few minutes.
web-done-imported = Imported. Tallies and thresholds follow at once.
web-done-discarded = Discarded. Nothing of it was stored.
web-done-file-dropped = Forgotten.
web-done-calendar = Saved. Tallies and thresholds follow the calendar at once.
web-error-home = Back to the first page
web-error-denied-title = Your role does not open this
web-error-denied-text = Nothing was changed. If you need this for your work, ask an SMS administrator at your school.
web-error-elsewhere-title = Not from here
web-error-elsewhere-text = This page opens only in a browser on the server's own machine, under its own name. Use a tunnel.
web-error-not-found-title = There is no such page
web-error-not-found-text = It may have moved, or be about somebody who is not among your students. Nothing was changed.
web-error-invalid-title = This could not be saved
web-error-invalid-text = Nothing was saved. Go back in your browser, change what is wrong and save again.
web-error-changed-title = Somebody else was quicker
web-error-changed-text = Nothing of yours was saved, and theirs stands. Open the page again, look, and enter what is still missing.
web-error-repeated-title = This was sent before
web-error-repeated-text = What was sent the first time stands. Open the page again and enter what is still missing.
web-error-wait-title = Please wait a little
web-error-wait-text = There were too many attempts. Nothing was changed; try again in a while.
web-error-busy-title = The school's memory is busy
web-error-busy-text = Nothing was half-saved. Try again in a minute. If it stays like this, tell whoever looks after Starboard: its database may be away, or its disk full.
web-error-unsure-title = It is not known whether this was saved
web-error-unsure-text = The database broke off while saving: what you sent may have been saved. Reload this page, so that your browser sends the same form again: nothing is entered twice. Before you enter it on a fresh page, look whether it is there.
web-error-crowded-title = Very many people are asking at once
web-error-crowded-text = Nothing was changed. Wait a few seconds and try again; if you sent a form, go back in your browser and send it once more.
web-error-slow-title = This took too long
web-error-slow-text = It may still be finished in the background. Look whether it was saved before you repeat it.
web-error-broken-title = Something went wrong on our side
web-error-broken-text = Nothing was half-saved, and everything saved earlier is safe. Try again; if it happens again, tell whoever looks after Starboard at your school what you were doing.
web-error-signed-out-title = Your session has ended
web-error-signed-out-text = What you just sent was not saved; everything saved earlier is safe. Sign in and enter it again.
web-error-signed-out-typed = What you typed, to copy
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
privacy-kept = Names, year, class and enrolment of students; who was present on which half-day, with the reason where it is known; what the school did when an absence reached a level; notes of staff on that; how whānau are reached, and each message home as it went. Of staff: name, e-mail address, roles, and what they entered and when.
privacy-kept-who = Staff see only the students whom they look after. Corrections never erase: what stood before stays visible beside it.
privacy-shared-title = What is shared
privacy-shared = While the school has sharing switched on, the Ministry of Education receives attendance by half-day, closures, which students reached 5, 10 or 15 days of absence in a term, and which type of response the school recorded, with its description. The school keeps every byte that it sent, and staff who may can read it.
privacy-shared-home = Letters, e-mails and texts to whānau speak of their own child alone: dates of absence, and how to answer. An e-mail or text passes the school's mail server or provider of texts. An attendance service gets what a member of staff hands over about one student, never by itself. The school can list everything that left about a child.
privacy-shared-why = Schools must share this from 2026. Students are named by their number at the school and, where it is known, the National Student Number.
privacy-never-title = What never leaves
privacy-never = Notes and reasons in words, names and contact details, and anything about families are never sent to the Ministry. No message home holds a note, a reason in words or another child. These pages load nothing from other sites, and nobody outside the school counts visits.
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
sharing-at-ministry = See it at the Ministry
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
sharing-compared = Compared with what the Ministry holds
sharing-compared-same = both hold the same.
sharing-compared-differs = { $count ->
    [one] one part differed and was sent again.
   *[other] { $count } parts differed and were sent again.
}
sharing-out = { $count ->
    [one] One record could not go and was left out; the ledger says why. Everything else went.
   *[other] { $count } records could not go and were left out; the ledger says why. Everything else went.
}
sharing-again = Try again
sharing-silence = What was recorded since { $since } has not reached the Ministry.
sharing-silence-law = It is to be there at the latest at the end of each week.
sharing-silence-next = The next attempt is { $at }.
sharing-silence-safe = { $count ->
    [one] Nothing is lost: one entry waits here.
   *[other] Nothing is lost: { $count } entries wait here.
}
sharing-silence-link = Look at Sharing
sharing-trouble-untried = It was not tried yet: sending begins each day at 6 pm, and needs the program to run then.
sharing-trouble-unreachable = The Ministry’s address could not be reached; it is tried again by itself. If the school’s internet works, tell whoever looks after the server.
sharing-trouble-asked-to-wait = The Ministry asks to try later, which happens by itself.
sharing-trouble-not-admitted = The Ministry does not know this school yet: ask it to admit the school.
sharing-trouble-token = The Ministry does not accept the school’s key or token: an administrator looks at it.
sharing-trouble-refused = The Ministry refused a batch: the ledger says why, and somebody has to look.
sharing-trouble-unclear = The Ministry’s answer was of no use; it is tried again by itself.
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
sharing-bytes-title = Bytes
sharing-kind-attendance = Attendance
sharing-kind-closure = Closure
sharing-kind-crossing = Level reached
sharing-kind-response = Response
sharing-kind-day = School day
sharing-op-upsert = Holds
sharing-op-withdraw = Withdrawn
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

sharing-key-title = The school's key
sharing-key-lead-none = The school has no key of its own yet.
sharing-key-lead-waiting = A key is made. It is registered with the Ministry within a few minutes, and used from then on.
sharing-key-lead-in-use = The school proves to the Ministry with its own key who it is.
sharing-key-lead-changing = A new key is made. Until the Ministry has registered it, the one in use goes on.
sharing-key-lead-closed = The key cannot be read on this machine: the database came here without the file that opens its secrets. Put that file back, or ask the Ministry for a new token, enter it below, and change the key.
sharing-key-what = Only this school can sign with its key. The Ministry holds the public half and can check it, no more. Change the key once a year, and whenever somebody leaves who could read the server.
sharing-key-no-address = The Ministry's address is not set yet: a key is registered once it is.
sharing-key-none = No key was made.
sharing-key-make = Make a key
sharing-key-change = Change the key
sharing-key-end = Give it up
sharing-key-earlier = Keys that ended
sharing-key-fingerprint = Fingerprint
sharing-key-state = Where it stands
sharing-key-state-waiting = To be registered
sharing-key-state-in-use = In use
sharing-key-state-ending = Ends
sharing-key-state-ended = Ended
sharing-key-state-closed = Cannot be read here
sharing-key-since = Since
sharing-key-used = Last used
sharing-key-unused = Not yet
sharing-key-admission = The Ministry's token
sharing-key-admission-none = None is kept. The Ministry gives one when it admits the school; it is needed once, to register the first key.
sharing-key-admission-kept = One is kept, entered
sharing-key-token = Token
sharing-key-token-hint = It is sealed when it is saved and never shown again. A new one takes the place of the one before.
sharing-key-token-keep = Keep it
web-done-key-made = The key is made. It is registered with the Ministry within a few minutes.
web-done-key-token = The token is kept. It is not shown again.
web-done-key-ended = It ends.

# Webhooks.
webhooks-title = Webhooks
webhooks-about = Other programs that are told at once when a level is reached or a response is recorded.
webhooks-lead = Another program can be told what happens here as soon as it happens.
webhooks-what = It gets identities and facts: which student by their id, which level, which response. Never a name, an NSN, a note or a reason. It can ask for more only with a token of its own.
webhooks-none = No other program is told.
webhooks-address = Address
webhooks-address-hint = The receiver's own address, beginning with https://. Nothing is sent into a private network.
webhooks-events = Events
webhooks-event-reached = A level is reached
webhooks-event-withdrawn = A correction took a level back
webhooks-event-recorded = A response is recorded
webhooks-event-changed = A response is revised or withdrawn
webhooks-state = Where it stands
webhooks-state-on = On
webhooks-state-off = Off
webhooks-state-gone = Gone
webhooks-state-failing = Fails
webhooks-state-closed = Cannot be signed here
webhooks-since = since
webhooks-waiting = Waiting
webhooks-add = Tell another program
webhooks-make = Make the webhook
webhooks-one-title = Webhook
webhooks-owner = Looked after by
webhooks-earlier = The secret before is good until
webhooks-alert-closed = Nothing can be sent to it: the database came here without the file that opens its secrets. Put that file back, or change the secret.
webhooks-alert-gone = Its receiver said that it is gone for good, so it was switched off.
webhooks-alert-failing = Its receiver has taken nothing since { $since }, and events were given up after three days. Send them again below once it works.
webhooks-change = Change it
webhooks-secret-hint = The secret before is good for another day, so that the receiver can be changed in peace.
webhooks-secret-change = Change the secret
webhooks-secret-title = The webhook's secret
webhooks-secret-made = The webhook is made. Give its secret to whoever runs the receiver.
webhooks-secret-changed = The secret is changed. Give it to whoever runs the receiver; the one before is good for another day.
webhooks-secret-once = It is shown this once. If it is lost, change it.
webhooks-switch-hint = What waits when it is switched off is not sent, and what happens meanwhile is not told later.
webhooks-switch-off = Switch it off
webhooks-switch-on = Switch it on
webhooks-end-hint = It ends for good, and its secret is thrown away.
webhooks-end = End the webhook
webhooks-test = Send a test event
webhooks-deliveries = Events of the last 30 days
webhooks-no-deliveries = Nothing was to be told yet.
webhooks-event = Event
webhooks-at = When
webhooks-sent-waiting = Waiting
webhooks-sent-delivered = Delivered
webhooks-sent-given-up = Given up
webhooks-sent-stopped = Not sent
webhooks-next = next try
webhooks-tries = Tries
webhooks-tried = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
webhooks-again = Send again
web-done-webhook-on = It is on.
web-done-webhook-off = It is off.
web-done-webhook-ended = The webhook has ended.
web-done-webhook-test = A test event is on its way. Load this page again in a few seconds.
web-done-webhook-again = The event is on its way again. Load this page again in a few seconds.

# Where values come from.
origin-title = Where this comes from
origin-what = What
origin-value = Stands here
origin-from = From
origin-at = Since
origin-notice = Privacy notice
origin-no-notice = entered here
origin-with-notice = privacy notice { $notice }
origin-field-nsn = NSN
origin-field-given-name = Given name
origin-field-family-name = Family name
origin-field-preferred-name = Preferred name
origin-field-year-level = Year level
origin-field-group = Group
origin-field-house = House
origin-field-enrolment = Enrolment
origin-field-mark = Mark
origin-field-name = Name
origin-field-email = E-mail address
origin-field-role = Roles
origin-field-groups = Groups of their own
origin-spell-from = from { $first }
origin-spell-until = { $first } to { $last }
origin-spell-never = taken back
origin-source = { $source }, { $door } ({ $name })
origin-door-command = by the command line
origin-door-page = by the page about imports
origin-door-folder = from the watched folder
origin-door-kamar = pushed by KAMAR
origin-door-oneroster = by OneRoster
origin-door-api = by the API
origin-chosen = taken by { $name } over what was entered here
origin-operator = the operator
origin-unknown = Not known: it came with an import that left no word of where from

# A student's particulars by hand.
particulars-title = Edit particulars
particulars-lead = What you enter here is kept as yours. When a system says something else later, it is asked about and not overwritten.
particulars-nsn-kept = Kept: { $nsn }. Enter another only to replace it.
particulars-nsn-none = None is kept.
particulars-last = Last day of the enrolment from { $first }; empty while it goes on
particulars-begins = First day of a new enrolment

# Where a person and a system differ.
differences-title = Conflicts
differences-about = Where a system says something else than a person entered, and who is believed.
differences-lead = What a person entered is never overwritten by a push. Where the two differ, it waits here.
differences-none = No conflicts: no system says anything else than people entered. Ka pai.
differences-who = Who
differences-stands = Stands here
differences-offered = The system says
differences-decide = What should stand
differences-keep = Keep
differences-take = Take theirs
differences-keep-all = { $count ->
    [one] Keep it
   *[other] Keep all { $count }
}
differences-take-all = { $count ->
    [one] Take theirs
   *[other] Take theirs for all { $count }
}
differences-nothing = nothing
differences-goes-on = goes on
differences-not-enrolled = not enrolled
differences-rules = Who is believed
differences-rules-hint = For what comes in from now on. A file that somebody looks over and applies takes effect either way.
differences-rule-person = The person: show the difference
differences-rule-source = The system: take what it says
differences-count = { $count ->
    [one] 1 value differs between what a person entered and what a system says.
   *[other] { $count } values differ between what people entered and what a system says.
}
differences-link = Look at them
web-done-difference = Decided.

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
school-notice = Version of the privacy notice
school-notice-hint = What families and students were told about their data, under the name that you give its versions, such as 2026-1. What is imported from now on bears it.
school-notice-save = Save the version
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

## Morning e-mail
mail-title = Morning e-mail
mail-about = When it goes, your own switch, and whether it arrived.
mail-what = Everybody who signs in, has an e-mail address, and has something to do or to know gets one: what is theirs to do, what moved since the last school day, and what to look at.
mail-no-names = No student is named in it: initials and group stand there, and a link to Today.
mail-no-server = This server sends no e-mail
mail-no-server-how = Whoever runs it can give it a mail server. Until then nothing is written or kept.
mail-is-off = Switched off for this school
mail-from = On school days from { $hour }
mail-hour = { $hour }.00 am
mail-mine = Yours
mail-wanted = You get it when there is something for you.
mail-wanted-later = You get it once e-mail is sent here and there is something for you.
mail-unwanted = You do not get it.
mail-decline = Do not send it to me
mail-want = Send it to me
mail-school = For the school
mail-when = When it goes
mail-when-hint = On school days, at school time. Nobody gets two on a day.
mail-off = Not at all
mail-standing = How it stands
mail-last-sent = Last sent
mail-never-sent = Nothing was sent yet.
mail-sent = Sent in the last seven days
mail-waiting = Waiting to be sent
mail-failed = Refused or given up
mail-none = Everything of the last seven days was taken by the mail server. Ka pai.
mail-day = Day
mail-to = To
mail-state = State
mail-why = Answer
mail-again = Next try:
mail-state-waiting = Waiting
mail-state-refused = Refused
mail-state-given-up = Given up
mail-stuck-email = { $count ->
    [one] One e-mail to whānau waits: this server sends no e-mail at present.
   *[other] { $count } e-mails to whānau wait: this server sends no e-mail at present.
}
mail-stuck-text = { $count ->
    [one] One text to whānau waits: this server sends no texts at present.
   *[other] { $count } texts to whānau wait: this server sends no texts at present.
}

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
calendar-no-terms = No term is set yet. Nothing counts outside a term.
calendar-begin = Begin with the terms
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

## Programs of other vendors
api-title = Programs
api-about = Which programs of other vendors may ask for what, how they use it, and how to end it.
api-back = Programs
api-lead = A program of another vendor can ask this school, and change what you let it change, by a token.
api-what = Each program has a name of its own, which stands with everything it records. It sees and does only what is ticked here, at this school alone, and no program ever reads a note.
api-none = No program has access.
api-new = Give a program access
api-new-care = Give one program one access, with as little as it needs. This page does not ask for your password again: leave no computer alone while it is open.
api-name = Name
api-name-hint = Whose program it is and what for, such as Kererū timetable. The name stands with what it records and is never used again for another.
api-may = What it may do
api-last-day = Last day
api-last-day-hint = After it the program is asked for nothing and told nothing. At most two years away.
api-make = Give access
api-program = Program
api-used = Last used
api-unused = Not yet
api-until = Until
api-ended = Ended
api-end = End access
api-earlier = Access that ended
api-made-by = made by { $name }, { $when }
api-days = Day by day
api-day = Day
api-part = Compared with the busiest day
api-requests = Requests
api-refused = Refused
api-made-title = Access for a program
api-made-lead = { $name } has access. Hand these two to the vendor, apart from each other.
api-id = Id
api-secret = Secret
api-secret-once = The secret is shown this once and kept nowhere. If it is lost or seen by somebody else, end this access and give another.
api-secret-gone = The secret was shown when the form was sent the first time. If it was not kept, end this access and give another.
api-secret-how = The vendor's developer finds how to begin in the document docs/api of Starboard, and at /api/v1/openapi.json of this school.
api-scope-students-read = See students
api-scope-students-read-hint = Names, year, group, days of enrolment. No NSN.
api-scope-nsn-read = See NSN
api-scope-nsn-read-hint = The full National Student Number with students. Each look is in the audit.
api-scope-marks-read = See marks
api-scope-marks-read-hint = Marks and half-days of everybody.
api-scope-marks-write = Enter marks
api-scope-marks-write-hint = Enter and correct marks of any day. What changes crosses or withdraws levels as if a person did it.
api-scope-tallies-read = See tallies
api-scope-tallies-read-hint = Counts and bands of the term.
api-scope-crossings-read = See levels and tasks
api-scope-crossings-read-hint = Which levels were reached or withdrawn, and what is owed by whom.
api-scope-responses-read = See responses
api-scope-responses-read-hint = Type, description and time, without any note.
api-scope-responses-write = Record responses
api-scope-responses-write-hint = Record, revise and withdraw responses. Never Initiated prosecution.
api-scope-notes-write = Write notes
api-scope-notes-write-hint = Add a private note to a response it records. It cannot read one back.
api-scope-descriptions-read = See descriptions
api-scope-descriptions-read-hint = The school's wordings under each type.
api-scope-descriptions-write = Edit descriptions
api-scope-descriptions-write-hint = Add, reword and retire them. The Ministry sees descriptions.
api-scope-calendar-write = Set terms, close and open half-days
api-scope-calendar-write-hint = What counts follows at once, and so does what the Ministry is told.
api-scope-roster-write = Send students, staff and marks
api-scope-roster-write-hint = As files that are checked like any import.
api-scope-exports-read = Take exports
api-scope-exports-read-hint = The files of a term: half-days, tallies, crossings, responses. Each one is in the audit.
web-done-api-ended = The access has ended. Its tokens are no good from now on.

## Import
import-title = Imports
import-about = Bring an export of your student management system, or a file made by hand: students, staff, marks, closures, terms, a timetable or whānau contacts. You see what it says, then what it would change, and only then decide.
import-kind = What it holds
import-kind-terms = Terms
import-kind-calendar = Closures and openings
import-kind-students = Students
import-kind-staff = Staff
import-kind-marks = Marks
import-kind-timetable = Timetable
import-kind-contacts = Whānau contacts
import-name = File
import-file = File: choose it, or drag it here
import-file-hint = CSV, TSV, XLSX or XML, or a OneRoster package as a zip; at most 64 MiB.
import-file-missing = Choose a file
import-source = Where it comes from
import-source-hint = A word for the system, the same each time. How its columns are named is remembered by it, and a row that has not changed since that system's last file never undoes what a person corrected here.
import-go = Bring it in
import-back = ← Imports
import-uploads = Waiting for their columns to be named
import-arrivals = What came
import-state = What became of it
import-door-page = brought here
import-door-folder = from the watched folder
import-door-kamar = pushed by KAMAR
import-door-oneroster = from OneRoster
import-door-api = by a program
import-door-command = by the command line
import-state-received = Is being worked
import-state-review = Waits for you
import-state-stored = Imported
import-state-refused = Refused
import-state-discarded = Discarded
import-state-undone = Undone
import-columns-title = Name the columns
import-columns-lead = { $file }, from { $source }. Say what each column is. What you choose is remembered for the next file of this system.
import-columns = Columns of the file
import-column = Column
import-samples = What stands in it
import-is = What it is
import-left-out = Leave out
import-look = Show again
import-stage = Next: see what it changes
import-drop = Forget this file
import-words = Words in the file
import-words-hint = What each stands for here: a code's letter, am or pm, and so on; a hyphen for no mark.
import-word = Word
import-cells-head = Cells
import-cells = { $count }
import-stands-for = Stands for
import-word-unknown = not known yet
import-empty-cell = an empty cell
import-fixed = The same in every row
import-fixed-hint = For what the file does not say itself. A first day is only for students who are new here or have come back.
import-slots = Periods of the day
import-slots-hint = In the order in which their codes stand in a row; leave a place empty that is no period.
import-slot = Place
import-slot-name = Name
import-slot-start = Starts
import-slot-minutes = Minutes
import-reading = How the file is read
import-guessed = As guessed
import-order = Dates
import-order-data = As the file shows
import-order-day-first = Day, month, year
import-order-month-first = Month, day, year
import-sheet = Sheet
import-records = Records
import-encoding = Letters
import-encoding-utf-8 = UTF-8
import-encoding-utf-16-le = UTF-16
import-encoding-utf-16-be = UTF-16, high byte first
import-encoding-windows-1252 = Windows-1252
import-separator = Between the cells
import-separator-comma = commas
import-separator-semicolon = semicolons
import-separator-tab = tabs
import-separator-pipe = upright lines
import-pattern = File names in the watched folder
import-pattern-hint = Such as attendance*.csv. A file of this name that is put there at night is read like this one. Empty for none.
import-whole = This file names everybody: whom it does not name has left
import-understood = As it would be understood
import-made-whole = Rows: { $rows }. Nothing is wrong with them so far.
import-made-problems = Rows: { $rows }. To mend, or to leave out: { $problems }.
import-first-rows = The first rows
import-line = Line
import-problem-column = Column
import-problem-wrong = What is wrong
import-problem-right = What would be right
import-problem = Line { $line }, { $column }: { $wrong }. Right would be: { $right }.
import-note-text = Read as { $encoding }, with { $separator } between the cells.
import-note-windows = Read as Windows-1252, since it is not UTF-8, with { $separator } between the cells. This form has no macrons: if names have lost theirs, export the file as UTF-8.
import-note-sheet = Read from the sheet { $sheet }.
import-note-records = Read as XML: a row for each { $sheet }.
import-note-others = Not read: { $records }. Choose the records under How the file is read.
import-note-numbered = Several records stand on one line of the file, so rows are numbered by record.
import-note-header = The columns are named on line { $line }; what stands above is left out.
import-note-remembered = Understood as the last file of this system was.
import-note-new = Columns that the last file of this system did not have: { $columns }.
import-note-gone = Columns that the last file of this system had: { $columns }.
import-note-month-first = Dates are read month first, since line { $line } can only be meant so.
import-note-order-both = Dates contradict each other: line { $day } is day first, line { $month } month first. They are read day first; say otherwise under How the file is read.
import-note-order-either = Dates could be day first or month first. They are read day first, as New Zealand writes them.
import-note-order-remembered = Dates could be day first or month first. They are read month first, as you said or earlier files of this system showed.
import-fault-missing = Say which column is: { $field }.
import-fault-gone = The column { $column } is not in this file. Say which is: { $field }.
import-fault-clash = Marks are said in two ways at once. Use the columns for morning and afternoon, or one column of codes, and leave the others out.
import-fault-slots = Name the periods of the day, with when each starts and how long it is.
import-field-student-id = Student's number
import-field-staff-id = Staff code
import-field-nsn = National Student Number
import-field-school = School's number
import-field-date = Date
import-field-am = Morning
import-field-pm = Afternoon
import-field-codes = A code for each period
import-field-code = Code
import-field-half = Morning or afternoon
import-field-period = Period
import-field-start = Starts
import-field-end = Ends
import-field-minutes = Minutes
import-field-recorded-by = Recorded by
import-field-given-name = First name
import-field-family-name = Family name
import-field-name = Whole name
import-field-preferred-name = Preferred name
import-field-year-level = Year level
import-field-group = Form or whānau class
import-field-groups = Forms or whānau classes
import-field-house = House
import-field-start-date = First day
import-field-end-date = Last day
import-field-enrolment = Enrolment
import-field-email = E-mail
import-field-role = Role
import-field-contact-id = Contact's number
import-field-relationship = Relationship
import-field-phone = Phone
import-field-address = Address
import-field-suburb = Suburb
import-field-town = Town
import-field-postcode = Postcode
import-field-prefers = Reached best by
import-field-language = Language
import-field-gets-letters = Gets letters
import-field-last-confirmed = Last confirmed
import-field-do-not-contact = Must not be contacted
import-field-why = Why
import-field-day = Open or closed
import-field-reason = Reason
import-field-term = Term
import-field-year = Year
import-field-first-day = First day
import-field-last-day = Last day
import-field-weekday = Weekday
import-field-from-date = In force from
import-field-mark = Mark
import-review-title = What this would change
import-review-summary = Rows: { $rows }, of which { $changed } would change something. Nothing is stored yet.
import-changes-nothing = Nothing here would change.
import-change-student-leaving = Students who would leave
import-change-student-new = New students
import-change-student-returning = Students who would come back
import-change-student-changed = Students who would change
import-change-staff-leaving = Staff who would leave
import-change-staff-new = New staff
import-change-staff-returning = Staff who would come back
import-change-staff-changed = Staff who would change
import-change-marks-new = New marks
import-change-marks-corrected = Marks that would be corrected
import-change-marks-unmarked = Marks that would be taken back
import-change-days = Days of the calendar
import-change-others = Terms, periods and contacts
import-change-crossings = Thresholds reached, or reached no longer
import-change-conflicts = Where it says something else than a person entered here
import-crossing-reached = reaches { $days } days, { $when }
import-crossing-moved = still reaches { $days } days, on { $when }
import-crossing-withdrawn = no longer reaches { $days } days
import-crossing-restored = reaches { $days } days again, { $when }
import-conflict = { $field }: { $stands } stands here, the file says { $offered }
import-mark-period = { $when }, period { $period }
import-nothing = nothing
import-over-person = A person entered this here.
import-decide = Decide
import-has-problems = Some rows have problems, and nothing is stored as it stands. Mend the file and bring it again, or see what the good rows alone would change.
import-skip = See the good rows alone
import-skip-not = See all rows
import-skipping = Only the good rows are counted above. The others are kept as a file for you to mend.
import-many-leave = { $count } of { $of } students would leave, more than one in ten.
import-many-staff-leave = { $count } of { $of } staff would lose their roles, more than one in ten.
import-leave-checked = I have checked that this is right.
import-commit = Import
import-discard = Discard
import-done-title = What came of it
import-became-received = It is being worked.
import-became-review = It waits for a decision.
import-became-stored = Rows: { $rows }, of which { $changed } changed something. Left out: { $bad }.
import-became-refused = Nothing of it was stored.
import-became-discarded = Nothing of it was stored.
import-became-undone = What it changed stands as before, wherever nothing else changed it since.
import-rejected = The rows that were left out, as a file
import-undo = Undo this import
import-undo-about = What it changed stands again as before, wherever nothing else changed it since. The history keeps both.
import-undone = As before again: { $what }.
import-undone-nothing = Nothing had to be put back.
import-undone-students = students { $count }
import-undone-enrolments = enrolments { $count }
import-undone-marks = marks { $count }
import-undone-staff = staff { $count }
import-undone-days = days and terms { $count }
import-undone-contacts = contacts { $count }
import-undone-periods = periods of the timetable { $count }
import-undone-left = Changed since, or not to be taken back, and so left: { $count }.
import-problems = What to mend
import-more = And { $count } more.
import-earlier = Imported at the command line, or before this page
import-none = No file was imported yet.
import-at = When
import-rows = Rows
import-changed = Changed
import-bad = Left out

# The OneRoster service of the school's SMS
oneroster-title = OneRoster
oneroster-about = Fetch students, staff and form classes every night from an SMS that offers OneRoster.
oneroster-lead = Students, staff and form classes are fetched every night from your SMS.
oneroster-what = Changes come each night and everything once a week. A roster says who somebody is and in which class; what staff may do here stays as you set it. If more than one student in ten would leave, it waits until you have looked at it. Passwords, phone numbers and dates of birth are not asked for.
oneroster-arrivals = What came, and what waits for you
oneroster-fetch = Try now
oneroster-asked = Asked. The whole roster is fetched within a minute or two; look again then.
oneroster-problem = The last attempt did not work. { $problem }
oneroster-silence = No roster has come from your SMS since { $since }.
oneroster-silence-never = No roster has come from your SMS yet.
oneroster-silence-link = Look at OneRoster
oneroster-tried = Last tried
oneroster-good = Last fetched
oneroster-whole = Everything fetched
oneroster-retry = Tried again
oneroster-outcome = What came
oneroster-base = Address of the service
oneroster-base-hint = As your SMS's supplier gave it, such as https://sms.example/ims/oneroster/v1p1
oneroster-version = Version
oneroster-version-of = OneRoster { $version }
oneroster-token-at = Address that gives tokens
oneroster-token-at-hint = OAuth 2, client credentials; the supplier names it beside the client id
oneroster-client = Client id
oneroster-secret = Client secret
oneroster-secret-kept = One is kept, entered
oneroster-secret-hint = It is sealed when it is saved and never shown again. When an address or the client id changes, enter it again.
oneroster-org = This school's id at the service
oneroster-org-hint = Leave it empty when the service holds one school, or knows this one by its Ministry number.
oneroster-id = Which id is the student's
oneroster-id-hint = Choose the one that your marks use. It should not change from year to year.
oneroster-id-identifier = identifier, or else the SMS's own id
oneroster-id-sourcedId = sourcedId
oneroster-id-username = username
oneroster-nsn = identifier holds the National Student Number
oneroster-on = Fetch the roster every night
web-done-roster-asked = Asked. The roster is fetched within a minute or two.

## When: half-days and causes on the pages about students
when-today = today
when-morning = morning
when-afternoon = afternoon
when-morning-title = Morning
when-afternoon-title = Afternoon
when-level = { $days } days
when-school-days-ago = { $count ->
    [one] 1 school day ago
   *[other] { $count } school days ago
}
when-cause-mark = a mark was corrected
when-cause-closure = the school was closed
when-cause-left = the student left
when-cause-time = a half-day marked beforehand came
when-cause-codes = a new list of codes was loaded

## Today
today-levels = Level
today-all = All
today-mine = Mine
today-empty = Everyone who reached a threshold has a response. Ka pai.
today-empty-here = Nobody is left in this part of the list. Ka pai.
today-select = Select { $name }
today-reached = reached { $level }
today-owner-teacher = Group teacher
today-owner-dean = Dean
today-owner-leader = Leader
today-owner-office = Office
today-owner-principal = Principal
today-owner-you = Yours
today-owner-passed-on = Yours too, since it is late with: { $owner }
today-in-tier = { $tier }:
today-nobody = { $owner }: nobody holds this yet
today-given = { $owner }, given to somebody
today-late = late since { $date }
today-due = by { $date }
today-held = On hold
today-held-until = Until
today-held-tasks = { $count ->
    [one] 1 task waits
   *[other] { $count } tasks wait
}
today-encouraging = Doing well, and worth saying so
today-tier = Part of the plan
today-attempts = { $count ->
    [one] 1 failed attempt
   *[other] { $count } failed attempts
}
today-record = Record
today-record-for = for { $name }
today-selected = selected
today-near = Half a day from a threshold
today-near-empty = Nobody is half a day from a threshold.
today-moved = Moved back below
today-moved-empty = No threshold was taken back in the last two weeks.
today-moved-below = No longer at { $level }:
today-moved-responses = { $count ->
    [one] 1 response rests on it
   *[other] { $count } responses rest on it
}
today-waiting = Waiting for a reason
today-waiting-empty = Every absence of the last two weeks has a reason. Ka pai.
today-waiting-hint = Absences of the last two weeks without a reason, oldest first.
today-waiting-first = The first { $count } are listed.
today-student = Student
today-absent = Absent
today-next-level = Next level
today-now = Now
today-what = What happened
today-half-day = Half-day
today-code = Code
today-counts-hint = Students in each band this term. Your role sees counts and no names.
today-band = Band
today-range = Days absent
today-students = Students
today-range-green = 0 to 4.5 days
today-range-yellow = 5 to 9.5 days
today-range-orange = 10 to 14.5 days
today-range-red = 15 days and more

## My day
my-day-nothing = Nothing is owed by you today. Ka pai.
my-day-tasks = { $count ->
    [one] 1 thing is yours to do.
   *[other] { $count } things are yours to do.
}
my-day-late = { $count ->
    [one] 1 of them is late.
   *[other] { $count } of them are late.
}
my-day-up = { $count ->
    [one] 1 student reached a level since the last school day
   *[other] { $count } times a level was reached since the last school day
}
my-day-down = { $count ->
    [one] 1 level was taken back since then
   *[other] { $count } levels were taken back since then
}
my-day-reasons = { $count ->
    [one] 1 absence waits for a reason
   *[other] { $count } absences wait for a reason
}
my-day-rolls = { $count ->
    [one] 1 roll of yours is missing
   *[other] { $count } rolls of yours are missing
}
my-day-holds = Holds to look at again
my-day-holds-hint = These end within a week of school. Open the student to end one or to set another.
my-day-drift = { $count ->
    [one] Practice has moved away from the plan in 1 way.
   *[other] Practice has moved away from the plan in { $count } ways.
}
my-day-nobody = Owed, and nobody holds the role
my-day-nobody-link = Say who does what
my-day-others = { $count ->
    [0] Nothing is owed by others.
    [one] 1 thing is owed by others.
   *[other] { $count } things are owed by others.
}
my-day-all = See Today

## A student in the plan, holds and flags
plan-student = In the plan
plan-nothing = Nothing is owed for this student now.
plan-give = Give to somebody
plan-give-to = Who does it: { $task }
plan-give-back = Back to whom the plan names
plan-give-save = Give
plan-ahead = Next in the plan
plan-ahead-from = from { $date }
plan-ahead-after = after the steps before it
plan-back = Back to the plan
hold-title = Hold the steps for a known absence
hold-hint = The absence still counts and the level stays. Only the steps of the plan stop until the hold ends, and somebody looks at it again then. Why stays in the school.
hold-kind = Because of
hold-illness = Illness
hold-surgery = Surgery
hold-bereavement = Bereavement
hold-other = Something else
hold-first = First day
hold-last = Last day
hold-who = Who looks at it again
hold-why = Why, in a few words
hold-save = Hold the steps
hold-end = End the hold today
hold-until = On hold until { $date }.
hold-from = since { $date }
hold-reviewer = { $name } looks at it again
flag-is-set = Set
flag-put-on = Set it
flag-take-off = Take it off
web-done-task-given = The task was given.
web-done-hold-set = The steps are held. The absence still counts.
web-done-hold-ended = The hold has ended.
web-done-flag-set = Saved.
web-done-cover-set = Saved. Tasks follow it at once.
web-done-cover-ended = It has ended.

## Help
help-title = Help
help-lead = The codes, the levels and the response types, and whom to ask.
help-codes = Attendance codes
help-codes-lead = Every absence counts towards 5, 10 and 15 days, justified or not. A ? counts as absent until it is explained.
help-bands = Levels
help-bands-lead = By days absent in the term, counted anew each term. They say how far support should go, not whose fault an absence is.
help-band-green = Say that it goes well.
help-band-yellow = Get in touch early, and learn what is in the way.
help-band-orange = Make a plan together with whānau.
help-band-red = Bring in more help, from outside the school too.
help-types = Response types
help-types-lead = The type is fixed; under it the school chooses its own Descriptions. Notes stay in the school.
help-ask = Whom to ask
help-ask-school = Sign-in, people, Descriptions
help-ask-codes = How to code an absence
help-ask-codes-who = The Ministry's attendance code guidance
help-ask-region = What to do at a level
help-ask-region-who = The regional office of the Ministry of Education

## The practice school
practising-name = Practice school
practising-banner = Practice school: everybody in it is made up, and nothing is sent.
practising-guide = What to try
practising-leave = Leave
practising-title = Practice school
practising-lead = A school to practise in. Everybody in it is made up, nothing in it is sent to anybody, and it begins anew each day.
practising-try = What to try
practising-done = { $count ->
    [0] Nothing of this is done yet.
    [one] 1 of these is done.
   *[other] { $count } of these are done.
}
practising-is-done = Done
practising-other = Take another role
practising-enter-title = Choose a role
practising-role = Role
practising-change = Change role
practising-enter = Enter the practice school
practising-nowhere = This server has no practice school.
exercise-roll = Take the roll of your group, and mark somebody ?
exercise-my-day = Open My day, and record what you did for the first student on it
exercise-attempt = Ring somebody who does not answer: record an unsuccessful contact attempt, and see that the student stays on your list
exercise-hold = Hold the steps of a student who is having surgery, on their page
exercise-give = Give a task to a colleague, on a student's page
exercise-reason = Write down the reason for an absence
exercise-correct = Correct a half-day on a student's page, and see the count follow
exercise-many = Choose several students on Today, and record one letter for all of them
exercise-cover = Say who stands in for a dean who is away
exercise-plan = Change a sentence of the plan, and publish it
exercise-describe = Add a Description of your school's own
exercise-person = Add a member of staff

## The plan
plan-lead = What the school does at each level, who does it and by when. Tasks follow the published plan.
plan-edit = Change the plan
plan-starting = The school has not published a plan of its own. Until it does, tasks follow this simple one.
plan-start-go = Set yours up in five minutes
plan-has-draft = There is a draft that is not published.
plan-draft-see = See the draft
plan-public-link = The plan as families see it
plan-versions = Published versions
plan-version = Version
plan-published = Published
plan-column-empty = No tier begins here.
plan-takes-place = Takes the place of the tiers below it
plan-suggestion = A suggestion
plan-owners = { $first }, then { $others }
plan-due = within { $span }
plan-school-days = { $count ->
    [one] 1 school day
   *[other] { $count } school days
}
plan-weeks = { $count ->
    [one] 1 week
   *[other] { $count } weeks
}
plan-after = After: { $steps }
plan-after-all = Once all earlier steps are recorded
plan-wait = { $span } later
plan-only-if = Only if: { $condition }
plan-every = Again every { $span }
plan-every-times = Every { $span }, { $count } times in all
plan-records-any = Any response; suggested: { $records }
plan-records-one = Recorded as: { $records }
plan-records-all = Recorded as each of: { $records }
plan-and = { $space }and{ $space }
plan-or = , or{ $space }
plan-when-days = { $days } or more in the term
plan-when-codes = { $days } or more with code { $codes }
plan-when-except = { $days } or more, not counting code { $codes }
plan-when-unexplained = { $days } or more without an explanation
plan-when-below = under { $days } in the term
plan-when-at-most = attendance of { $percent } percent or less
plan-when-at-least = attendance of { $percent } percent or more
plan-when-classes = { $count } classes or more missed within { $span }
plan-when-flag = “{ $flag }” is set
plan-when-since = { $days } or more away since then

## The plan, changed
plan-edit-title = Change the plan
plan-edit-back = Back to the draft
plan-edit-lead = Changes are kept as a draft. Nothing follows it until it is published.
plan-draft = Draft
plan-draft-version = Version { $count }, drafted
plan-no-draft = There is no draft. What you change below becomes one.
plan-publish = Publish
plan-missing = A published plan should also say:
plan-line = line { $problem }
plan-line-number = Line { $count }
plan-save-draft = Save as draft
plan-check = Check only
plan-effect-opened = { $count ->
    [one] 1 task would come.
   *[other] { $count } tasks would come.
}
plan-effect-closed = { $count ->
    [one] 1 task would go.
   *[other] { $count } tasks would go.
}
plan-effect-kept = { $count ->
    [one] 1 task would stay.
   *[other] { $count } tasks would stay.
}
plan-effect-nobody = { $count ->
    [one] 1 task would be owed by nobody.
   *[other] { $count } tasks would be owed by nobody.
}
plan-effect-unheld = Nobody holds: { $owners }.
plan-text-title = The plan as text
plan-text-lead = The whole plan as one text, as starboard plan show prints it. What the forms do not offer is changed here; a form writes it anew, without its comments.
plan-text-good = Nothing is wrong with it.
plan-words-title = Words for families
plan-words-lead = What the board publishes. Lists have a line for each sentence. Name roles, never people.
plan-words-adopted_on = Adopted by the board on
plan-words-review_by = Reviewed by
plan-words-title-field = Title
plan-words-contact = Whom to ask
plan-words-targets = Targets
plan-words-objectives = Objectives
plan-words-statement = What the board makes sure of
plan-words-identification = How we find who needs support
plan-words-barriers = What can stand in the way, and what we do
plan-words-monitoring = How we see whether it works
plan-words-review = How we review it
plan-words-tiers = Tiers
plan-words-name = Name
plan-words-about = What it means for a family
plan-step-title = A step of the plan
plan-step-does = What is done
plan-step-owner = Who does it, then who it falls to
plan-step-owner-of = Owner { $count }
plan-step-nobody = Nobody further
plan-step-due = By when
plan-step-due-hint = Such as 5 school days or 2 weeks, from the day it opens.
plan-step-optional = Only a suggestion: nobody owes it
plan-step-records = What is recorded
plan-step-record-of = Response { $count }
plan-step-nothing = Nothing further
plan-step-completed = It is done with
plan-step-completed-any = any response; the above are suggestions
plan-step-completed-one = one of the above
plan-step-completed-all = each of the above
plan-step-rest = To change when else it is owed, use
plan-start-title = Set up your plan
plan-start-again = Begin with another plan
plan-start-lead = Choose the plan that is most like yours. You can change every word and step of it afterwards.
plan-start-choose = A plan to begin with
plan-start-see = Look at it
plan-start-duties = Who holds its duties
plan-start-later = Say it later
plan-start-then = Publishing puts it in force at once. Everybody can then read it on the school’s page of its plan.
web-done-plan-published = Published. Tasks follow it from now on.
web-done-plan-drafted = Saved as a draft.
web-done-plan-begun = Your plan is in force. Next: change its words, and see who does what.

## The plan, published
plan-public-title = Attendance management plan
plan-public-adopted = Adopted by the board on { $date }.
plan-public-review = To be reviewed by { $date }.
plan-public-steps = What we do
plan-public-suggestion = Where it helps.
plan-public-none = This school has not published its plan here yet. The school office can tell you about it.

## Who does what in the plan
cover-title = Who does what
cover-lead = The roles and duties that the plan names, and who holds them. Somebody who stands in takes the place of whoever usually does it, for a group, a year or everybody.
cover-nobody = Nobody yet
cover-people = { $count } people
cover-covers = Duties and cover
cover-none = Nobody stands in for anybody.
cover-owner = Role or duty
cover-scope = For
cover-everybody = Everybody
cover-who = Who
cover-when = When
cover-open = until ended
cover-to-come = still to come
cover-end = End
cover-add = Give a duty, or say who stands in

## Plan and practice
practice-title = Plan and practice
practice-lead = How each step of the plan was kept to. A step is spoken of once it was owed five times or more.
practice-none = Practice is as the plan says.
practice-never = { $step }: overdue, and never done this term.
practice-others = { $step }: mostly done by others than the plan names.
practice-late = { $step }: mostly late.
practice-suggestion = A suggestion
practice-step = Step
practice-owner = Owner
practice-done = Done
practice-done-late = of them late
practice-done-others = of them by others
practice-open = Open
practice-overdue = of them overdue

## Respond: recording a response
respond-title = Record a response
respond-levels = Level that the response answers
respond-no-level = No level
respond-students = { $count ->
    [one] 1 student
   *[other] { $count } students
}
respond-students-hint = The same response is recorded for each of them.
respond-before = Recorded before, this term
respond-before-none = nothing recorded
respond-due = Due by { $date }.
respond-held = The steps for this student are held until { $date }. What is in place can be watched: Monitor current approach.
respond-also = The same action was also
respond-suggested = in the plan
respond-outcomes = Nothing more is needed at this level? Say why in the notes, then:
respond-see = See it or take it back
respond-undone = { $count ->
    [one] 1 response was taken back.
   *[other] { $count } responses were taken back.
}
response-together = Recorded in one go
response-together-count = This was recorded for { $count } at once. They can be taken back at once too; each stays in its history as withdrawn.
response-undo = Take all { $count } back
respond-prosecution = Prosecution is the last resort, after every other step. Look at what has been recorded at each level. If it has been initiated, confirm it and save again.
respond-confirm = A prosecution has been initiated
respond-type = What was done
respond-type-short = Type
respond-description = Description
respond-when = When it was done
respond-when-kept = As recorded:
respond-when-now = Now
respond-when-today = Earlier today
respond-when-other = Another day
respond-time-today = Time today
respond-date = Date
respond-time = Time
respond-level = Level
respond-each-level = The level of each student
respond-term = Term
respond-done = Done
respond-done-above = The time chosen above
respond-not-shared = Not shared: this response names no level.
respond-recorded = Recorded for { $name }
respond-recorded-many = { $count ->
    [one] Recorded for 1 student.
   *[other] Recorded for { $count } students.
}
respond-sent-today = It will be sent today from 6 pm.
respond-sent-next = It will be sent with the next sharing.
respond-sent-demo = This demo sends it within moments.
respond-sent-off = Sharing responses is switched off, so it stays here.
respond-sent-never = It names no level, so it stays in this school.
respond-error-type = Choose what was done.
respond-error-time = Give a time, such as 14:30.
respond-error-date = Give a date.
respond-error-two-times = You chose another time and also gave one here. Choose “Earlier today”, or clear the time.
respond-error-future = That time is still to come. Record a response once it was done.
respond-error-key = This form was sent before with other contents, and that was saved. Look at what was recorded before; save again only if this is to be recorded as well.

## Response: one response and its versions
response-title = Response
response-back = Back to { $name }
response-versions = Versions
response-version = Version { $count }
response-done = Done
response-recorded-by = Recorded by { $name },
response-withdrawn = Withdrawn
response-is-withdrawn = This response was withdrawn. If it was done after all, record a new one.
response-leaders = Only leaders and the principal change this response.
response-revise = Revise
response-save = Save this version
response-note = A further note, kept in this school
response-shared-hint = Sent as a new version. Earlier versions stay in the history.
response-withdraw = Withdraw
response-withdraw-hint = For a response that was not done, or was recorded for the wrong student. It stays in the history, and the Ministry is told.
response-withdraw-note = Why, kept in this school
response-shared-not = Not shared
response-shared-waiting = Waits to be sent
response-shared-held = Held back: sharing is switched off
response-shared-sealed = Being sent
response-shared-received = Received by the Ministry
response-shared-refused = Refused by the Ministry
web-done-response-revised = The new version is saved.
web-done-response-withdrawn = The response is withdrawn. It stays in the history.

## Roll
roll-title = Rolls
roll-all = All rolls of this day
roll-day = Day
roll-show = Show
roll-none = No group has a student enrolled on this day.
roll-group = Group
roll-mine = yours
roll-done = Taken
roll-partly = Begun
roll-closed = Closed
roll-not-taken = Not taken
roll-half = Half of the day
roll-periods = Periods of the day
roll-period = Period { $name }
roll-period-said = { $period }, from { $start }, { $minutes } minutes
roll-no-period = No period
roll-empty = Nobody is enrolled in this group on this day.
roll-known = Office knows
roll-keep = Keep
roll-keep-what = what the office entered
roll-more = Another code for { $name }
roll-count-present = present
roll-count-late = late
roll-count-away = away
roll-count-known = known
roll-save = Save the roll
roll-saved = Saved { $when }
roll-saved-by = by { $name }.
roll-not-saved = Not saved yet
roll-not-saved-changed = Not saved. Look at the marked names, then save again.
roll-read-only = You can look at this roll and not change it. The office changes the rolls of other days.
roll-saved-notice = { $count ->
    [0] Nothing had changed, so nothing was saved anew.
    [one] Saved. 1 mark changed.
   *[other] Saved. { $count } marks changed.
}
roll-changed = { $count ->
    [one] Somebody else changed 1 of these marks while this page was open. Nothing was saved. What they entered stands beside the name; what you chose is kept.
   *[other] Somebody else changed { $count } of these marks while this page was open. Nothing was saved. What they entered stands beside the names; what you chose is kept.
}
roll-meanwhile = Now { $letter }
roll-meanwhile-known = Office knows now
roll-meanwhile-unmarked = Now without a mark
roll-key = This page was sent before with other contents, and that was saved. Look at what stands now, then save again.

## Students: the list
students-name = Name or student number
students-none = No student is here yet. Students come with an import.
students-not-found = Nobody among your students is called “{ $query }”.
students-count = { $count ->
    [one] 1 student
   *[other] { $count } students
}

## Student: one student's term
student-record = Record
student-year = Year { $year }
student-nsn = NSN
student-nsn-show = Show the full NSN
student-nsn-logged = Shown once. That you saw it is logged.
student-terms = Terms
student-strip = { $term }, each half-day
student-category-regular = Regular
student-category-irregular = Irregular
student-category-moderate = Moderately absent
student-category-chronic = Chronically absent
student-attended = attended { $percent } %, { $marked } % of half-days marked
student-not-enrolled = Not enrolled
student-to-come = Still to come
student-entered = Entered by { $name }, { $when }.
student-reached-here = Reached { $level }.
student-tally = How the days add up
student-no-half-day = No half-day.
student-absent = Absent so far
student-present = Present
student-open = Open days so far
student-not-counting = Marks that do not count
student-not-counting-hint = The school was closed then, or the student was not enrolled. The marks stay in the history.
student-timeline = What happened
student-timeline-empty = Nothing has happened yet this term.
student-no-term = The calendar has no term yet. An SMS administrator or the office enters it.
student-reached = Reached { $level }
student-for-level = For { $level }
student-revise = Revise or withdraw
student-see-versions = See the versions
student-earlier = { $count ->
    [one] 1 earlier version
   *[other] { $count } earlier versions
}
student-notes = { $count ->
    [one] 1 note, locked.
   *[other] { $count } notes, locked.
}
student-notes-read = Read the notes (this is logged)
student-is-now = is now
student-unmarked = no mark
student-by = by { $name }
student-rests = Its level is not reached any more
student-source = from { $source }
student-correct = What should stand
student-correct-save = Correct the mark
student-correct-what = For
student-correct-whole = the whole half-day
student-changed = Somebody else changed this mark while the page was open. Nothing was saved.
student-meanwhile = Now stands: { $now }. You chose: { $yours }. Save again if yours is right.
student-reason = Reason
student-reason-record = Record a reason
student-reason-hint = Kept in this school. Never sent.
student-reason-by = Who said so
student-reason-how = How
student-reason-code = Code it leads to
student-code-same = Leave the code as it is
student-reason-for = For these half-days
student-reason-save = Save the reason
student-way-phone = Phone
student-way-mail = E-mail
student-way-text = Text message
student-way-person = In person
web-done-student-mark = The mark is corrected. Tally and thresholds follow at once.
web-done-student-same = That mark stood already, so nothing changed.
web-done-student-reason = The reason is saved.

## Told: how a number came about, in sentences; pages and the command line say the same
told-until = { $term }, up to { $until }
told-known-now = By all that is known now.
told-known-at = By what had been recorded by { $when }.
told-sum = { $days } absent ({ $count ->
    [one] 1 half-day
   *[other] { $count } half-days
}): { $band }.
told-sum-unknown = { $days } of these may still change: the reason is not known yet (?), and it counts as absent until somebody knows more.
told-sum-unmarked = { $count ->
    [one] No roll was taken for 1 half-day: it counts neither as present nor as absent.
   *[other] No roll was taken for { $count } half-days: they count neither as present nor as absent.
}
told-attended = Attended { $percent } % of the half-days with a roll, which are { $marked } % of all: { $category }.
told-half-days = Each half-day, in order:
told-aside = Marks that do not count:
told-crossings = Levels reached:
told-crossings-none = None.
told-level-reached = { $level }: reached on { $half }
told-level-withdrawn = { $level }: not reached any more (last on { $half })
told-from-to = { $first } to { $last }
told-present = Present
told-justified = Absent, justified
told-unjustified = Absent, unjustified
told-unknown = Absent, reason not known yet
told-number = number { $count }
told-periods-own = Present: { $present } minutes at school in this half
told-periods-day = Present, by the minutes at school of the whole day ({ $present } in this half)
told-periods-justified = Absent, justified: { $justified } of { $absent } minutes away are
told-periods-unjustified = Absent, unjustified: { $justified } of { $absent } minutes away are justified
told-periods-unknown = Absent, reason not known yet ({ $absent } minutes away)
told-unmarked = No roll taken: neither present nor absent
told-not-enrolled = Not enrolled: not counted
told-closed = School closed: not counted
told-closed-for = School closed ({ $reason }): not counted
told-weekend = Weekend: not counted
told-no-mark = No mark
told-then = then
told-entered-by = by { $name }
told-entered-there = by { $name }, in a file of { $source }
told-entered-file = from a file of { $source }
told-entered-operator = by whoever runs Starboard here
told-entered-and-recorded = { $entered }, recorded here { $recorded }
told-reached = Reached on { $half }
told-moved = Moved to { $half }
told-withdrawn = No longer reached (it was on { $half })
told-restored = Reached again on { $half }
told-mark-new = { $half } was marked { $to }
told-mark-changed = { $half } was changed from { $from } to { $to }
told-mark-removed = The mark { $from } of { $half } was taken away
told-mark-none = The mark of { $half } was entered anew
told-day-open = The school is open on { $date }
told-day-closed = The school is closed on { $date }
told-day-morning = The school is open only in the morning of { $date }
told-day-afternoon = The school is open only in the afternoon of { $date }
told-term = { $term } runs from { $first } to { $last }
told-last-day = The last day at this school is { $date }
told-enrolled = Enrolled from { $date }, with no last day
told-codes = A new list of attendance codes counts from { $date } on
told-time = A half-day marked beforehand came
told-time-mark = { $half } came, marked beforehand: { $entered }
told-nothing-named = Something was entered anew
told-more = { $count ->
    [one] , and 1 more with it
   *[other] , and { $count } more with it
}
told-by = , by { $name }
told-by-operator = , by whoever runs Starboard here
told-by-file = , with the file { $file } of { $source }
told-by-brought = , with the file { $file } of { $source }, brought by { $name }
told-response = { $what }, done { $when }, recorded by { $name }
told-responses = { $count ->
    [one] A response named it then:
   *[other] { $count } responses named it then:
}
told-ministry-received = The Ministry received this { $when }.
told-ministry-waiting = Waits to be sent to the Ministry.
told-ministry-sealed = Is being sent to the Ministry.
told-ministry-held = Not sent to the Ministry: sharing is switched off.
told-ministry-overtaken = Not sent to the Ministry by itself: sharing was off, and what came of it was sent later.
told-ministry-refused = Refused by the Ministry. The Sharing page says why.
told-ministry-not = Not shared with the Ministry.

## Count: how one student's days were counted
count-title = How { $name } was counted
count-link = How this was counted
count-back = Back to { $name }
count-as-of = As of the afternoon of
count-known-at = As known at
count-known-hint = Left empty, both mean now. “As known at” answers by what had been recorded then.
count-show = Show
count-half-day = Half-day
count-code = Code
count-counts = Counts as
count-number = Number
count-entered = Entered
count-absent-so-far = half-days absent so far
count-levels = Levels reached
count-no-level = No level is reached.
count-nothing-known = Nothing was known of this term then.
count-bad-date = Give a date, as 2026-05-04.
count-bad-time = Give a date and a time, as 2026-05-04T15:10.

## Movement: what happened to levels on one day
movement-title = Movement
movement-lead = Everything that happened to levels on { $date }, in both directions.
movement-days = Days
movement-previous = Earlier: { $date }
movement-next = Later: { $date }
movement-today = Today
movement-day = Day
movement-show = Show
movement-up = Reached
movement-moved = Moved to another half-day
movement-down = No longer reached
movement-first = So much happened that day that only the latest { $count } are told.
movement-none = Nothing moved on this day: no level was reached, moved or taken back.
movement-student = Student
movement-level = Level
movement-what = What happened
movement-now = Now
movement-rests = { $count ->
    [one] 1 response now rests on a level that is not reached any more.
   *[other] { $count } responses now rest on a level that is not reached any more.
}
movement-link = { $count ->
    [0] Nothing moved today. See other days
    [one] 1 thing moved today, up or down: see it
   *[other] { $count } things moved today, up and down: see them
}

## Operator: how every school of a host stands
operator-view = Host
operator-title = Schools on this server
operator-as-of = { $day }, { $time }
operator-schools = Schools
operator-enrolled = Students enrolled
operator-marked = Half-days marked today
operator-waiting-all = Waiting for the Ministry
operator-which = Which schools
operator-all = All
operator-look = Need a look
operator-find = Name, number or host name
operator-school = School
operator-students = Students
operator-marked-short = Marked today
operator-last-act = Last act
operator-waiting = Waiting
operator-received = Last received
operator-state = State
operator-well = All well
operator-no-name = no host name
operator-no-school = no school
operator-not-sharing = Not sharing
operator-no-student = Nobody enrolled yet
operator-unreadable = Cannot be read
operator-school-number = School { $number }
operator-concern-silent = Silent for a day
operator-concern-unmarked = Nothing marked by noon
operator-concern-trouble = Sharing is stuck
operator-trouble-unreachable = The Ministry could not be reached. It is tried again.
operator-trouble-asked-to-wait = The Ministry asks to try later. It is tried again.
operator-trouble-not-admitted = The Ministry has not admitted this school.
operator-trouble-token = The token is missing or not this school's.
operator-trouble-refused = The Ministry refused a batch. The school's Sharing page says why.
operator-trouble-unclear = The Ministry's answer was of no use. It is tried again.
operator-all-well = No school needs a look. Ka pai.
operator-not-found = No school here is called “{ $query }”.
operator-empty = No school is here yet.
operator-empty-how = Make the first one on this machine. The command prints a link to set it up, and the school appears here within seconds.
operator-private = Counts and times alone: no student can be found on this page.
operator-json = The same as JSON

## Notes
notes-title = Notes
notes-hint = Kept in this school and never sent. That you read them is logged.
notes-none = There is no note that you may read.
notes-by = Written by { $name }

## Review: lists that are looked at once a day or once a week
review-back = Review
review-lead = What is worth a look once a day or once a week. Each list is for this school alone.
review-counts-only = Counts of the whole school. Your role sees no names.
review-complete = { $percent } % of half-days marked: { $marked } of { $expected }
review-forecast = Forecast
review-forecast-about = Who is about to reach 5, 10 or 15 days.
review-forecast-next = { $count } with the next absence
review-forecast-entered = { $count } on marks entered for coming days
review-forecast-rate = { $count } at the present rate
review-missing = Missing rolls
review-missing-about = Rolls of this term that were not taken, or only in part.
review-missing-count = { $count ->
    [0] No roll is missing
    [one] 1 roll
   *[other] { $count } rolls
}
review-reasons = Absences without a reason
review-reasons-about = Absences of this term, justified or not, for which nobody wrote down why.
review-reasons-count = { $count ->
    [0] Every absence has a reason
    [one] 1 half-day
   *[other] { $count } half-days
}
review-stand-out = What stands out
review-stand-out-about = Students away for 20 school days in a row, absence mainly on one weekday, and the lowest attendance of each house or year.
review-stand-out-long = { $count } away for 20 school days
review-stand-out-weekday = { $count } mainly on one weekday
review-movement = Movement
review-movement-about = Levels reached, moved and taken back, day by day.
review-terms = Terms
review-terms-about = Each term of the year with its bands, and what an ended term left open.
forecast-quiet = A quiet list: it is never shared, and nothing is sent or begun because of it.
forecast-takes = Takes
forecast-on = On
forecast-half-day = half a day
forecast-day = one day
forecast-next-title = With the next absence
forecast-next-about = Half a day or one whole day away from a level.
forecast-next-none = Nobody is within a day of a level.
forecast-entered-title = On marks already entered
forecast-entered-about = Absences that are known for coming days take these students to a level.
forecast-entered-none = No mark entered for coming days takes anybody to a level.
forecast-rate-title = At the present rate
forecast-rate-about = Absent half-days over marked half-days so far, at least 10 of them, carried on to the end of the term. It knows nothing of why somebody was absent.
forecast-rate-none = At the present rate nobody reaches another level this term.
stand-out-lead = Nothing follows from these lists by itself: a person looks, and decides.
stand-out-long = Away for 20 school days or more
stand-out-long-about = School days in a row, up to now, over weekends and breaks between terms. A day with a missing roll does not count and does not break it.
stand-out-long-none = Nobody has been away for 20 school days in a row.
stand-out-days = School days away
stand-out-last = Last day attended
stand-out-never = not found here
stand-out-end = Unless the absence is known to be temporary, the student is recorded as having left on the last day attended, here and in ENROL. Enter that day as the end_date of the student in your student management system, or in a file of students.
stand-out-weekday = Mainly on one weekday
stand-out-weekday-about = At least 6 absent half-days, more than half of them on that weekday.
stand-out-weekday-none = Nobody’s absence falls mainly on one weekday.
stand-out-mainly = Mainly on
stand-out-lowest = Lowest attendance
stand-out-lowest-about = Of each house, or of each year where the school has no houses: the 15 who attend least, of those who do not attend regularly and have ten half-days marked.
stand-out-lowest-none = Everybody attends regularly so far.
stand-out-no-house = No house
stand-out-attended = Attendance
stand-out-found = { $weekday }: { $on } of { $absent } absent half-days
missing-complete = Half-days marked
missing-count = Rolls missing
missing-marked = { $marked } of { $expected } half-days of students have a mark.
missing-about = Oldest first. Students count only while they are enrolled.
missing-first = The first { $count } rolls are listed.
missing-none = Every roll of the term has been taken. Ka pai.
missing-what = What is missing
missing-not-taken = Not taken ({ $enrolled })
missing-in-part = { $unmarked } of { $enrolled } without a mark
missing-teacher = Teacher
missing-no-teacher = nobody
missing-no-group = No group
missing-groupless = Students without a group
missing-groupless-about = Nobody takes a roll for them. A student gets a group with an import of students.
reasons-about = Each absence is followed up, justified or not. Half-days in a row are one line, oldest first. ? stays until a person changes it.
reasons-none = Every absence of the term has a reason. Ka pai.
reasons-count = { $count ->
    [one] 1 absence,
   *[other] { $count } absences,
}
reasons-half-days = { $count ->
    [one] 1 half-day in all.
   *[other] { $count } half-days in all.
}
reasons-when = When
reasons-length = Days
reasons-record = Record
reasons-pages = Pages of the list
reasons-page = Page { $page } of { $pages }
reasons-earlier = Earlier absences
reasons-later = Later absences
reasons-back = All absences without a reason
reason-title = Record a reason
reason-not-yours = Only the office, deans and leaders change another day’s marks and reasons.
terms-short = Term { $number }
terms-enter = Enter terms
terms-about = Tallies begin anew with each term. The bands count the students whom you see.
terms-years = Years
terms-school-days = { $count ->
    [one] 1 school day
   *[other] { $count } school days
}
terms-half-days = { $count ->
    [one] 1 half-day
   *[other] { $count } half-days
}
terms-no-mark = No mark of this term is here.
terms-all-done = Everyone who reached a level has a response. Ka pai.
terms-open = Left open
terms-open-about = Levels reached in this term without a response. They stay here until they are answered.
terms-level = Level
terms-owner = Owner
today-near-more = Forecast: who else is about to reach a level
today-waiting-more = All absences of the term without a reason
today-left-open = { $count ->
    [one] 1 level reached is left without a response.
   *[other] { $count } levels reached are left without a response.
}
today-left-open-link = Look at them
today-calendar-ends = The calendar ends on { $date } and no later term is known. Nothing counts outside a term.
today-calendar-ended = The calendar ended on { $date } and no later term is known. Nothing counts outside a term.
today-calendar-link = Enter the next terms
student-attendance = Attendance
student-year-title = The year { $year }
student-year-sum = The year
student-levels = Levels reached
student-responses = Responses
student-reason-when = When it was given
student-reason-given = given
student-reason-recorded = recorded

# The review of a term, and the board's report.
review-monitor = Review of the term
review-monitor-about = Whether each level reached gets a response, how soon, what followed, and what to mend.
review-board = Report to the board
review-board-about = The term in counts of the whole school, small numbers hidden: to print, or as a file.
monitor-title = Review of the term
monitor-board = Report to the board
monitor-students = { $count ->
    [one] 1 student
   *[other] { $count } students
}
monitor-whose-all = The whole school: { $students }.
monitor-whose-none = Your own students: { $students }; no group or year is yours.
monitor-whose-own = Your own students: { $students } ({ $groups }).
monitor-not-hidden = Small numbers are not hidden here, since you see these students anyway. Do not pass this page on; the report to the board hides them.
monitor-answered = Does every level reached get a response?
monitor-bar = Drawn as a bar
monitor-reached = Reached
monitor-in-time = In time
monitor-later = Later
monitor-open = No response
monitor-past-due = of these, past due
monitor-not-owed = Nothing owed
monitor-reached-none = Nobody has reached a level in this term.
monitor-open-owners = Without a response, by who owes it
monitor-open-groups = Without a response, by group
monitor-soon = How soon does the first response come?
monitor-soon-none = No level reached in this term has a response yet.
monitor-median = Half of them within
monitor-ninetieth = Nine in ten within
monitor-waiting-days = School days
monitor-first-responses = First responses
monitor-days-to = { $from } to { $to }
monitor-days-more = { $from } and more
monitor-by-level = The same for each level
monitor-recorded = How soon is a response recorded?
monitor-within-48 = Within 48 hours
monitor-under-an-hour = under an hour
monitor-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
monitor-no-response = No response was recorded in this term yet.
monitor-done = What was done at each level?
monitor-all = All
monitor-no-description = without a description
monitor-descriptions = Do the descriptions say what the school does?
monitor-unused = { $count ->
    [one] 1 description is offered and was not used in this term
   *[other] { $count } descriptions are offered and were not used in this term
}
monitor-unused-none = Every description that is offered was used in this term.
monitor-overused-line = “{ $wording }” stands for { $used } of { $of } responses under { $type }.
monitor-overused-about = A description that most responses have says little. Two exact ones say more.
monitor-descriptions-link = Descriptions
monitor-followed = Was there less absence after a response?
monitor-followed-about = Absence in the 20 open half-days after a student’s first response of a type at a level, beside the 20 before it: the middle student’s share of marked half-days. Only students with both stretches in this term, and at least 10 marks in each.
monitor-followed-no-proof = This is no proof that a response helped. Students are answered when they have just been absent much, and after such a time most are absent less, answered or not.
monitor-followed-none = No student has 20 half-days before and after a response in this term yet.
monitor-followed-nobody = No response at all
monitor-followed-before = Absent before
monitor-followed-after = Absent after
monitor-followed-less = Absent less
monitor-part = { $part } of { $whole }
monitor-followed-few = fewer than 5 students: not shown
monitor-mend = What is there to mend?
monitor-mend-none = Nothing was found to mend. Ka pai.
monitor-mend-which = Which
monitor-mend-past-due = { $count ->
    [one] 1 of { $of } levels reached has no response and is past due
   *[other] { $count } of { $of } levels reached have no response and are past due
}
monitor-mend-past-due-about = Record what was done, or do it.
monitor-mend-missing-rolls = { $count ->
    [one] 1 roll is missing or begun only
   *[other] { $count } rolls are missing or begun only
}
monitor-mend-missing-rolls-about = Without a roll nobody is absent, and a level is reached too late.
monitor-mend-unknown-long = { $count ->
    [one] 1 half-day has stood at ? for more than a week
   *[other] { $count } half-days have stood at ? for more than a week
}
monitor-mend-unknown-long-about = Find out, and give the mark its code.
monitor-mend-without-reason = { $count ->
    [one] 1 absent half-day has no reason written down
   *[other] { $count } absent half-days have no reason written down
}
monitor-mend-without-reason-about = Every absence is followed up, justified or not.
monitor-mend-without-description = { $count ->
    [one] 1 response has no description, though some are offered
   *[other] { $count } responses have no description, though some are offered
}
monitor-mend-without-description-about = Revise the response, or add the description that was missing.
monitor-mend-before-the-level = { $count ->
    [one] 1 response was done on a day before its level was reached
   *[other] { $count } responses were done on a day before their level was reached
}
monitor-mend-before-the-level-about = Look whether day and level are right: such a response may belong to no level.
monitor-mend-before-done = { $count ->
    [one] 1 response was recorded before it was done
   *[other] { $count } responses were recorded before they were done
}
monitor-mend-before-done-about = A response is recorded once it was done. Look whether the time is right.
monitor-mend-level-withdrawn = { $count ->
    [one] 1 response rests on a level that is not reached any more
   *[other] { $count } responses rest on a level that is not reached any more
}
monitor-mend-level-withdrawn-about = A mark was corrected afterwards. The response stands; look whether it went to the right student.
monitor-mend-recorded-late = { $count ->
    [one] 1 of { $of } responses was recorded more than 48 hours after it was done
   *[other] { $count } of { $of } responses were recorded more than 48 hours after they were done
}
monitor-mend-recorded-late-about = What is past stays. Recording from Today, as it happens, takes seconds.
monitor-mend-much-other = { $count } of { $of } responses are Other
monitor-mend-much-other-about = Look at what they were: a type or a description of its own may say it.
monitor-definitions = How these figures are worked out
monitor-definition-reached = Reached: students with 5, 10 or 15 days of absence in the term as the marks stand now. A level that a correction took back is not counted.
monitor-definition-in-time = In time: the first response that completes what is owed was done by the day the plan names; later: after it. An unsuccessful contact attempt completes nothing. Nothing is owed for a level reached before the school’s first day with Starboard.
monitor-definition-soon = The first response: school days from the day on which the level was reached to the day on which it was done; 0 on the same day or before.
monitor-definition-recorded = Recorded: hours from when a response was done to when it was first recorded. Withdrawn responses are not counted.
monitor-definition-median = Half of them within, nine in ten within: the smallest number that at least half, or at least nine tenths, do not exceed. Of an even number the lower middle one.
monitor-definition-percent = Shares are rounded down to whole percent, so that only all of them say 100.
board-title = Report to the board
board-csv = Download as CSV
board-as-of = Counted up to { $half_day }.
board-print = To print this report, or keep it as a PDF, print the page in your browser.
board-nothing-hidden = No number had to be hidden.
board-some-hidden = { $count ->
    [one] 1 number is hidden
   *[other] { $count } numbers are hidden
}: those under 5, and as many others as it takes that nobody can work them out. A 0 is shown.
board-hidden = hidden
board-attendance = How much school was missed?
board-attended = Half-days attended
board-category = Attendance category
board-no-mark = No mark yet
board-recorded-later = Later than that
board-followed-none = There are too few students to say anything without naming them.

# How we count.
rules-title = How we count
rules-about = What the figures mean and how they are worked out, with examples.
rules-lead = How Starboard works out every figure of absence, by the codes of this school. The examples are counted by the same program when this page is made.
rules-contents = On this page
rules-amounts = Counts as

# Attendance codes.
codes-title = Attendance codes
codes-about = Which codes there are, what each counts as, and loading a new list.
codes-lead = What each code amounts to for a half-day. The Ministry sets the list; a new one is loaded here with its first day, without waiting for a new version of Starboard.
codes-letter = Code
codes-name = Meaning
codes-class = Counts as
codes-dates = In use
codes-from-date = from { $date }
codes-counts-as = as
codes-earlier = No longer in use
codes-load = Load a new list
codes-from = First day of the new list
codes-from-hint = Days before it keep the list they have. The day may have passed: marks from it on are then counted again.
codes-list = The new list
codes-list-hint = A row for each code: letter, meaning, class (P present, J justified, U unjustified) and, for an older letter that is still accepted, the letter it counts as.
codes-show = Show what it changes
codes-show-again = Show again
codes-confirm = Load this list
codes-preview = { $count ->
    [one] One code from
   *[other] { $count } codes from
}
codes-preview-nothing = No student's count changes.
codes-preview-students = { $count ->
    [one] one student's count changes
   *[other] { $count } students' counts change
}
codes-crossing-reached = { $count } reach { $level } who had not
codes-crossing-moved = { $count } reach { $level } on another half-day
codes-crossing-withdrawn = { $count } no longer reach { $level }
codes-crossing-restored = { $count } reach { $level } again
web-done-codes = The list is loaded. Counts follow it from its first day on.

# The timetable.
calendar-timetable = Timetable
calendar-no-timetable = None: rolls are taken by half-day. A school that marks each period brings its timetable as a file under Imports.
calendar-timetable-periods = { $count ->
    [one] one period
   *[other] { $count } periods
}
calendar-timetable-groups = { $count ->
    [0] for every group
    [one] one group by name
   *[other] { $count } groups by name
}

# Words to whānau: runs of letters, e-mails and texts.
channel-email = E-mail
channel-text = Text
channel-letter = Letter
channel-phone = Phone call
letters-title = Words to whānau
letters-lead = Choose whom it is about, read each message, send. The response records itself when a message has gone.
letters-start = Who waits for a response
letters-start-none = Nobody who reached a level waits for a response.
letters-start-hint = Or tick students on a list and press Write home:
letters-runs = What was sent
letters-runs-none = Nothing was sent from here yet.
letters-when = When
letters-what = What it says
letters-state = How far
letters-by = By
letters-to = To
letters-home-by = { $channel } home
letters-do = Do
letters-words = What the messages say
letters-templates-link = The wordings, in English and te reo Māori
letters-letterhead-link = The letterhead
letters-no-letterhead = Families could not answer yet: the letterhead has no phone number or e-mail address of the school.
letters-write-letterhead = Write the letterhead
letters-state-to-post = to post
letters-state-waiting = waiting
letters-state-sent = sent
letters-state-failed = could not go
letters-state-came-back = came back
letters-state-dropped = taken out
letters-new-title = Write home
letters-back = Back to the list
letters-all = All runs
letters-by-which = By
letters-by-each = As each contact prefers
letters-look = Show the messages
letters-count = { $count ->
    [one] One message.
   *[other] { $count } messages.
}
letters-records = It records { $response }.
letters-none = There is nobody to write to: see below.
letters-read = Read the message
letters-see-student = Open { $name }
letters-out = Nobody to write to
letters-out-no-contact = no contact who may be written to
letters-out-nobody-marked = no contact is marked to get letters
letters-out-not-by-this = no contact can be reached this way
letters-confirm = { $count ->
    [0] Send the ticked messages
    [one] Send the ticked message
   *[other] Send the ticked messages ({ $count })
}
letters-confirm-hint = E-mails and texts leave at once; letters are printed next.
letters-note-prefers = would rather have: { $channel }
letters-note-reo = reads te reo Māori; that wording is a draft nobody approved yet, so this goes in English
letters-note-before = the same went on { $date }
letters-note-no-address = no address: send it home with the student
letters-note-waits = a changed address or number waits for a second look and is not used
letters-note-praise = praise would answer the level that was reached
letters-note-no-absence = there is no absence to speak of
letters-answers = Answers: { $step }
letters-no-email = This server sends no e-mail yet: whoever runs it can set that up.
letters-no-texts = This server sends no texts yet: whoever runs it can set that up.
letters-paper-only = This server sends neither e-mail nor texts yet: everything goes on paper.
letters-confirm-hint-paper = Nothing leaves by itself: the letters are printed next.
letters-note-held = steps are held until { $date }
letters-waiting = { $count ->
    [one] One message waits to be sent.
   *[other] { $count } messages wait to be sent.
}
letters-paper = On paper
letters-pdf = Open the letters (PDF)
letters-print = Show the letters to print
letters-print-title = Letters to print
letters-print-hint = Print this page on one side of the paper: each letter begins on a sheet of its own and fits a window envelope.
letters-post-hint = Printed, folded, on their way? Then say so: the responses are recorded now.
letters-post = { $count ->
    [one] The letter is on its way
   *[other] All { $count } letters are on their way
}
letters-again = Write again where nothing arrived
letters-messages = Messages
letters-response = Response
letters-came-back = It came back
letters-drop = Take out
letters-sent = sent
letters-what-it-said = What it said
letters-settle = Dealt with otherwise
letters-correct = Draft the corrections
letters-correction-lead = These messages say what is right now, to the people who got the earlier ones.
letters-wrong-title = Messages that are no longer right
letters-wrong-lead = A mark was corrected since these were written. What went is put right by a short message; what is not gone yet is taken out.
letters-wrong-none = Every message of this term is still right.
letters-is-wrong = no longer right
letters-by-hand = By hand: { $student }
letters-wrong-link = Look at them
letters-wrong-count = { $count ->
    [one] One message home is no longer right.
   *[other] { $count } messages home are no longer right.
}
letters-wrong-level = { $level } is no longer reached.
letters-wrong-dates = No longer an absence: { $dates }.
letters-wrong-counts = It said { $before } days; now it is { $now }.
letters-templates-title = The wordings
letters-templates-lead = What messages home say, as files that you can read and change. Each goes as a letter, an e-mail or a text, and records one response.
letters-wording = Wording
letters-what-records = What it records
letters-reo = Te reo Māori
letters-english = English
letters-reo-draft = draft
letters-reo-approved = approved { $date }
letters-saved = saved { $date }
letters-to-begin-with = as it came
letters-another = Another wording
letters-short-name = Short name
letters-short-name-hint = Small letters, digits and dashes, such as kapa-haka-praise.
letters-copy-of = Begin with a copy of
letters-begin = Make the copy
letters-text = The wording
letters-text-hint = Words in braces are filled in for each family. What stands between [if …] and [end] is said in that case only.
letters-see-on = See it on
letters-save = Save
letters-look-at-it = Show what it says
letters-places = Everything that can be filled in
letters-cases = Cases: [if mostly medical], [if mostly unknown], [if mostly unjustified], [if some unknown], [if no absence], [otherwise], [end]. A note, a reason, an NSN or another child cannot be filled in.
letters-preview = What it says
letters-says-nothing = It says nothing yet: something is wrong with it.
letters-seen-on = Seen on { $name }.
letters-seen-on-nobody = Seen on a made-up child, since nobody waits for a response.
letters-reading-age = Reads easily from { $count } years of age.
letters-as-text = As a text message, { $count } characters,
letters-as-texts = { $count ->
    [one] sent and paid for as one:
   *[other] sent and paid for as { $count }:
}
letters-approve-title = Is the te reo Māori right?
letters-approve-hint = Until somebody fluent has approved it, families who read te reo Māori get the English. Approving counts for exactly these words; a change makes it a draft again.
letters-approve = I am fluent, and it is right
letterhead-lead = Stands above every letter and below every e-mail. Families answer here, and tell you here when something is wrong.
letterhead-address = Postal address
letterhead-phone = Phone
letterhead-email = E-mail
letterhead-email-hint = Answers to e-mails go here.
letterhead-website = Website
letterhead-logo = Picture
letterhead-logo-hint = A PNG of at most 300 KB, for letters on paper.
letterhead-no-logo = Take the picture away
letterhead-save = Save the letterhead
letter-title = A message home
letter-about = About
letter-confirmed = Confirmed
letter-words = What it says
letter-back-title = Did it come back?
letter-back-why = What was on it
letter-back-hint = For the school alone: "no longer at this address", "mailbox unknown". The response becomes an unsuccessful contact attempt, and the task is open again.
web-done-letters-confirmed = Confirmed. E-mails and texts are on their way; what is on paper waits below.
web-done-letters-saved = Saved. Messages say this from now on.
web-done-letters-approved = Approved. Families who read te reo Māori get it from now on.
web-done-letterhead-saved = The letterhead is saved.
web-done-letters-posted = Noted, and the responses are recorded.
web-done-letter-came-back = Noted. The response is an unsuccessful contact attempt now, unless another message of this run arrived.
web-done-letter-dropped = Taken out. Nothing is recorded for it.
web-done-letter-settled = Noted: nothing more to put right there.

# Calls and hui, referrals, and what left about a child.
calls-title = Calls
calls-lead = Call, then press how it went: it is recorded at once, and the next student is up. j and k move, s m n w h record, u takes the last one back.
call-absent = Absent this term:
call-held = The steps are held until { $date } for a known absence: ask how they are.
call-whom = Whom to call
call-waits = a changed number waits for a second look
call-no-number = no number
call-nobody = There is nobody who may be called.
call-contacts = See the contacts
call-other = Somebody else
call-spoke = Spoke
call-left-message = Left a message
call-no-answer = No answer
call-wrong-number = Wrong number
call-hui = Hui held
call-records = Records: { $response }.
call-stays-open = The task stays open.
call-recorded = Recorded for { $name }: { $response }.
call-see = See it
call-undo = Take it back
call-twice = This page was used already for another call. Look at what is recorded today, then press again.
call-paper = Spoke ☐   Left a message ☐   No answer ☐   Wrong number ☐   Hui held ☐   Time:
call-undone = Taken back. It stays in the history as withdrawn.
student-write = Write home
student-call = Call
student-refer = Refer
student-left = What left
referral-title = Referral
referral-back = Back to the referral
referral-advice-refer = Refer
referral-advice-wait = Wait
referral-advice-not = Do not refer
referral-advice-hint = This is advice from what is recorded here. You decide.
referral-ground-held = The steps are held until { $date } for a known absence. A service would ask the family what you already know.
referral-ground-left = This student is no longer enrolled here.
referral-ground-medical = More than half of the absence is illness. Support at school and at home helps more than an attendance service.
referral-ground-prosecuted = A prosecution was initiated on { $date }. What comes next is for the principal to say.
referral-ground-referred = A referral was recorded on { $date }. Ask there how it goes before another.
referral-ground-early = Fewer than 10 days of absence this term, and your plan does not ask for a referral yet.
referral-ground-no-conversation = No conversation with whānau is recorded this term.
referral-ground-steps = { $count ->
    [one] 1 step of your plan is owed and not recorded.
   *[other] { $count } steps of your plan are owed and not recorded.
}
referral-ground-plan-from = Your plan asks for a referral from { $date } on.
referral-ground-plan-after = Your plan asks for a referral once the steps before it are done.
referral-ground-just-done = Something was done on { $date }. Give it five school days.
referral-ground-all-done = What your plan asks was done, whānau were spoken with, and the absence goes on.
referral-make-title = Make the pack
referral-receiver = For whom
referral-receiver-hint = The attendance service that gets it.
referral-purpose = What for
referral-purpose-hint = What you ask the service to do. It is in the pack.
referral-why = Why now
referral-why-hint = The advice is another. This is kept in this school and is not in the pack.
referral-notes = Notes to put in
referral-notes-hint = Notes stay in this school. Tick one only if the service needs it: each is logged.
referral-holds = What will be in it
referral-holds-hint = Never in it: another child, a reason given for an absence, a note that you did not tick, anybody who must not be contacted. The NSN is whole in what you hand over.
referral-make = Make the pack
referral-make-hint = It is kept as it is now. Nothing is sent: you hand it over.
referral-earlier = Packs made before
referral-pack-title = Pack of a referral
referral-made = Made
referral-advice-then = Advice then
referral-csv = Download as a file (CSV)
referral-print = Show it to print
referral-hand-over-hint = Both have the whole NSN, so each time is logged as showing it.
referral-stopped = This pack is not handed over any more: somebody in it must not be contacted now.
referral-record = Handed over? Then record it:
referral-record-link = Referred to external agencies: Referred to attendance services
referral-held = What it holds
referral-print-title = Referral to an attendance service
referral-print-hint = Print this page. It holds the whole NSN: hand it to the service alone.
referral-part-pack = This pack
referral-part-student = Student
referral-part-contact = Whānau
referral-part-attendance = Attendance
referral-part-level = Levels reached
referral-part-plan = The school’s plan
referral-part-response = What the school did
referral-part-attempt = Calls and hui
referral-part-message = Messages home
referral-part-note = Notes
web-done-referral-made = The pack is made and kept. Nothing was sent.
left-title = What left
left-lead = Everything that left this school about { $name }, newest first.
left-kinds = Kind
left-kind-all = All
left-kind-messages = Messages home
left-kind-referrals = Referrals
left-kind-ministry = Ministry
left-kind-files = Files
left-none = Nothing left.
left-when = When
left-what = What
left-to = To whom
left-state = How far
left-file = File with everybody of the term: { $what }
left-operator = Made at the command line
left-hidden = Somebody whom the office knows
left-ministry = Ministry of Education
left-records-attendance = { $count ->
    [one] 1 half-day
   *[other] { $count } half-days
}
left-records-crossing = { $count ->
    [one] 1 change of a level
   *[other] { $count } changes of levels
}
left-records-response = { $count ->
    [one] 1 response
   *[other] { $count } responses
}
left-logged = Looking at this page is logged.

## How whānau are reached
contacts-link = Whānau contacts
contacts-title = Whānau contacts of { $student }
contacts-lead = In the order in which they are asked.
contacts-none = Nobody is entered who can be contacted.
contacts-add = Add a contact
contacts-edit = Change
contacts-confirm = All of it is right
contacts-back = Whānau contacts
contacts-read-is-kept = Who looks at this page is kept.
contacts-phone = Phone
contacts-email = E-mail
contacts-address = Postal address
contacts-address-hint = As on an envelope, at most 6 lines
contacts-name = Name
contacts-relationship = Who they are to the student
contacts-place = Order
contacts-place-hint = 1 is asked first; empty for last
contacts-channel = Would rather be reached by
contacts-prefers = Preferred way: { $channel }
contacts-language = Language
contacts-language-en = English
contacts-language-mi = Te reo Māori
contacts-written-to = Gets letters, e-mails and texts about this student
contacts-gets-letters = gets letters
contacts-gets-none = no letters
contacts-confirmed = Confirmed { $date }.
contacts-never-confirmed = Never confirmed.
contacts-changed = Last changed by { $by }, { $date }.
contacts-operator = the operator
contacts-second-look = Another number or address in place of one that was there waits for a second look before anything goes to it, also where the person was removed and is added again.
contacts-waits = waits for a second look
contacts-wait-changed = Changed by { $by }, { $date }. Nothing goes there before a second look.
contacts-wait-doubted = A call on { $date } found this number wrong ({ $by }). Nothing goes there before a second look.
contacts-wait-anothers = This is also how somebody is reached who must not be contacted about this student. Nothing goes there before a second look.
contacts-before = Before
contacts-now = Now
contacts-look-right = It is right, use it
contacts-look-keep = Go back to the one before
contacts-look-drop = It is wrong, take it away
contacts-look-others = You entered or doubted this, so somebody else looks at it: { $names }.
contact-edit-title = { $name }, contact of { $student }
contact-new-title = A new contact of { $student }
contacts-namesake = Somebody with this name, or with one that a file gave this contact before, must not be contacted about this student, so nothing goes here either, and only the office and leaders see it. Remove it if it is the same person; if it is somebody else, tell them apart: write another name.
contacts-block = Do not contact
contacts-block-hint = For a court order or somebody's safety. No letter, e-mail, text or call goes to this person about this student, and only the office and leaders see that they are on this list. What waits to be sent to them is stopped.
contacts-block-why = Why
contacts-block-set = Do not contact this person
contacts-blocked = Do not contact.
contacts-blocked-no-why = The file that said so gave no reason.
contacts-lift-hint = Nothing goes to this person now. A file can never change that; you can.
contacts-lift-why = Why they may be contacted again, and who decided it
contacts-lift-sure = Yes, letters, e-mails, texts and calls may go to this person again
contacts-lift = They may be contacted again
contacts-remove = Remove
contacts-remove-hint = The person is no contact of this student any more. The history keeps what was sent to them. Somebody who must not be contacted is not removed: choose that above instead.
contacts-remove-go = Remove this contact
contacts-waiting-link = Contacts to look at
contacts-waiting-title = Contacts to look at
contacts-waiting-lead = A number or address that was changed is used only after somebody looked at it: ring the number that was there before, or ask at the door.
contacts-waiting = Waiting for a second look
contacts-waiting-none = Nothing waits.
contacts-without = Students without anybody to contact
contacts-without-none = Everybody has somebody.
contacts-without-hint = Letters and calls about them reach nobody.
web-done-contact-saved = Saved. A number or address in place of another waits for a second look.
web-done-contact-confirmed = Noted: all of it is right as of today.
web-done-contact-looked = Looked at. It may be used from now on.
web-done-contact-kept = Changed back.
web-done-contact-removed = Removed.
web-done-contact-blocked = Nothing goes to this person from now on.
web-done-contact-lifted = They may be contacted again.

# Lists as files.
list-download = { $count ->
    [one] Download 1 row as
   *[other] Download { $count } rows as
}
list-download-all = Download all rows as
list-as-csv = CSV
list-as-xlsx = Excel
list-as-json = JSON
list-about = About this file
list-about-school = School
list-about-list = List
list-about-filter = Narrowed to
list-about-whole = nothing: the whole list
list-about-by = Taken by
list-about-at = Taken at
list-about-rows = Rows
list-about-keep = Keep it safe
list-about-kept = This file may name students or staff of the school. Show it only to those who may see the page that it came from, and delete it when it is no longer needed. That it was taken is on record at the school.
list-students = Students
list-today = Today
list-today-near = Half a day from a level
list-today-held = Steps held
list-today-encouraging = To be encouraged
list-today-moved = Moved back below
list-movement = Movement
list-column-student-id = Student ID
list-column-student = Student
list-column-year-level = Year
list-column-group = Group
list-column-days-absent = Days absent
list-column-days-unknown = Days without a known reason
list-column-band = Band
list-column-attendance-percent = Attended, %
list-column-marked-percent = Half-days marked, %
list-column-category = Category
list-column-tier = Tier
list-column-level-days = Level, days
list-column-next-level-days = Next level, days
list-column-reached-on = Reached on
list-column-reached-half = Reached, am or pm
list-column-was-reached-on = Had been reached on
list-column-was-reached-half = Had been reached, am or pm
list-column-does = What is due
list-column-owner = Who
list-column-due-on = Due on
list-column-late = Late
list-column-attempts = Attempts
list-column-held-until = Held until
list-column-tasks = Steps
list-column-cause = Why
list-column-at = When
list-column-responses = Responses
list-column-happened = What happened
list-my-day = My day
list-my-day-nobody = Owed by nobody
list-my-day-held = Holds to look at
list-my-day-encouraging = To be encouraged
list-forecast-next = Forecast: with the next absence
list-forecast-entered = Forecast: on marks already entered
list-forecast-rate = Forecast: at the present rate
list-missing-rolls = Missing rolls
list-missing-rolls-students = Students without a group
list-stand-out-long = Long absences
list-stand-out-weekday = Absence mainly on one weekday
list-stand-out-lowest = The lowest attendance
list-reasons = Absences without a reason
list-terms = Terms
list-terms-open = What ended terms left open
list-plan-practice = Plan and practice
list-column-takes = Reached with the next
list-column-date = Date
list-column-half = Am or pm
list-column-period = Period
list-column-enrolled = Enrolled
list-column-unmarked = Without a mark
list-column-teachers = Teachers
list-column-school-days-away = School days away
list-column-last-attended = Last attended
list-column-weekday = Weekday
list-column-absent-on-it = Absent half-days on it
list-column-absent-half-days = Absent half-days
list-column-house-or-year = House or year
list-column-first-date = From
list-column-first-half = From, am or pm
list-column-last-date = Until
list-column-last-half = Until, am or pm
list-column-days = Days
list-column-codes = Codes
list-column-term = Term
list-column-first-day = First day
list-column-last-day = Last day
list-column-school-days = School days
list-column-open-half-days = Open half-days
list-column-green = Green
list-column-yellow = Yellow
list-column-orange = Orange
list-column-red = Red
list-column-responses-open = Responses still owed
list-column-done = Done
list-column-done-late = Done late
list-column-done-by-others = Done by others
list-column-open = Open
list-column-overdue = Overdue
list-rolls = Rolls
list-letters = Letters and messages
list-letters-run = Messages of one run
list-letters-wrong = Messages that are no longer right
list-letters-templates = Wordings
list-sharing = Sharing
list-sharing-keys = Keys for the Ministry
list-descriptions = Descriptions
list-people = People
list-codes = Attendance codes
list-calendar = Closures and openings
list-calendar-terms = Term dates
list-calendar-holidays = Holidays
list-plan-people = Who does what
list-plan-people-covers = Covers
list-imports = Imports
list-exports = Files taken away
list-board = Report to the board
list-review-term-levels = Review: levels
list-review-term-owners = Review: open, by whose they are
list-review-term-groups = Review: open, by group
list-review-term-waits = Review: how soon
list-review-term-types = Review: what was done
list-review-term-followed = Review: what followed
list-column-students = Students
list-column-marked = Marked
list-column-title = Title
list-column-records = Records
list-column-by = By
list-column-to-post = To post
list-column-waiting = Waiting
list-column-sent = Sent
list-column-failed = Failed
list-column-came-back = Came back
list-column-dropped = Dropped
list-column-channel = By
list-column-state = State
list-column-wrong = No longer right
list-column-days-told = Days absent, as told
list-column-level-withdrawn = Level withdrawn
list-column-name = Name
list-column-saved-at = Saved
list-column-reo-approved-at = Te reo Māori approved
list-column-sealed-at = Sealed
list-column-epoch = Epoch
list-column-first-seq = First number
list-column-last-seq = Last number
list-column-entries = Entries
list-column-refused = Refused
list-column-answered-at = Answered
list-column-digest = Digest
list-column-fingerprint = Fingerprint
list-column-made-at = Made
list-column-registered-at = Registered
list-column-last-used-at = Last used
list-column-ended-at = Ended
list-column-type = Type
list-column-description = Description
list-column-earlier-wordings = Earlier wordings
list-column-used-this-term = Used this term
list-column-retired = Retired
list-column-staff-id = Staff ID
list-column-email = E-mail
list-column-role = Roles
list-column-groups = Groups
list-column-can-sign-in = Can sign in
list-column-letter = Code
list-column-class = Class
list-column-counts-as = Counts as
list-column-am = Morning
list-column-pm = Afternoon
list-column-reason = Why
list-column-holiday = Holiday
list-column-people = People
list-column-held = Held by somebody
list-column-scope = For whom
list-column-person = Person
list-column-in-force = In force
list-column-kind = Kind
list-column-source = Source
list-column-rows = Rows
list-column-changed = Changed
list-column-bad-rows = Rows left out
list-column-list = List
list-column-format = As
list-column-filter = Narrowed to
list-column-as-of = As of
list-column-table = Table
list-column-row = Row
list-column-column = Column
list-column-value = Value
list-column-reached = Reached
list-column-in-time = Answered in time
list-column-later = Answered later
list-column-not-owed = Not owed
list-column-median-school-days = Median, school days
list-column-ninetieth-school-days = Nine in ten, school days
list-column-open-at-5 = Open at 5 days
list-column-open-at-10 = Open at 10 days
list-column-open-at-15 = Open at 15 days
list-column-from-school-days = From, school days
list-column-to-school-days = To, school days
list-column-first-responses = First responses
list-column-at-5 = At 5 days
list-column-at-10 = At 10 days
list-column-at-15 = At 15 days
list-column-at-no-level = At no level
list-column-absent-before-percent = Absent before, %
list-column-absent-after-percent = Absent after, %
list-column-absent-less = Absent less
exports-title = Files taken away
exports-about = Who took which list away as a file
exports-lead = Each time somebody takes a list as a file, it is written down here: never what stood in it, nor what was searched for. A file that has left is looked after by whoever took it.
exports-none = Nobody has taken a list away.
exports-first = The latest { $count } are listed.
exports-when = When
exports-who = Who
exports-list = List
exports-as = As
exports-rows = Rows
list-webhooks = Webhooks
list-column-receiver = Receiver
list-column-events = Events
list-column-failing-since = Failing since
list-api = Programs with access
list-column-client-id = Client ID
list-column-scopes = May
list-column-requests = Requests
# The connection with KAMAR.
kamar-title = KAMAR
kamar-about = Taking students, marks and calendar from KAMAR by itself, what came and when, and whether it has fallen silent.
kamar-state-on = KAMAR sends by itself, and what it sends is taken.
kamar-state-waiting = Switched on. Nothing has come from KAMAR yet.
kamar-state-off = Switched off: what KAMAR sends is not taken.
kamar-state-none = Not connected.
kamar-last-life = Last heard from KAMAR
kamar-last-names = Everybody’s names last came
kamar-never = never
kamar-steps = How to connect
kamar-what = KAMAR’s Directory Services send students, staff, marks, the calendar and pastoral records about attendance every day at the time you choose. Passwords, photos, addresses, health and every other kind of pastoral record are dropped while they are read and never kept.
kamar-step-password = Make a user name and a password below. The password is shown once.
kamar-step-service = In KAMAR, as an administrator, open Setup, then Server, then Directory Services, choose New Service and type this. The address has no https:// before it.
kamar-step-on = Switch on below, so that what KAMAR sends is taken.
kamar-step-check = In KAMAR, choose Check and Enable. KAMAR asks whether we are there, shows what we ask for, and waits for you to tick it.
kamar-step-send = Let it send everything once, outside school hours, and then daily, before school. It appears below.
kamar-asks = Asked for: names, years and groups of students and staff, marks, timetables, the calendar, pastoral records. Leave out whatever your school does not want to send; of pastoral records only those of type A, about attendance, are kept.
kamar-address = Address
kamar-port = Port
kamar-format = Format
kamar-user-name = User name
kamar-user-name-hint = Older versions of KAMAR want it empty. No colon.
kamar-user-name-empty = leave empty
kamar-password = Password
kamar-password-is = There is a password. It cannot be shown again; make another if it is lost, and type it into KAMAR.
kamar-password-none = There is no password yet.
kamar-own-password = A password of your own, if you must
kamar-own-password-hint = Leave it empty and a random one is made. Your own has at least 16 characters.
kamar-password-make = Make a password
kamar-password-change = Make another password
kamar-password-end = End the password and switch off
kamar-password-title = KAMAR’s password
kamar-password-once = This password is shown once. Type it into KAMAR now.
kamar-password-before = A password from before no longer works.
kamar-password-on = What KAMAR sends with it is taken from now on.
kamar-password-off = Nothing is taken until you switch on.
kamar-password-next = I have typed it into KAMAR
kamar-switch = Switch on or off
kamar-is-on = Take what KAMAR sends
kamar-hours = Hours of silence before we tell you
kamar-hours-hint = KAMAR sends daily, and asks each morning between four and five whether we are there. 26 hours allow for a late night.
kamar-suffix-title = For services that KAMAR has given a suffix
kamar-suffix = Suffix
kamar-suffix-hint = Few services have one. It is kept sealed and never shown.
kamar-suffix-kept = One is kept. Type another to take its place.
kamar-suffix-remove = Take the suffix away
kamar-slots = When the slots of the day begin
kamar-slots-about = KAMAR sends a letter for each of up to ten slots of a day and says nothing of their times, by which half-days are counted: a slot that begins before noon belongs to the morning.
kamar-slots-assumed = These times are only assumed. Put in your own bell times, so that the half-days are yours.
kamar-slots-hint = Leave both fields empty for a slot in which no roll is taken. Marks of the present term that came from KAMAR are counted again by the new times, unless a person corrected them; earlier terms stay as they are.
kamar-slots-save = Save the times
kamar-slot = Slot { $slot }
kamar-slot-number = Slot
kamar-slot-start = Begins
kamar-slot-minutes = Minutes
kamar-slot-none = no roll
kamar-slot-length = { $minutes } minutes
kamar-came = What came
kamar-nothing-came = Nothing has come yet.
kamar-at = When
kamar-kind = What
kamar-size = Size
kamar-records = Records kept
kamar-result = Result
kamar-look = Look
kamar-bytes = { $size } B
kamar-kilobytes = { $size } kB
kamar-megabytes = { $size } MB
kamar-kind-none = could not be read
kamar-kind-check = A check
kamar-kind-full = Everybody
kamar-kind-part = People who changed
kamar-kind-attendance = Marks
kamar-kind-pastoral = Pastoral records
kamar-kind-calendar = Calendar
kamar-kind-studenttimetables = Timetables
kamar-kind-stafftimetables = Staff timetables
kamar-kind-assessments = Assessments
kamar-kind-results = Results
kamar-kind-bookings = Bookings
kamar-kind-notices = Notices
kamar-kind-recognitions = Recognitions
kamar-kind-recognitionoptions = Kinds of recognitions
kamar-kind-classefforts = Class efforts
kamar-kind-photos = Photos
kamar-kind-staffphotos = Photos of staff
kamar-kind-subjects = Subjects
kamar-result-kept = kept
kamar-result-received = kept, is being worked
kamar-result-review = waits until somebody has looked
kamar-result-refused = could not be worked
kamar-result-discarded = discarded
kamar-result-undone = undone
kamar-problems = { $count ->
    [one] 1 problem
   *[other] { $count } problems
}
kamar-result-known = the same as before
kamar-result-check = answered
kamar-result-dropped = not needed, dropped
kamar-result-nothing = nothing in it to keep
kamar-result-other-school = another school’s, nothing kept
kamar-result-unreadable = could not be read
kamar-result-empty = empty
kamar-alarm-silent = KAMAR has not sent anything since { $since }. Look in KAMAR under Directory Services whether the service is still enabled, choose Check and Enable, and send everything once. Nothing that is here is lost.
kamar-alarm-names = KAMAR has not sent everybody’s names since { $since }, so students who came or left may be missing. In KAMAR, send everything once.
kamar-alarm-refused = A push from KAMAR was refused ({ $at }).
kamar-alarm-waits = What KAMAR sent { $at } waits until somebody has looked: many students would leave. Open it on the connection’s page, and store it or discard it.
kamar-alarm-not-worked = What KAMAR sent { $at } could not be worked. The connection’s page says why.
kamar-refused-password = It brought another user name or password: type those of this page into KAMAR, or make new ones.
kamar-refused-too-many = So many pushes brought a wrong password that none is looked at for some minutes. If it was not you, make another password.
kamar-refused-missing = It brought no password: type user name and password into KAMAR.
kamar-refused-off = It came while this was switched off.
kamar-refused-other-school = It names another school’s number: nothing of it was kept. Look which school’s service in KAMAR leads here.
kamar-refused-unreadable = It could not be read. In KAMAR, choose the format JSON and send again.
kamar-refused-too-large = It is larger than 64 MiB. In KAMAR, leave photos and results out.
kamar-alarm-link = Look at the connection
kamar-privacy-statement = { $school } uses Starboard to follow up absence. From KAMAR it takes the names, National Student Numbers, year levels, groups and enrolment dates of students, the names and work e-mail addresses of staff, attendance codes, the school’s calendar and timetables, and pastoral records about attendance alone. Passwords, photos, addresses, caregivers, health, learning support, results and every other pastoral record are dropped while they are read and never kept. What is kept stays with the school, is used for attendance only, and is shown to staff who need it. The school decides what is shared with the Ministry of Education.
kamar-differences-title = Where KAMAR counts otherwise
kamar-differences-lead = KAMAR counts half-days itself and sends them along. Where its figures of a day are not ours, both stand here. Ours follow from the marks and are not changed by it.
kamar-differences-why = Open a line to see how ours were counted. The usual causes: the times of the slots, a code that KAMAR counts in another class, a mark that was corrected in one place only.
kamar-differences-count = { $count ->
    [0] No day is counted otherwise
    [one] 1 day of a student is counted otherwise
   *[other] { $count } days of students are counted otherwise
}
kamar-differences-none = { $count ->
    [0] KAMAR has sent no totals for this term.
    [one] 1 day of a student was compared: KAMAR counts it as we do.
   *[other] { $count } days of students were compared: KAMAR counts all of them as we do.
}
kamar-differences-first = { $count ->
    [one] The first of them is listed.
   *[other] The first { $count } are listed.
}
list-kamar-differences = Where KAMAR counts otherwise
list-column-kamar-unjustified = KAMAR: unjustified
list-column-kamar-justified = KAMAR: justified
list-column-kamar-present = KAMAR: present
list-column-counted-unjustified = counted: unjustified
list-column-counted-justified = counted: justified
list-column-counted-present = counted: present
list-column-kamar-codes = KAMAR's codes
list-column-kamar-classes = KAMAR's classes
kamar-day = Day
kamar-theirs = KAMAR counts
kamar-ours = We count
kamar-sent = What KAMAR sent
kamar-codes = codes
kamar-classes = classes
kamar-unjustified = unjustified
kamar-justified = justified
kamar-present = present
kamar-unsaid = –
review-kamar = Where KAMAR counts otherwise
review-kamar-about = Days on which KAMAR’s own half-days differ from those that follow from the marks.
web-done-kamar-saved = Saved.
web-done-kamar-ended = The password has ended. Nothing is taken from KAMAR until you make another and switch on.
web-done-kamar-slots = Saved. Marks of this term that came from KAMAR were counted again.

# What KAMAR says was done.
candidates-title = From KAMAR, to confirm
candidates-lead = KAMAR says that this was done about attendance. Nothing of it is recorded by itself: record it as a response, with the type that fits, or say that it is none.
candidates-none = Nothing from KAMAR waits for you.
candidates-count = { $count ->
    [0] Nothing from KAMAR waits for you
    [one] 1 record from KAMAR waits for somebody to confirm it
   *[other] { $count } records from KAMAR wait for somebody to confirm them
}
candidates-link = Look at them
candidates-level = Level
candidates-no-level = none reached
candidates-says = What KAMAR says
candidates-reason = Reason
candidates-action = Action
candidates-more = Also
candidates-by = By
candidates-record = Record as response
candidates-dismiss = Not a response
candidates-note = From KAMAR, { $date }
web-done-candidate-recorded = Recorded.
web-done-candidate-dismissed = Noted: it is not a response.
