/** English: what the door says. */
export default {
  // What is said of a ticket, large
  "verdict.admitted": "Admitted",
  "verdict.used": "Already used",
  "verdict.other": "Another event",
  "verdict.cancelled": "Cancelled",
  "verdict.forged": "Not genuine",
  "verdict.unknown": "Not checked",

  // And why
  "door.since": "since {time}",
  "door.since-at": "since {time}, at {gate}",
  "door.for": "It is for {event}, {time}",
  "door.for-some": "Which one cannot be told without a network",
  "door.given-back": "The seat may belong to somebody else now",
  "door.not-ours": "This code was not made here",
  "door.not-listed": "Not on the list of {time}; what was bought since is not on it",
  "door.no-list": "There is no network, and no list to look at",
  "door.by-list": "Without a network, by the list of {time}",
  "door.next": "Next ticket",

  // The page
  "door.page": "Door: {event}",
  "door.result": "Result",
  "door.begin": "Who comes in here?",
  "door.gate": "Name of this door",
  "door.gate-hint": "North entrance",
  "door.no-gate": "This door has no name",
  "door.rename": "Change",
  "door.waits": "Scan a ticket, or type its code.",
  "door.code": "Code of a ticket",
  "door.code-hint": "A hand scanner may type at any time. Spaces and small letters do not matter.",
  "door.check": "Check",
  "door.inside": "Let in",
  "door.of": "of {count}",
  "door.as-of": "As of {time}",
  "door.sound": "Sound",
  "door.last": "Last tickets",
  "door.closed": "This door cannot be open any more",

  // The camera
  "camera.start": "Start the camera",
  "camera.stop": "Stop the camera",
  "camera.without": "Go on without it",
  "camera.stays": "The picture stays in this browser. Nothing of it is kept or sent.",
  "camera.hold-up": "Hold the code into the frame",
  "camera.denied": "This page may not use the camera. Allow it in the browser’s settings for this site, or type the codes.",
  "camera.none": "There is no camera here. Type the codes, or use a hand scanner.",
  "camera.busy": "Another program has the camera. Close it, and start the camera again.",
  "camera.insecure": "Browsers lend a camera only to pages with https. Type the codes, or use a hand scanner.",
  "camera.failed": "The camera could not be started. Type the codes, or use a hand scanner.",
  "camera.ended": "The camera was taken away. Start it again, or type the codes.",

  // Without the server
  "door.offline": "No network since {time}. Tickets are checked with the list of {list}.",
  "door.offline-no-list": "No network, and no list of tickets yet: nobody can be checked.",
  "door.signed-out": "Your sign-in has ended. Tickets are checked with the list, and nothing is lost.",
  "door.waiting": { one: "{count} admission waits to be reported.", other: "{count} admissions wait to be reported." },
  "door.reported": { one: "{count} admission was reported.", other: "{count} admissions were reported." },
  "door.refused": "Let in at {time}, but not known to the server: {seat}",

  // Twice in
  "door.doubles": "Double entries",
  "door.doubles-hint": "Let in while a door had no network, with a ticket that was used or cancelled elsewhere.",
  "door.first": "First: {gate}, {time}",
  "door.second": "Again: {gate}, {time}",
  "door.was-cancelled": "Its booking was cancelled",
  "door.some-gate": "a door without a name",
};
