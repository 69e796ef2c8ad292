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
