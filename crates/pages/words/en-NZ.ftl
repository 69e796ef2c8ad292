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
